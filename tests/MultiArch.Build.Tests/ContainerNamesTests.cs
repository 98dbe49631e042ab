using System.Reflection;
using MultiArch.Build.Tasks;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A name that the installed SDK takes becomes the same name here, and one that it refuses is refused; where we differ, the test says why.</summary>
[TestClass]
public sealed class ContainerNamesTests
{
    private const string Refused = "refused";

    private static readonly string[] Repositories =
    [
        "app", "me/app", "me/deep/er/app", "App", "My App", "Contoso.Web", "contoso.web", "Contoso.Web_Api-2", "My..App", "a_b", "a__b", "a-b", "a--b", "ab/cd.ef", "1app", "0",
        "UPPER/Lower", "Grüße", "web приложение", "a,b", "a:b", "a@b", "a+b/c", "C#App", "two  spaces x", "a\tb", "a\nb", "ghcr.io/me/app", "localhost/app",
        "localhost:5000/me/app", "[::1]:5000/app", "GHCR.IO/me/app", "registry.example:5000/App", "registry:5000/app",
        "_app", "-app", ".app", "/app", "приложение", "😀", "!", " app",
        .. Enumerable.Range(1, 127).Select(character => $"Ab{(char)character}cD"),
        .. Enumerable.Range(1, 127).Select(character => $"{(char)character}ab"),
    ];

    private static readonly string[] Registries =
    [
        "ghcr.io", "GHCR.IO", "docker.io", "DOCKER.IO", "registry-1.docker.io", "localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "my.registry.example:443", "a-b.c-d.e",
        "https://ghcr.io", "ghcr.io/me", "ghcr.io:", "ghcr.io:http", "-a.io", "a-.io", ".io", "a..b", "ghcr io", "ghcr.io ", "gh_cr.io", "регистр.рф", "a;b.io", "1234", "me@ghcr.io",
    ];

    private static readonly string[] Tags =
    [
        "latest", "1.0", "1.0.0-preview.1", "V1", "_x", "a-b_c.d", new string('a', 128), "0",
        "-x", ".x", "not a tag", "1.0+build", "1.0,latest", "a:b", "a/b", "a@b", " 1", "1 ", "\u20ac", new string('a', 129),
        .. Enumerable.Range(33, 94).Select(character => $"a{(char)character}b"),
    ];

    [TestMethod]
    public void A_repository_is_the_SDKs_or_refused()
    {
        var same = 0;
        foreach (var repository in Repositories)
        {
            var theirs = TheirRepository(repository);
            var ours = OurRepository(repository);

            // The SDK hands on what no registry and no engine takes: `a//b`, `app-`. There the push fails.
            var expected = theirs != Refused && !ImageReference.IsRepository(theirs) && !RepositoryName.HoldsRegistry(theirs) ? Refused : theirs;
            Assert.AreEqual(expected, ours, $"'{repository}' of '{string.Join(' ', repository.Select(character => (int)character))}'");
            same += ours != Refused ? 1 : 0;
        }

        Assert.IsGreaterThan(80, same, "The table holds names, and not only what is none.");
    }

    [TestMethod]
    [DataRow("Contoso.Web", "contoso-web")]
    [DataRow("contoso.web", "contoso.web")]
    [DataRow("My App", "my-app")]
    [DataRow("me/App_1", "me/app_1")]
    public void An_image_keeps_the_name_that_the_SDK_gave_it(string assemblyName, string repository)
    {
        var task = new ValidateImage { BuildEngine = new RecordingBuild(), RuntimeIdentifiers = "linux-x64", AssemblyName = assemblyName };

        Assert.IsTrue(task.Execute());

        Assert.AreEqual(repository, task.ValidRepository);
        Assert.AreEqual(repository, TheirRepository(assemblyName));
    }

