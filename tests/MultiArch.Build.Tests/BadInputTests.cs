using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a user can get wrong ends in one line with a code, before anything is compiled if it can be known then, and nothing is published.</summary>
[TestClass]
public sealed class BadInputTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task A_wrong_setting_is_named_before_anything_compiles()
    {
        (string Setting, string Code, string Says)[] cases =
        [
            ("ContainerRepository=_app", "MARCH1002", "'_app'"),
            ("MultiArchLockedMode=1", "MARCH1050", "MultiArchLockedMode '1' is neither true nor false"),
            ("MultiArchPushByDigest=ja", "MARCH1050", "MultiArchPushByDigest 'ja'"),
            ("MultiArchVerifyBase=nein", "MARCH1050", "MultiArchVerifyBase 'nein'"),
            ("PublishMultiArch=1", "MARCH1050", "PublishMultiArch '1'"),
            ("ContainerRepository=a//b", "MARCH1002", "a//b"),
            ("ContainerImageTag=not a tag", "MARCH1003", "'not a tag'"),
            ("ContainerImageTags=1.0%3B-x", "MARCH1003", "'-x'"),
            ("ContainerRegistry=https://ghcr.io", "MARCH1004", "without scheme"),
            ("ContainerRuntimeIdentifiers=linux-z80", "MARCH1005", "linux-arm64, "),
            ("ContainerRuntimeIdentifiers=linux-x64%3Bwin-x64", "MARCH1005", "'win-x64'"),
            ("ContainerRuntimeIdentifiers=linux-x64%3Blinux-musl-x64", "MARCH1006", "linux-x64 and linux-musl-x64"),
            ("ContainerBaseImage=me/UPPER:1", "MARCH1007", "me/UPPER"),
            ("ContainerImageFormat=tar", "MARCH1012", "'tar'"),
            ("MultiArchCreated=yesterday", "MARCH1011", "'yesterday'"),
            ("MultiArchCreated=12:00", "MARCH1011", "'12:00'"),
            ("MultiArchMaxLayers=none", "MARCH1041", "'none'"),
            ("ContainerWorkingDirectory=app", "MARCH3004", "ContainerWorkingDirectory 'app'"),
            ("ContainerWorkingDirectory=/a/../b", "MARCH3004", "ContainerWorkingDirectory '/a/../b'"),
            ("MultiArchPipelineResults=jenkins", "MARCH5003", "'jenkins'"),
            ("MultiArchDigestFile=obj", "MARCH5002", "is a folder"),
        ];
        using var project = await TestProject.ConsoleAsync();

        var errors = await WrongSettings.PublishAsync(project, [.. cases.Select(wrong => wrong.Setting)]);

        foreach (var (wrong, error) in cases.Zip(errors))
        {
            Assert.Contains($"error {wrong.Code}: ", error, wrong.Setting);
            Assert.Contains(wrong.Says, error, wrong.Setting);
        }
    }

    [TestMethod]
    public async Task Without_a_build_no_build_is_refused()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.DotnetAsync("restore")).ShouldSucceed();

        Assert.Contains("--no-build", (await project.PublishAsync("--no-build")).ShouldFailWith("MARCH1016"));
        Assert.IsFalse(Directory.Exists(Path.Combine(project.Folder, "obj", "multiarch")));
    }

    [TestMethod]
    public async Task A_wrong_item_is_named_before_anything_compiles()
    {
        (string Item, string Code)[] cases =
        [
            ("""<ContainerPort Include="http" />""", "MARCH1009"),
            ("""<ContainerPort Include="70000" />""", "MARCH1009"),
            ("""<ContainerPort Include="80" Type="sctp" />""", "MARCH1009"),
            ("""<ContainerEnvironmentVariable Include="A=B" Value="c" />""", "MARCH1010"),
            ("""<ContainerAppCommandArgs Include="--a" />""", "MARCH1014"),
            ("""<MultiArchOSPackage Include="no such name" />""", DiagnosticCodes.InvalidOSPackage),
            ("""<MultiArchOSPackage Include="a | b" Version="1" />""", DiagnosticCodes.InvalidOSPackage),
            ("""<MultiArchOSPackageExclude Include="relative/path" />""", DiagnosticCodes.InvalidOSPackageExclude),
            ("""<MultiArchOSPackageSource Include="https://archive.example/debian" Components="main" />""", DiagnosticCodes.InvalidOSPackageSource),
            ("""<MultiArchOSPackageSource Include="https://me:secret@archive.example/debian" Suite="s" Components="main" />""", DiagnosticCodes.InvalidOSPackageSource),
            ("""<MultiArchFile Include="Program.cs" TargetPath="/etc/../x" />""", DiagnosticCodes.InvalidTargetPath),
        ];
        var groups = cases.Select((wrong, number) => $"<ItemGroup Condition=\"'$(Wrong)' == '{number}'\">{wrong.Item}</ItemGroup>");
        using var project = await TestProject.ConsoleAsync(string.Concat(groups));

        var errors = await WrongSettings.PublishAsync(
            project,
            [.. cases.Select((wrong, number) => $"Wrong={number}{(wrong.Code == "MARCH1014" ? ";ContainerAppCommandInstruction=None" : "")}")]);

        foreach (var (wrong, error) in cases.Zip(errors))
        {
            Assert.Contains($"error {wrong.Code}: ", error, wrong.Item);
            Assert.DoesNotContain("secret", error);
        }
    }

    [TestMethod]
    public async Task A_warning_that_counts_as_error_stops_the_publish_before_anything_is_written()
    {
        using var registry = await RegistryProcess.StartAsync(TestContext.CancellationToken);
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><WarningsAsErrors>MARCH3023</WarningsAsErrors></PropertyGroup>");

        (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldFailWith("MARCH3023");

        Assert.IsEmpty(registry.Tags("hello"));
    }

    [TestMethod]
    public async Task Other_package_versions_than_the_project_was_restored_with_are_refused()
    {
        using var project = await TestProject.ConsoleAsync("""<ItemGroup><PackageReference Include="Microsoft.Data.Sqlite.Core" Version="10.0.15" /></ItemGroup>""");
        (await project.DotnetAsync("restore")).ShouldSucceed();
        var assets = Path.Combine(project.Folder, "obj", "project.assets.json");
        await File.WriteAllTextAsync(assets, (await File.ReadAllTextAsync(assets)).Replace("Microsoft.Data.Sqlite.Core/10.0.15", "Microsoft.Data.Sqlite.Core/10.0.14", StringComparison.Ordinal));

        var error = (await project.PublishAsync("--no-restore")).ShouldFailWith("MARCH1015");

        Assert.Contains("Microsoft.Data.Sqlite.Core 10.0.15 in place of 10.0.14", error);
    }

    [TestMethod]
    public async Task A_package_made_anew_under_the_same_version_is_told_from_another_version()
    {
        using var project = await TestProject.ConsoleAsync("""<ItemGroup><PackageReference Include="Microsoft.Data.Sqlite.Core" Version="10.0.15" /></ItemGroup>""");
        (await project.DotnetAsync("restore")).ShouldSucceed();
        var assets = Path.Combine(project.Folder, "obj", "project.assets.json");
        await File.WriteAllTextAsync(assets, (await File.ReadAllTextAsync(assets)).Replace("\"sha512\": \"", "\"sha512\": \"0", StringComparison.Ordinal));

        var error = (await project.PublishAsync("--no-restore")).ShouldFailWith("MARCH1015");

        Assert.Contains("Microsoft.Data.Sqlite.Core 10.0.15 with other content than before", error);
        Assert.Contains("'dotnet publish --force'", error);
    }

    [TestMethod]
    public async Task With_a_lock_file_that_covers_the_platforms_the_locked_restore_is_used()
    {
        using var project = await TestProject.ConsoleAsync("""
            <PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile><RuntimeIdentifiers>linux-x64;linux-arm64</RuntimeIdentifiers></PropertyGroup>
            <ItemGroup><PackageReference Include="Microsoft.Data.Sqlite" Version="10.0.15" /></ItemGroup>
            """);
        (await project.DotnetAsync("restore")).ShouldSucceed();
        var locked = await File.ReadAllBytesAsync(Path.Combine(project.Folder, "packages.lock.json"));

        (await project.PublishAsync("-p:RestoreLockedMode=true")).ShouldSucceed();

        CollectionAssert.AreEqual(locked, await File.ReadAllBytesAsync(Path.Combine(project.Folder, "packages.lock.json")));
        Assert.IsTrue(OciLayout.Read(project.ImageFolder)["linux/arm64"].Entries.Any(entry => entry.Name == "app/libe_sqlite3.so"));
    }

    [TestMethod]
    public async Task A_name_that_makes_no_repository_matters_only_to_a_registry()
    {
        using var project = await TestProject.ConsoleAsync(name: "приложение");

        (await project.PublishAsync()).ShouldSucceed();

        var error = (await project.PublishAsync("-p:ContainerRegistry=localhost:1")).ShouldFailWith("MARCH1002");
        Assert.Contains("assembly 'приложение'", error);
    }

    [TestMethod]
    public async Task A_base_that_lacks_a_platform_is_refused_with_what_it_offers()
    {
        using var project = await TestProject.ConsoleAsync();
        (await project.PublishAsync("-r", "linux-x64")).ShouldSucceed();
        using var onTop = await TestProject.ConsoleAsync();

        var error = (await onTop.PublishAsync($"-p:ContainerBaseImage=oci:{project.ImageFolder}")).ShouldFailWith("MARCH2002");

        Assert.Contains("linux/arm64", error);
        Assert.Contains("It offers: linux/amd64", error);
        Assert.IsFalse(Directory.Exists(onTop.ImageFolder), "Not even an empty folder is left.");
    }

    [TestMethod]
    public async Task A_base_folder_that_is_no_layout_is_named()
    {
        using var project = await TestProject.ConsoleAsync();

        Assert.Contains("bases/none", (await project.PublishAsync("-p:ContainerBaseImage=oci:bases/none")).ShouldFailWith("MARCH2004"));
    }

    [TestMethod]
    public async Task A_refused_connection_is_one_line()
    {
        using var project = await TestProject.ConsoleAsync();

        var error = (await project.PublishAsync("-p:ContainerRegistry=localhost:1")).ShouldFailWith("MARCH4001");

        Assert.Contains("localhost:1", error);
    }

    [TestMethod]
    public async Task A_registry_that_wants_a_login_says_so()
    {
        using var registry = new ScriptedRegistry
        {
            Otherwise = new Reply(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"""),
        };
        using var project = await TestProject.ConsoleAsync();

        var error = (await project.PublishAsync($"-p:ContainerRegistry={registry.Address}")).ShouldFailWith("MARCH4002");

        Assert.Contains(registry.Address, error);
    }

    [TestMethod]
    [TestProperty("Catalogue", "88")]
    public async Task A_full_disk_is_one_line_and_leaves_the_earlier_image_whole()
    {
        Tool.RequireRoot();
        using var project = await TestProject.ConsoleAsync("""
            <ItemGroup Condition="'$(PublishBig)' == 'true'"><None Include="big.bin" CopyToPublishDirectory="Always" /></ItemGroup>
            """);
        Directory.CreateDirectory(project.ImageFolder);
        var mount = await new CommandLine("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", project.ImageFolder).RunAsync();
        mount.ShouldSucceed();
        try
        {
            var before = (await project.PublishAsync()).ShouldSucceed().PublishedDigest();
            var random = new byte[2 * 1024 * 1024];
            new Random(1).NextBytes(random);
            await File.WriteAllBytesAsync(Path.Combine(project.Folder, "big.bin"), random);

            var error = (await project.PublishAsync("-p:PublishBig=true")).ShouldFailWith("MARCH3006");

            Assert.Contains(project.ImageFolder, error);
            Assert.AreEqual(before, OciLayout.Read(project.ImageFolder).IndexDigest.ToString());
        }
        finally
        {
            (await new CommandLine("umount", project.ImageFolder).RunAsync()).ShouldSucceed();
        }
    }

    [TestMethod]
    public async Task A_FIFO_among_the_published_files_is_refused_and_not_waited_for()
    {
        Tool.Require("mkfifo");
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="MakeFifo" AfterTargets="Publish"><Exec Command="mkfifo '$(PublishDir)pipe'" /></Target>
            """);

        var error = (await project.PublishAsync()).ShouldFailWith("MARCH3003");

        Assert.Contains("pipe", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder));
    }

    [TestMethod]
    public async Task A_file_that_vanishes_after_the_plan_is_named_and_nothing_is_published()
    {
        using var project = await TestProject.ConsoleAsync("""
            <Target Name="Vanish" AfterTargets="_MultiArchWritePlan"><Delete Files="$(PublishDir)hello.pdb" /></Target>
            """);

        var error = (await project.PublishAsync()).ShouldFailWith("MARCH3001");

        Assert.Contains("hello.pdb", error);
        Assert.IsFalse(Directory.Exists(project.ImageFolder), "Not even an empty folder is left.");
    }

    [TestMethod]
    public async Task A_library_is_no_image()
    {
        using var project = await TestProject.ConsoleAsync("<PropertyGroup><OutputType>Library</OutputType></PropertyGroup>");

        (await project.DotnetAsync("msbuild", "-restore", "-t:PublishMultiArchImage", "-p:Configuration=Release")).ShouldFailWith("MARCH1013");
    }
}
