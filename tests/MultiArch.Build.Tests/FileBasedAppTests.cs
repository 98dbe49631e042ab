using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>An app of one file, without a project: https://learn.microsoft.com/dotnet/core/sdk/file-based-apps.</summary>
[TestClass]
public sealed class FileBasedAppTests
{
    [TestMethod]
    public async Task The_image_lies_beside_the_file_where_dotnet_publishes_such_an_app()
    {
        using var folder = new TempDirectory();
        folder.Write("nuget.config", $"""<configuration><packageSources><add key="multiarch-test" value="{await PackedPackage.GetFeedAsync()}" /></packageSources></configuration>""");
        folder.Write("hello.cs", $"""
            #:package MultiArch.Build@{PackedPackage.Version}
            #:property PublishAot=false
            #:property ContainerBaseImage=scratch
            #:property MultiArchVerify=warn
            System.Console.WriteLine("hello");
            """);
        var publish = new CommandLine("dotnet", "publish", "hello.cs", "-p:PublishMultiArch=true", "--tl:off")
        {
            WorkingDirectory = folder.Path,
            // .NET keeps what it builds of such apps in the user's own folder, which must exist.
            Environment = new Dictionary<string, string?>(TestProject.CliEnvironment) { ["XDG_DATA_HOME"] = Directory.CreateDirectory(folder["data"]).FullName },
        };

        (await publish.RunAsync()).ShouldSucceed();

        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', OciLayout.Read(folder["artifacts/hello/image"]).Images.Select(image => image.Platform)));
        Assert.IsTrue(File.Exists(folder["artifacts/hello/image.json"]));
    }
}