    [TestMethod]
    public void Another_name_than_the_written_one_is_said_when_asked_for()
    {
        var build = new RecordingBuild();
        var task = new ValidateImage { BuildEngine = build, RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Repository = "My App", Announce = true };

        Assert.IsTrue(task.Execute());

        Assert.AreEqual("MARCH1037: ContainerRepository 'My App' is not a repository, and the image is published as 'my-app'. Set ContainerRepository to that.", build.Messages.Single());
    }

    [TestMethod]
    public void A_repository_with_a_registry_of_its_own_and_a_ContainerRegistry_is_refused()
    {
        var build = new RecordingBuild();
        var task = new ValidateImage { BuildEngine = build, RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Repository = "localhost:5000/me/app", Registry = "ghcr.io" };

        Assert.IsFalse(task.Execute());

        Assert.AreEqual("MARCH1002: ContainerRepository 'localhost:5000/me/app' names a registry, and so does ContainerRegistry 'ghcr.io'. Set ContainerRepository to 'me/app'.", build.Errors.Single());
    }

    [TestMethod]
    public void An_assembly_that_makes_no_repository_matters_where_a_repository_is_needed()
    {
        Assert.IsTrue(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "приложение" }), "An OCI layout names none.");
        Assert.IsFalse(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "приложение", Registry = "ghcr.io" }));
        Assert.IsFalse(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "приложение", ArchivePath = "/image.tar" }));
        Assert.IsFalse(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "приложение", LocalRegistry = "Podman" }));
    }

    [TestMethod]
    [DataRow("file/")]
    [DataRow("file/image.tar")]
    [DataRow("file/deeper/image.tar")]
    public void A_file_where_an_archives_folder_has_to_be_is_named_before_anything_is_compiled(string path)
    {
        using var folder = new TempDirectory();
        folder.Write("file", "in the way");
        var build = new RecordingBuild();

        Assert.IsFalse(new ValidateImage { BuildEngine = build, RuntimeIdentifiers = "linux-x64", AssemblyName = "app", ArchivePath = folder[path] }.Execute());

        Assert.AreEqual($"MARCH3006: Cannot write the archive '{folder[path]}': '{folder["file"]}' is a file, not a folder. Name another place in ContainerArchiveOutputPath.", build.Errors.Single());
        Assert.IsTrue(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", ArchivePath = folder["new/image.tar"] }));
        Assert.IsTrue(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", ArchivePath = folder["file"] }), "It is replaced.");
    }

    [TestMethod]
    public void A_registry_that_the_SDK_takes_is_taken_and_one_it_refuses_is_refused()
    {
        foreach (var registry in Registries)
        {
            // A host without a dot is one to us: inside a network of containers registries are called so.
            var expected = registry is "1234" || TakesRegistry(registry);
            Assert.AreEqual(expected, Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Registry = registry }), registry);
        }

        foreach (var only in new[] { "registry", "registry:5000" })
        {
            Assert.IsFalse(TakesRegistry(only));
            Assert.IsTrue(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Registry = only }), only);
        }

        // Its expressions let a line end pass, and ports that there are none of.
        foreach (var wrong in new[] { "ghcr.io\n", "ghcr.io:123456" })
        {
            Assert.IsTrue(TakesRegistry(wrong));
            Assert.IsFalse(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Registry = wrong }), wrong);
        }
    }

    [TestMethod]
    public void A_tag_that_the_SDK_takes_is_taken_and_one_it_refuses_is_refused()
    {
        foreach (var tag in Tags.Where(tag => !tag.Contains(';') && tag.Trim() == tag))
        {
            Assert.AreEqual(TakesTags([tag]), Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Tag = tag }), tag);
        }

        // Letters of other alphabets pass its expression, and no registry takes them.
        Assert.IsTrue(TakesTags(["ярлык"]));
        Assert.IsFalse(Validate(new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Tag = "ярлык" }));
    }

    [TestMethod]
    [DataRow("1.0;latest", "1.0 latest")]
    [DataRow(";1.0; latest ;;", "1.0 latest")]
    [DataRow("1.0;1.0", "1.0")]
    [DataRow("", "latest")]
    [DataRow("1.0,latest", null)]
    [DataRow("1.0;-x", null)]
    public void A_list_of_tags_is_parted_by_semicolons(string tags, string? expected)
    {
        var task = new ValidateImage { BuildEngine = new RecordingBuild(), RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Tags = tags };

        Assert.AreEqual(expected is not null, task.Execute());
        Assert.AreEqual(expected ?? "", expected is null ? "" : string.Join(' ', task.ValidTags));
        if (tags.Length > 0)
        {
            Assert.AreEqual(expected is not null, TakesTags(tags.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), "The SDK agrees.");
        }
    }

    [TestMethod]
    [DataRow("mcr.microsoft.com/dotnet/aspnet:10.0")]
    [DataRow("mcr.microsoft.com/dotnet/aspnet")]
    [DataRow("debian:bookworm-slim")]
    [DataRow("bitnami/dotnet:9")]
    [DataRow("docker.io/debian:12")]
    [DataRow("docker.io/library/debian:12")]
    [DataRow("localhost:5000/base:1")]
    [DataRow("localhost/base")]
    [DataRow("[::1]:5000/base:1")]
    [DataRow("ghcr.io/me/base@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [DataRow("ghcr.io/me/base:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [DataRow("me/UPPER:1")]
    [DataRow("https://ghcr.io/me/base:1")]
    [DataRow("ghcr.io/me/base:-1")]
    [DataRow("a//b")]
    public void A_base_image_is_read_as_the_SDK_reads_it(string text)
    {
        Assert.AreEqual(TheirReference(text), OurReference(text));
    }

    private static bool Validate(ValidateImage task)
    {
        var build = new RecordingBuild();
        task.BuildEngine = build;
        var valid = task.Execute();
        Assert.HasCount(valid ? 0 : 1, build.Errors);
        return valid;
    }

    private static string OurRepository(string repository)
    {
        var task = new ValidateImage { RuntimeIdentifiers = "linux-x64", AssemblyName = "app", Repository = repository };
        return Validate(task) ? task.ValidRepository : Refused;
    }

    private static string TheirRepository(string repository)
    {
        var task = Parse(("ContainerRepository", repository), ("ContainerImageTag", "latest"));
        return task.Execute() ? task.Read<string>("NewContainerRepository") : Refused;
    }

    private static bool TakesRegistry(string registry) => Parse(("ContainerRepository", "app"), ("ContainerRegistry", registry)).Execute();

    private static bool TakesTags(string[] tags) => Parse(("ContainerRepository", "app"), ("ContainerImageTags", tags)).Execute();

    private static SdkTask Parse(params (string, object)[] parameters) =>
        new("ParseContainerProperties", [("FullyQualifiedBaseImageName", "mcr.microsoft.com/dotnet/runtime:10.0"), .. parameters]);

    private static string OurReference(string text)
    {
        try
        {
            var image = ((ImageLocation.Registry)((BaseReference.Image)BaseReference.Parse(text, "/")).Location).Image;
            // What the SDK leaves empty is asked for as `latest` too.
            return $"{image.Registry} {image.Repository} {(image.Tag is "latest" ? null : image.Tag)} {image.Digest}";
        }
        catch (MultiArchException e)
        {
            Assert.AreEqual(DiagnosticCodes.InvalidBaseImage, e.Code);
            return Refused;
        }
    }

    private static string TheirReference(string text)
    {
        object?[] arguments = [text, null, null, null, null, null];
        var parsed = (bool)InstalledSdk.Containers.GetType("Microsoft.NET.Build.Containers.ContainerHelpers")!
            .GetMethod("TryParseFullyQualifiedContainerName", BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, arguments)!;
        return parsed ? string.Join(' ', arguments[1..5]) : Refused;
    }
}
