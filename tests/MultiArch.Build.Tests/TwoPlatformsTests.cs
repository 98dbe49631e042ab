using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The plain case: a project with nothing but the package.</summary>
[TestClass]
public sealed class TwoPlatformsTests
{
    [TestMethod]
    public async Task A_publish_makes_a_layout_with_linux_amd64_and_linux_arm64()
    {
        using var project = await TestProject.ConsoleAsync();

        var publish = (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', layout.Images.Select(image => image.Platform)));
        Assert.AreEqual(layout.IndexDigest.ToString(), publish.PublishedDigest());
        CollectionAssert.AreEqual(new[] { "latest" }, layout.Tags.ToArray());
        foreach (var image in layout.Images)
        {
            CollectionAssert.AreEqual(new[] { "dotnet", "/app/hello.dll" }, image.Config.Config!.Entrypoint!.ToArray());
            Assert.AreEqual("/app", image.Config.Config.WorkingDir);
        }
    }

    [TestMethod]
    public async Task Modes_owners_order_parents_and_times_are_the_rule_not_the_host()
    {
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup><None Include="run.sh;sub/data.txt" CopyToPublishDirectory="Always" /></ItemGroup>
            """);
        project.With("run.sh", "#!/bin/sh\n").With("sub/data.txt", "data\n");
        (await new CommandLine("chmod", "0777", Path.Combine(project.Folder, "sub", "data.txt")).RunAsync()).ShouldSucceed();

        (await project.PublishAsync()).ShouldSucceed();

        foreach (var image in OciLayout.Read(project.ImageFolder).Images)
        {
            var names = image.Entries.Select(entry => entry.Name).ToList();
            CollectionAssert.AreEqual(names.Order(StringComparer.Ordinal).Distinct().ToList(), names, "Sorted, and no path twice.");
            Assert.AreEqual("app/", names[0]);
            Assert.Contains("app/sub/", names);
            Assert.IsTrue(image.Entries.All(entry => entry is { Uid: 0, Gid: 0 } && entry.ModificationTime == new DateTimeOffset(1980, 1, 1, 0, 0, 1, TimeSpan.Zero)));
            var modes = image.Entries.ToDictionary(entry => entry.Name, entry => Convert.ToString((int)entry.Mode, 8));
            Assert.AreEqual("755", modes["app/"]);
            Assert.AreEqual("755", modes["app/hello"], "An apphost has an interpreter.");
            Assert.AreEqual("755", modes["app/run.sh"]);
            Assert.AreEqual("644", modes["app/hello.dll"]);
            Assert.AreEqual("644", modes["app/sub/data.txt"]);
        }
    }

    [TestMethod]
    public async Task A_second_publish_leaves_no_blob_of_the_first_behind()
    {
        using var project = await TestProject.ConsoleAsync();
        var first = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();

        project.With("Program.cs", "System.Console.WriteLine(\"changed\");\n");
        var second = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();

        Assert.AreNotEqual(first, second);
        Assert.AreEqual(second, OciLayout.Read(project.ImageFolder).IndexDigest.ToString());
    }

    [TestMethod]
    [DataRow("linux-x64", "linux/amd64")]
    [DataRow("linux-arm64", "linux/arm64")]
    public async Task A_RuntimeIdentifier_on_the_command_line_means_exactly_that_one(string runtimeIdentifier, string platform)
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync()).ShouldSucceed();
        var asOneOfTwo = OciLayout.Read(project.ImageFolder)[platform].Descriptor.Digest;

        (await project.PublishAsync("-r", runtimeIdentifier)).ShouldSucceed();

        var image = OciLayout.Read(project.ImageFolder).Images.Single();
        Assert.AreEqual(platform, image.Platform.ToString());
        Assert.AreEqual(asOneOfTwo, image.Descriptor.Digest, "A platform published alone is the same image.");
    }

    [TestMethod]
    [DataRow("<ContainerRuntimeIdentifiers>linux-arm64;linux-x64</ContainerRuntimeIdentifiers>", null)]
    [DataRow("<RuntimeIdentifiers>\n  linux-arm64 ;\n  linux-x64;win-x64\n</RuntimeIdentifiers>", null)]
    [DataRow("<ContainerRuntimeIdentifiers>linux-arm64</ContainerRuntimeIdentifiers>", "-p:ContainerRuntimeIdentifiers=\"linux-x64;linux-arm64\"")]
    public async Task Platforms_are_named_in_the_project_or_on_the_command_line(string property, string? argument)
    {
        using var project = await TestProject.ConsoleAsync($"<PropertyGroup>{property}</PropertyGroup>");

        (await project.PublishAsync(argument is null ? [] : [argument])).ShouldSucceed();

        Assert.AreEqual("linux/amd64 linux/arm64", string.Join(' ', OciLayout.Read(project.ImageFolder).Images.Select(image => image.Platform)));
    }

    [TestMethod]
    public async Task What_a_hook_writes_into_the_publish_folder_is_in_every_image()
    {
        using var project = await TestProject.WebAsync();
        project.With("Directory.Build.targets", """
            <Project>
              <Target Name="Hook" AfterTargets="Publish"><WriteLinesToFile File="$(PublishDir)hook.txt" Lines="$(RuntimeIdentifier)" Overwrite="true" /></Target>
            </Project>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        var layout = OciLayout.Read(project.ImageFolder);
        Assert.AreEqual("linux-x64\n", System.Text.Encoding.UTF8.GetString(layout["linux/amd64"].Read("app/hook.txt")));
        Assert.AreEqual("linux-arm64\n", System.Text.Encoding.UTF8.GetString(layout["linux/arm64"].Read("app/hook.txt")));
    }

    [TestMethod]
    public async Task What_an_earlier_publish_left_is_not_in_the_image()
    {
        using var project = await TestProject.ConsoleAsync("""<ItemGroup><None Include="*.txt" CopyToPublishDirectory="Always" /></ItemGroup>""");
        project.With("old.txt", "old");
        (await project.PublishAsync()).ShouldSucceed();
        File.Delete(Path.Combine(project.Folder, "old.txt"));

        (await project.PublishAsync()).ShouldSucceed();

        Assert.IsFalse(OciLayout.Read(project.ImageFolder)["linux/arm64"].Entries.Any(entry => entry.Name == "app/old.txt"));
    }

    [TestMethod]
    [DataRow("a,b=c d", "a,b")]
    [DataRow("with (parens) & 'quote' # @x", "Mein Prögramm")]
    public async Task Odd_names_of_folder_and_project_do_no_harm(string folder, string name)
    {
        using var project = await TestProject.ConsoleAsync(name: name, folder: folder);

        (await project.PublishAsync("-bl:publish.binlog")).ShouldSucceed();

        Assert.HasCount(2, OciLayout.Read(project.ImageFolder).Images);
        Assert.AreEqual(1, BinaryLog.Read(Path.Combine(project.Folder, "publish.binlog")).CountTasks("Csc", $"{name}.csproj"));
    }

    [TestMethod]
    public async Task Of_RuntimeIdentifiers_only_the_linux_ones_are_published()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup><RuntimeIdentifiers>win-x64; linux-arm64 ;osx-arm64</RuntimeIdentifiers></PropertyGroup>
            """);

        (await project.PublishAsync()).ShouldSucceed();

        Assert.AreEqual("linux/arm64", OciLayout.Read(project.ImageFolder).Images.Single().Platform.ToString());
    }

    [TestMethod]
    public async Task The_users_restore_stays_as_it_was()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.DotnetAsync("restore")).ShouldSucceed();
        var assets = Path.Combine(project.Folder, "obj", "project.assets.json");
        var before = await File.ReadAllBytesAsync(assets);

        (await project.PublishAsync()).ShouldSucceed();

        CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(assets));
        Assert.IsFalse(File.Exists(Path.Combine(project.Folder, "packages.lock.json")));
    }
}
