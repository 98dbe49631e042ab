using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Verification;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What .NET itself publishes is not complained of: native files for a dozen platforms below <c>runtimes/</c>, a bundle of one file, satellite assemblies.</summary>
/// <remarks>Two publishes by the plain SDK, packed by the library as they are.</remarks>
[TestClass]
public sealed class NoFalseAlarmTests
{
    private static TempDirectory Folder { get; set; } = null!; // set before any test

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task PublishAsync(TestContext context)
    {
        Tool.Require("mmdebstrap");
        Folder = new TempDirectory();
        Folder.Write("Directory.Build.props", "<Project />");
        Folder.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" />
                <PackageReference Include="SkiaSharp" Version="4.155.0" />
                <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="4.155.0" />
              </ItemGroup>
            </Project>
            """);
        Folder.Write("app/Program.cs", "System.Console.WriteLine(typeof(Microsoft.Data.Sqlite.SqliteConnection).Name + typeof(SkiaSharp.SKBitmap).Name);");
        Folder.Write("app/Words.resx", Resx.Of("Word", "hello"));
        Folder.Write("app/Words.de.resx", Resx.Of("Word", "hallo"));
        await DotnetAsync("publish", "app", "-p:UseAppHost=false", "-o", Folder["portable"]);
        await DotnetAsync("publish", "app", "-r", "linux-x64", "-p:PublishSingleFile=true", "--self-contained", "-o", Folder["single"]);
    }

    [ClassCleanup]
    public static void RemoveFolder() => Folder?.Dispose();

    [TestMethod]
    [DataRow("portable", "linux-x64", "dotnet")]
    [DataRow("portable", "linux-arm64", "dotnet")]
    [DataRow("single", "linux-x64", "/app/app")]
    public async Task What_fits_passes_without_a_word(string folder, string runtimeIdentifier, string program)
    {
        var expected = folder == "single" ? "app" : "runtimes/win-x64/native/libSkiaSharp.dll";
        Assert.IsTrue(File.Exists(Folder[$"{folder}/{expected}"]), "The folder holds what this is about.");
        Assert.IsTrue(folder == "single" || File.Exists(Folder[$"{folder}/de/app.resources.dll"]));

        var told = await VerifyAsync(folder, runtimeIdentifier, [program, "/app/app.dll"]);

        Assert.AreEqual("", string.Join('\n', told.OfType<PublishEvent.FaultsFound>().Select(fault => $"{fault.Faults.Code} {fault.Faults.Describe()}")));
        Assert.AreEqual(1, told.OfType<PublishEvent.Verified>().Single().BasesRead);
    }

    /// <returns>What was told.</returns>
    private async Task<IReadOnlyList<PublishEvent>> VerifyAsync(string folder, string runtimeIdentifier, string[] command)
    {
        var settings = new ImageSettings("2020-01-01T00:00:00Z", "/app", null, new StartCommand(command, [], [], [], []), [], new Dictionary<string, string>(), [], ImageAnnotations.None, GeneratedLabels.None);
        var plan = new ImagePlan(runtimeIdentifier, $"oci:{await TestBase.GetFrameworkLayoutAsync()}", [new LayerPlan("app", FileTree.Read(Folder[folder], "app"))], settings);
        var told = new Told();
        using var destination = ImageLayout.Create(Folder[Path.GetRandomFileName()]);
        var request = new PublishRequest([plan], Folder.Path, ["latest"], ImageFormat.Oci, Folder[Path.GetRandomFileName()]) { Verify = VerificationPolicy.BySeverity };
        await new ImagePublisher(destination, new Layouts(), told, TimeProvider.System).PublishAsync(request, TestContext.CancellationToken);
        return told.Events;
    }

    private static async Task DotnetAsync(params IEnumerable<string> arguments) =>
        (await BuildServer.DotnetAsync(Folder.Path, arguments)).ShouldSucceed();

    private sealed class Layouts : IImageSources
    {
        public IImageStore Open(BaseReference reference) => ImageLayout.Open(((ImageLocation.Layout)((BaseReference.Image)reference).Location).Folder);

        public IImageStore OpenCache(ImageReference reference) => throw new NotSupportedException();
    }

    private sealed class Told : IProgress<PublishEvent>
    {
        public List<PublishEvent> Events { get; } = [];

        public void Report(PublishEvent value)
        {
            lock (Events)
            {
                Events.Add(value);
            }
        }
    }
}
