namespace MultiArch.Build.Tests;

/// <summary>Label for label, and base, command and names with them, a project comes to what the installed SDK's own targets come to.</summary>
[TestClass]
public sealed class LabelTests
{
    private const string Metadata = """
        <Description>A description</Description>
        <Authors>Ada;Grace</Authors>
        <PackageProjectUrl>https://example.com:8080/a?b=c</PackageProjectUrl>
        <PackageVersion>1.2.3-beta</PackageVersion>
        <PackageLicenseExpression>MIT</PackageLicenseExpression>
        <Title>A title</Title>
        <ContainerVendor>A vendor</ContainerVendor>
        <PublishRepositoryUrl>true</PublishRepositoryUrl>
        <RepositoryType>git</RepositoryType>
        <PrivateRepositoryUrl>https://example.com/a.git/b.git</PrivateRepositoryUrl>
        <SourceRevisionId>0123456789</SourceRevisionId>
        """;

    private static readonly string[] Switches =
    [
        "ImageCreated", "ImageDescription", "ImageAuthors", "ImageUrl", "ImageDocumentation", "ImageSource", "ImageVersion", "ImageRevision", "ImageVendor", "ImageLicenses", "ImageTitle",
        "ImageBaseDigest", "ImageBaseName", "DotnetToolset",
    ];

    private static readonly Dictionary<string, string> Projects = new()
    {
        ["plain"] = "",
        ["metadata"] = Properties(Metadata),
        ["values of their own"] = Properties(Metadata + """
            <ContainerDescription>d</ContainerDescription><ContainerAuthors>a</ContainerAuthors><ContainerInformationUrl>i</ContainerInformationUrl>
            <ContainerDocumentationUrl>u</ContainerDocumentationUrl><ContainerVersion>v</ContainerVersion><ContainerLicenseExpression>l</ContainerLicenseExpression><ContainerTitle>t</ContainerTitle>
            """),
        ["half of the switches"] = Properties(Metadata + Off(Switches.Where((_, i) => i % 2 == 0))),
        ["other half of the switches"] = Properties(Metadata + Off(Switches.Where((_, i) => i % 2 == 1))),
        ["a switch that is no boolean"] = Properties(Metadata + "<ContainerGenerateLabelsImageTitle>no</ContainerGenerateLabelsImageTitle><ContainerGenerateLabelsImageUrl>TRUE</ContainerGenerateLabelsImageUrl>"),
        ["no labels"] = Properties(Metadata + "<ContainerGenerateLabels>false</ContainerGenerateLabels>"),
        ["repository not published"] = Properties(Metadata.Replace("<PublishRepositoryUrl>true", "<PublishRepositoryUrl>false")),
        ["repository of another type"] = Properties(Metadata.Replace("<RepositoryType>git", "<RepositoryType>svn")),
        ["repository without its ending"] = Properties(Metadata.Replace(".git</Private", "</Private")),
        ["web"] = """<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>""",
        ["self-contained for publish"] = Properties("<PublishSelfContained>true</PublishSelfContained>"),
        ["self-contained"] = Properties("<SelfContained>true</SelfContained>"),
        ["native"] = Properties("<PublishAot>true</PublishAot>"),
        ["trimmed invariant"] = Properties("<PublishTrimmed>true</PublishTrimmed><InvariantGlobalization>true</InvariantGlobalization>"),
        ["single file"] = Properties("<PublishSingleFile>true</PublishSingleFile>"),
        ["musl"] = Properties("<RuntimeIdentifier>linux-musl-arm64</RuntimeIdentifier>"),
        ["family"] = Properties("<ContainerFamily>noble-chiseled</ContainerFamily>"),
        ["older framework"] = Properties("<TargetFramework>net9.0</TargetFramework>"),
        ["no apphost"] = Properties("<UseAppHost>false</UseAppHost>"),
        ["a folder"] = Properties("<ContainerWorkingDirectory>/srv/</ContainerWorkingDirectory>"),
        ["no command"] = Properties("<ContainerAppCommandInstruction>None</ContainerAppCommandInstruction>"),
        ["a command"] = """<ItemGroup><ContainerAppCommand Include="a;b" /></ItemGroup>""",
        ["names of Visual Studio"] = Properties("<RegistryUrl>ghcr.io</RegistryUrl><PublishImageTag>7</PublishImageTag><ContainerImageTag>8</ContainerImageTag><ContainerRegistry>other.io</ContainerRegistry>"),
        ["an old name"] = Properties("<ContainerImageName>old/name</ContainerImageName>"),
        ["hooks"] = """
            <Target Name="BeforeBase" BeforeTargets="ComputeContainerBaseImage"><PropertyGroup><ContainerFamily>alpine</ContainerFamily></PropertyGroup></Target>
            <Target Name="AfterBase" AfterTargets="ComputeContainerBaseImage"><PropertyGroup><ContainerBaseImage>$(ContainerBaseImage.Replace('mcr.microsoft.com', 'mirror.example'))</ContainerBaseImage></PropertyGroup></Target>
            <Target Name="BeforeConfig" BeforeTargets="ComputeContainerConfig">
              <PropertyGroup><Title>From a hook</Title><ContainerRepository>hook/app</ContainerRepository></PropertyGroup>
              <ItemGroup><ContainerAppCommand Include="$(ContainerWorkingDirectory)more" /></ItemGroup>
            </Target>
            <Target Name="AfterConfig" AfterTargets="ComputeContainerConfig"><ItemGroup><ContainerLabel Include="base" Value="$(ContainerBaseImage)" /></ItemGroup></Target>
            """,
    };

