using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A solution's apps are published in parallel, what they share is compiled once, and what is no app is passed over.</summary>
[TestClass]
public sealed class SolutionTests
{
    [TestMethod]
    [DataRow("-m")]
    [DataRow("-graph")]
    [DataRow("-mt")]
    public async Task Each_app_has_its_image_and_the_shared_library_is_compiled_once(string how)
    {
        using var orders = await CreateAsync();
        var root = Path.GetDirectoryName(orders.Folder)!; // above is the solution's folder

        var publish = (await orders.DotnetAsync("publish", "../app.slnx", "-p:PublishMultiArch=true", how, "-bl:publish.binlog")).ShouldSucceed();

        var log = BinaryLog.Read(Path.Combine(orders.Folder, "publish.binlog"));
        foreach (var project in new[] { "orders", "billing", "shared" })
        {
            Assert.AreEqual(1, log.CountTasks("Csc", $"{project}.csproj"), $"{project} is compiled once.");
        }

        foreach (var app in new[] { "orders", "billing" })
        {
            var layout = OciLayout.Read(Path.Combine(root, app, "bin", "Release", TestProject.Framework, "image"));
            Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
            Assert.IsTrue(layout["linux/arm64"].Entries.Any(entry => entry.Name == "app/shared.dll"));
        }

        foreach (var other in new[] { "shared", "tests" })
        {
            Assert.Contains($"{other}: no image is made of", publish.Output);
            Assert.IsFalse(Directory.Exists(Path.Combine(root, other, "bin", "Release", TestProject.Framework, "publish")));
        }
    }

    [TestMethod]
    public async Task A_library_or_a_test_project_named_itself_is_an_error()
    {
        using var orders = await CreateAsync();

        foreach (var project in new[] { "shared", "tests" })
        {
            var error = (await orders.DotnetAsync("publish", $"../{project}/{project}.csproj", "-p:PublishMultiArch=true")).ShouldFailWith("MARCH1013");

            Assert.Contains($"'{project}'", error);
        }
    }

    /// <summary>Two services, their library, and its tests; all of them have the package.</summary>
    private static async Task<TestProject> CreateAsync()
    {
        const string uses = """<ItemGroup><ProjectReference Include="../shared/shared.csproj" /></ItemGroup>""";
        const string program = "System.Console.WriteLine(Shared.Name);\n";
        var orders = (await TestProject.ConsoleAsync(uses, name: "orders", folder: "orders")).With("Program.cs", program);
        var service = await File.ReadAllTextAsync(Path.Combine(orders.Folder, "orders.csproj"));
        File.Move(Path.Combine(orders.Folder, "nuget.config"), Path.Combine(orders.Folder, "..", "nuget.config"));
        return orders
            .With("../billing/billing.csproj", service)
            .With("../billing/Program.cs", program)
            .With("../tests/tests.csproj", service.Replace("<ImplicitUsings>", "<IsTestProject>true</IsTestProject><ImplicitUsings>", StringComparison.Ordinal))
            .With("../tests/Program.cs", program)
            .With("../shared/shared.csproj", service.Replace(uses, "", StringComparison.Ordinal).Replace("<OutputType>Exe</OutputType>", "", StringComparison.Ordinal))
            .With("../shared/Shared.cs", "public static class Shared { public static string Name => \"shared\"; }\n")
            .With("../app.slnx", """
                <Solution>
                  <Project Path="orders/orders.csproj" />
                  <Project Path="billing/billing.csproj" />
                  <Project Path="shared/shared.csproj" />
                  <Project Path="tests/tests.csproj" />
                </Solution>
                """);
    }
}
