using System.Security;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a project says arrives on every platform as it was said: the SDK's multi-platform path cuts values at a colon.</summary>
[TestClass]
public sealed class HostileValuesTests
{
    private static readonly (string Name, string Value)[] Values =
    [
        ("URLS", "http://+:8080;https://*:8443"),
        ("COLON", "a:b::c"),
        ("SEMICOLON", "one;two;;three;"),
        ("EQUALS", "k=v=w=="),
        ("PERCENT", "100% %41 %3B %25"),
        ("COMMA", "a,b,,c"),
        ("DOLLAR", "$(NotAProperty) $HOME @(Item) $$"),
        ("QUOTES", "say \"hi\" to 'me' `now`"),
        ("SPACES", "  leading and trailing  "),
        ("UNICODE", "Grüße, 世界 🚀 é"),
        ("BACKSLASH", @"C:\temp\new\"),
        ("NEWLINE", "first\nsecond"),
        ("STAR", "**/*.cs"),
        ("EMPTY", ""),
    ];

    [TestMethod]
    public async Task Labels_and_environment_variables_arrive_unharmed_on_both_platforms()
    {
        var items = Values.Select(value => $"""
            <ContainerLabel Include="label.{value.Name}" Value="{Escape(value.Value)}" />
            <ContainerEnvironmentVariable Include="{value.Name}" Value="{Escape(value.Value)}" />
            """);
        using var project = await TestProject.ConsoleAsync($"<ItemGroup>{string.Concat(items)}</ItemGroup>");

        (await project.PublishAsync()).ShouldSucceed();

        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            foreach (var (name, value) in Values)
            {
                Assert.AreEqual(value, image.Labels[$"label.{name}"], $"{image.Platform}: label {name}");
                Assert.Contains($"{name}={value}", image.Environment, $"{image.Platform}: variable {name}");
            }
        }
    }

    [TestMethod]
    [DataRow("linux-x64;linux-arm64")]
    [DataRow("linux-arm64;linux-x64")]
    public async Task Conditions_on_the_RuntimeIdentifier_hold_for_each_platform_first_or_not(string order)
    {
        using var project = await TestProject.ConsoleAsync($"""
            <PropertyGroup><ContainerRuntimeIdentifiers>{order}</ContainerRuntimeIdentifiers></PropertyGroup>
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-x64'"><ContainerUser>1000</ContainerUser><Cpu>x</Cpu></PropertyGroup>
            <PropertyGroup Condition="'$(RuntimeIdentifier)' == 'linux-arm64'"><ContainerUser>1001</ContainerUser><Cpu>arm</Cpu></PropertyGroup>
            <ItemGroup><ContainerEnvironmentVariable Include="CPU" Value="$(Cpu)" /></ItemGroup>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.Contains("CPU=x", layout["linux/amd64"].Environment);
        Assert.Contains("CPU=arm", layout["linux/arm64"].Environment);
        Assert.AreEqual("1000", layout["linux/amd64"].Config.Config!.User);
        Assert.AreEqual("1001", layout["linux/arm64"].Config.Config!.User);
    }

    [TestMethod]
    public async Task Ports_description_and_created_time_are_written_as_the_SDK_writes_them()
    {
        using var project = await TestProject.WebAsync("""
            <PropertyGroup>
              <Description>First; second: 100%25</Description>
              <MultiArchCreated>2026-01-31T12:00:00+02:00</MultiArchCreated>
            </PropertyGroup>
            <ItemGroup>
              <ContainerPort Include="9000" Type="udp" />
              <ContainerEnvironmentVariable Include="ASPNETCORE_HTTP_PORTS" Value="8080;8081" />
              <ContainerLabel Include="org.opencontainers.image.version" Value="mine" />
            </ItemGroup>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            Assert.AreEqual("8080/tcp 8081/tcp 9000/udp", string.Join(' ', image.Config.Config!.ExposedPorts!.Keys));
            Assert.AreEqual("First; second: 100%", image.Labels["org.opencontainers.image.description"]);
            Assert.AreEqual("2026-01-31T10:00:00Z", image.Labels["org.opencontainers.image.created"]);
            Assert.AreEqual("2026-01-31T10:00:00Z", image.Config.Created);
            Assert.AreEqual("mine", image.Labels["org.opencontainers.image.version"], "What the project sets itself is left alone.");
        }
    }

    /// <summary>For a project file: MSBuild's escapes for what it would expand, XML's for the rest.</summary>
    private static string Escape(string value) =>
        SecurityElement.Escape(value.Replace("%", "%25").Replace("$", "%24").Replace("@", "%40").Replace("*", "%2A"))!
            .Replace("\n", "&#10;", StringComparison.Ordinal);
}