    [TestMethod]
    public async Task A_project_comes_to_what_the_SDKs_targets_come_to()
    {
        var lines = await ContainerProjects.ComputeAsync(Projects);

        foreach (var (project, (theirs, ours)) in lines)
        {
            // Two labels are written when the image is put together, so that the time is not that of the build and the base is named in full.
            var expected = theirs
                .Where(line => !line.StartsWith("label org.opencontainers.image.base.name=", StringComparison.Ordinal))
                .Where(line => !line.Contains(".created=", StringComparison.Ordinal));
            Assert.AreEqual(Text(expected), Text(ours), project);
        }

        var hooks = lines["hooks"].Ours;
        Assert.Contains("label base=mirror.example/dotnet/runtime:10.0-alpine", hooks);
        Assert.Contains("label org.opencontainers.image.title=From a hook", hooks);
    }

    [TestMethod]
    public async Task Where_it_differs_the_SDKs_way_does_not_start_or_loses_what_was_said()
    {
        var lines = await ContainerProjects.ComputeAsync(new Dictionary<string, string>
        {
            ["single file"] = Properties("<PublishSingleFile>true</PublishSingleFile><SelfContained>false</SelfContained>"),
            ["folder"] = Properties("<ContainerWorkingDirectory>/srv</ContainerWorkingDirectory>"),
            ["label"] = Properties(Metadata) + """<ItemGroup><ContainerLabel Include="org.opencontainers.image.title" Value="mine" /></ItemGroup>""",
            ["tag"] = Properties("<AutoGenerateImageTag>true</AutoGenerateImageTag>"),
        });

        // There is no such file: a single file holds it.
        Assert.Contains("command=/app/Hello.World.dll", lines["single file"].Theirs);
        Assert.AreEqual("command=/app/Hello.World", Commands(lines["single file"].Ours));

        Assert.Contains("command=/srvHello.World.dll", lines["folder"].Theirs);
        Assert.AreEqual("command=/srv/Hello.World.dll command=dotnet", Commands(lines["folder"].Ours));

        Assert.Contains("label org.opencontainers.image.title=A title", lines["label"].Theirs);
        Assert.DoesNotContain("label org.opencontainers.image.title=A title", lines["label"].Ours);
        Assert.Contains("label org.opencontainers.image.title=mine", lines["label"].Ours);

        // Of the same form, but with 24 hours.
        Assert.MatchesRegex("^tag=[0-9]{14}$", lines["tag"].Theirs.Single(line => line.StartsWith("tag=", StringComparison.Ordinal)));
        Assert.MatchesRegex("^tag=[0-9]{14}$", lines["tag"].Ours.Single(line => line.StartsWith("tag=", StringComparison.Ordinal)));
    }

    private static string Commands(IEnumerable<string> lines) => string.Join(' ', lines.Where(line => line.StartsWith("command=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static string Properties(string properties) => $"<PropertyGroup>{properties}</PropertyGroup>";

    private static string Off(IEnumerable<string> switches) =>
        string.Concat(switches.Select(name => $"<ContainerGenerateLabels{name}>false</ContainerGenerateLabels{name}>"));
}
