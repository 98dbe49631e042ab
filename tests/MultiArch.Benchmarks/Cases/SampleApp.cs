using System.Globalization;
using MultiArch.Benchmarks.Measuring;
using MultiArch.Testing;

namespace MultiArch.Benchmarks.Cases;

/// <summary>The app that is published: a web app, a library that it refers to, and a NuGet package with native assets.</summary>
/// <remarks>All contenders get the same project, but for the reference to our package.</remarks>
internal sealed class SampleApp
{
    /// <summary>Conditional, since the .NET SDK makes a single image of a project that says it of every build.</summary>
    public const string SelfContained = "<SelfContained Condition=\"'$(RuntimeIdentifier)' != ''\">true</SelfContained>";

    /// <summary>Without what is not to be had of the packs of all four: an executable for each platform.</summary>
    public const string FourPlatforms =
        "<UseAppHost>false</UseAppHost><EnableAppHostPackDownload>false</EnableAppHostPackDownload><EnableRuntimePackDownload>false</EnableRuntimePackDownload>"
        + "<RuntimeIdentifiers>linux-x64;linux-arm64;linux-arm;linux-s390x</RuntimeIdentifiers>";

    public static IReadOnlyList<string> TwoPlatforms { get; } = ["linux-x64", "linux-arm64"];

    private readonly Workspace _workspace;
    private readonly string _root;

    private SampleApp(Workspace workspace, string root)
    {
        _workspace = workspace;
        _root = root;
    }

    /// <summary>The absolute path of the project's folder.</summary>
    public string Folder => Path.Combine(_root, "app");

    public static async Task<SampleApp> CreateAsync(Workspace workspace, string name, bool withPackage, string properties)
    {
        var app = new SampleApp(workspace, workspace[name]);
        var reference = withPackage ? $"""<PackageReference Include="MultiArch.Build" Version="{PackedPackage.Version}" PrivateAssets="all" />""" : "";
        app.Write("Directory.Build.props", "<Project />\n");
        app.Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="multiarch-benchmarks" value="{await PackedPackage.GetFeedAsync()}" />
              </packageSources>
            </configuration>

            """);
        app.Write("library/library.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>{TestProject.Framework}</TargetFramework></PropertyGroup>
            </Project>

            """);
        app.Write("library/Greeting.cs", "namespace Library;\n\npublic static class Greeting\n{\n    public static string Text => \"hello\";\n}\n");
        app.Write("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>{TestProject.Framework}</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../library/library.csproj" />
                <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
                {reference}
              </ItemGroup>
            </Project>

            """);
        app.Write("app/appsettings.json", "{}\n");
        app.Change(0);
        await app.RestoreAsync();
        return app;
    }

    public Task RestoreAsync() => _workspace.DotnetAsync(Folder, "restore");

    /// <summary>Another constant in one line of the app.</summary>
    public void Change(int number) => Write("app/Program.cs", string.Create(CultureInfo.InvariantCulture, $"""
        var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapGet("/", () => Library.Greeting.Text + new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder("Data Source=greetings.db").DataSource);
        app.MapGet("/number", () => {number});
        app.Run();

        """));

    /// <summary>Removes what was built, and leaves what was restored.</summary>
    public void RemoveBuild()
    {
        foreach (var project in new[] { "app", "library" })
        {
            foreach (var folder in new[] { "bin", "obj/Release", "obj/multiarch/Release" })
            {
                Remove(Path.Combine(_root, project, folder));
            }
        }
    }

    /// <summary>Removes all that a checkout does not have.</summary>
    public void RemoveAll()
    {
        foreach (var project in new[] { "app", "library" })
        {
            Remove(Path.Combine(_root, project, "bin"));
            Remove(Path.Combine(_root, project, "obj"));
        }
    }

    public MeasuredCommand Dotnet(params IEnumerable<string> arguments) => new(["dotnet", .. arguments], Folder, _workspace.DotnetEnvironment());

    /// <param name="baseImage">Repository and tag, in the registry that the result goes to.</param>
    public MeasuredCommand PublishOurs(Run run, string baseImage, IEnumerable<string> runtimeIdentifiers) =>
        Dotnet(["publish", "-c", "Release", "-p:PublishMultiArch=true", .. Destination(run, baseImage, runtimeIdentifiers)]);

    public MeasuredCommand PublishSdk(Run run, string baseImage, IEnumerable<string> runtimeIdentifiers) =>
        Dotnet(["publish", "-c", "Release", "-t:PublishContainer", "-p:ContainerImageFormat=OCI", .. Destination(run, baseImage, runtimeIdentifiers)]);

    /// <summary>Path below the app's and the library's folder, and time of the last change, of every file.</summary>
    public IReadOnlyDictionary<string, DateTime> FileTimes() =>
        Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(_root, file), File.GetLastWriteTimeUtc);

    private static string[] Destination(Run run, string baseImage, IEnumerable<string> runtimeIdentifiers) =>
    [
        $"-p:ContainerRegistry={run.RegistryName}",
        $"-p:ContainerRepository={run.Repository}",
        $"-p:ContainerBaseImage={run.RegistryName}/{baseImage}",
        $"-p:ContainerRuntimeIdentifiers=\"{string.Join(';', runtimeIdentifiers)}\"",
    ];

    private void Write(string relativePath, string content)
    {
        var path = Path.Combine(_root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
