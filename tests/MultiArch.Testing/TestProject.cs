namespace MultiArch.Testing;

/// <summary>A user's project in a folder of its own, which gets this package from a feed as a user would.</summary>
public sealed class TestProject : IDisposable
{
    public const string Framework = "net10.0";

    private readonly TempDirectory _folder = new();

    private TestProject(string name, string folder)
    {
        Name = name;
        Folder = folder.Length > 0 ? _folder[folder] : _folder.Path;
    }

    public string Name { get; }

    /// <summary>The absolute path of the project's folder.</summary>
    public string Folder { get; }

    /// <summary>Where the image goes when no destination is named.</summary>
    public string ImageFolder => Path.Combine(Folder, "bin", "Release", Framework, "image");

    /// <summary>A console app that writes one line.</summary>
    /// <param name="body">What its project file says beside the usual.</param>
    /// <param name="folder">The name of the project's folder, where it matters.</param>
    public static Task<TestProject> ConsoleAsync(string body = "", string name = "hello", string folder = "", PackageForm form = PackageForm.Reference) =>
        CreateAsync(name, folder, "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", body, "System.Console.WriteLine(\"hello\");\n", form);

    /// <summary>A web app that answers <c>/</c>.</summary>
    public static Task<TestProject> WebAsync(string body = "", string name = "web", string folder = "", PackageForm form = PackageForm.Reference) =>
        CreateAsync(name, folder, "Microsoft.NET.Sdk.Web", "", body, "var app = WebApplication.CreateSlimBuilder(args).Build();\napp.MapGet(\"/\", () => \"hello\");\napp.Run();\n", form);

    /// <summary>A Visual Basic console app that writes one line.</summary>
    public static Task<TestProject> VisualBasicAsync(string body = "", string name = "basic") =>
        CreateAsync(name, "", "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", body, "Module Program\n  Sub Main()\n    System.Console.WriteLine(\"hello\")\n  End Sub\nEnd Module\n", language: "vb");

    /// <summary>An F# console app that writes one line.</summary>
    public static Task<TestProject> FSharpAsync(string body = "", string name = "sharp") =>
        CreateAsync(name, "", "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", $"<ItemGroup><Compile Include=\"Program.fs\" /></ItemGroup>{body}", "printfn \"hello\"\n", language: "fs");

    /// <summary>Writes a file of the project.</summary>
    public TestProject With(string relativePath, string content)
    {
        var path = Path.Combine(Folder, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    /// <summary><c>dotnet publish -p:PublishMultiArch=true</c> with more arguments.</summary>
    public Task<CommandResult> PublishAsync(params IEnumerable<string> arguments) => DotnetAsync(["publish", "-p:PublishMultiArch=true", .. arguments]);

    /// <summary>Runs the .NET CLI in the project's folder, and builds on a <see cref="BuildServer"/>.</summary>
    public Task<CommandResult> DotnetAsync(params IEnumerable<string> arguments) => BuildServer.DotnetAsync(Folder, arguments);

    /// <summary>The same, building in the process that was started: one whose command line names what is built.</summary>
    public Task<CommandResult> DotnetInProcessAsync(params IEnumerable<string> arguments) => Dotnet(arguments).RunAsync();

    /// <inheritdoc cref="DotnetInProcessAsync"/>
    public CommandLine Dotnet(params IEnumerable<string> arguments) => new("dotnet", [.. arguments, "-nodeReuse:false", "--tl:off"])
    {
        WorkingDirectory = Folder,
        Environment = CliEnvironment,
    };

    /// <summary>English, one package cache and one compiler for all projects, and no server that outlives the run.</summary>
    public static IReadOnlyDictionary<string, string?> CliEnvironment { get; } = new Dictionary<string, string?>(CompilerServer.Variables)
    {
        ["NUGET_PACKAGES"] = PackedPackage.Cache,
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["TERM"] = "dumb",
    };

    public void Dispose() => _folder.Dispose();

    private static async Task<TestProject> CreateAsync(string name, string folder, string sdk, string properties, string body, string program, PackageForm form = PackageForm.Reference, string language = "cs")
    {
        var feed = await PackedPackage.GetFeedAsync();
        var (projectSdk, package) = form switch
        {
            PackageForm.Sdk => (sdk, $"""<Sdk Name="MultiArch.Build" Version="{PackedPackage.Version}" />"""),
            PackageForm.SdkAlone => ($"MultiArch.Build/{PackedPackage.Version}", ""),
            _ => (sdk, $"""<ItemGroup><PackageReference Include="MultiArch.Build" Version="{PackedPackage.Version}" PrivateAssets="all" /></ItemGroup>"""),
        };
        return new TestProject(name, folder)
            .With($"{name}.{language}proj", $"""
                <Project Sdk="{projectSdk}">
                  <PropertyGroup>
                    <TargetFramework>{Framework}</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <ContainerBaseImage>scratch</ContainerBaseImage>
                    <!-- On scratch nothing starts, and few tests ask for that: what is missing is told, and ends no publish. No base is unpacked for it either. -->
                    <MultiArchVerify>warn</MultiArchVerify>
                    <MultiArchVerifyBase>false</MultiArchVerifyBase>
                    {properties}
                  </PropertyGroup>
                  {package}
                  {body}
                </Project>

                """)
            .With($"Program.{language}", program)
            .With("Directory.Build.props", "<Project />\n")
            .With("nuget.config", $"""
                <configuration>
                  <packageSources>
                    <add key="multiarch-test" value="{feed}" />
                  </packageSources>
                </configuration>

                """);
    }
}
