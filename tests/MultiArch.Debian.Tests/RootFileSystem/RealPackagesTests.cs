using MultiArch.Debian.Bases;
using MultiArch.Debian.RootFileSystem;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.RootFileSystem;

/// <summary>Debian's own packages, laid out and unpacked again by tar.</summary>
[TestClass]
public sealed class RealPackagesTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("amd64", "usr/lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu")]
    [DataRow("arm64", "usr/lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu")]
    public async Task Nine_packages_are_a_system_on_which_programs_start(string architecture, string loader, string triplet)
    {
        Tool.Require("tar", "chroot");
        Tool.RequireRoot();
        if (architecture == "arm64")
        {
            Tool.Require("qemu-aarch64-static");
        }

        using var folder = new TempDirectory();
        var packages = await DebianArchive.GetAsync([.. DebianArchive.Nine, "coreutils", "libacl1", "libattr1", "libselinux1", "libpcre2-8-0", "libgmp10"], architecture, TestContext.CancellationToken);

        var arranged = SystemLayers.Arrange(new MergedTree(), packages, new SystemLayerOptions(folder["generated"]));

        var root = await UnpackAsync(arranged, folder);
        Assert.AreEqual("usr/lib", new FileInfo(Path.Combine(root, "lib")).LinkTarget);
        Assert.IsTrue(File.Exists(Path.Combine(root, "usr/lib", triplet, "libc.so.6")));
        Assert.AreEqual(architecture == "amd64", new FileInfo(Path.Combine(root, "lib64")).LinkTarget is not null, "arm64 has no lib64");
        Assert.IsNotNull(arranged.Tree.Find(loader));
        Assert.Contains("VERSION_CODENAME=bookworm", await InRootAsync(root, architecture, "/bin/cat", "/etc/os-release"));
        Assert.AreEqual("1777 0 0", await InRootAsync(root, architecture, "/bin/stat", "-c", "%a %u %g", "/tmp"));
        Assert.AreEqual("755 app app", await InRootAsync(root, architecture, "/bin/stat", "-c", "%a %U %G", "/home/app"));
        Assert.AreEqual("700 root root", await InRootAsync(root, architecture, "/bin/stat", "-c", "%a %U %G", "/root"));
        Assert.AreEqual("5", await InRootAsync(root, architecture, "/bin/date", "-d", "@0", "+%-H"));
        Assert.IsGreaterThan(100, (await InRootAsync(root, architecture, "/bin/cat", "/etc/ssl/certs/ca-certificates.crt")).Split("BEGIN CERTIFICATE").Length);
        Assert.StartsWith("Package: libicu72\n", await InRootAsync(root, architecture, "/bin/cat", "/var/lib/dpkg/status.d/libicu72"));
        Assert.IsTrue(File.Exists(Path.Combine(root, "usr/share/doc/libstdc++6/copyright")), "behind the link to gcc-12-base");
        Assert.IsFalse(File.Exists(Path.Combine(root, "usr/share/doc/tzdata/changelog.gz")));
    }

    [TestMethod]
    public async Task Both_architectures_share_the_layer_of_packages_for_all()
    {
        using var folder = new TempDirectory();
        var layers = new List<IReadOnlyList<LayerRecipe>>();
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var packages = await DebianArchive.GetAsync(DebianArchive.Nine, architecture, TestContext.CancellationToken);
            var arranged = SystemLayers.Arrange(new MergedTree(), packages, new SystemLayerOptions(folder[$"generated-{architecture}"]));
            Assert.AreEqual("", string.Join('\n', arranged.Warnings.Select(warning => warning.Message)), "nothing is left undone");
            new LayerPlan("image", [.. arranged.Layers.SelectMany(layer => layer.Files)]).Validate();
            layers.Add(await Task.WhenAll(arranged.Layers.Select(layer => LayerRecipe.ReadAsync(layer, TestContext.CancellationToken))));
        }

        CollectionAssert.AreEqual(new[] { "system-common", "system" }, layers[0].Select(layer => layer.Title).ToArray());
        Assert.AreEqual(layers[0][0].Identity, layers[1][0].Identity);
        Assert.AreNotEqual(layers[0][1].Identity, layers[1][1].Identity);
        Assert.IsGreaterThan(1000, layers[0][0].Entries.Count, "time zones and certificates are in it");
    }

    [TestMethod]
    public async Task The_layers_of_nine_packages_are_no_larger_than_26_megabytes()
    {
        using var folder = new TempDirectory();
        using var pool = new PackingPool(Environment.ProcessorCount);
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var packages = await DebianArchive.GetAsync(DebianArchive.Nine, architecture, TestContext.CancellationToken);
            var arranged = SystemLayers.Arrange(new MergedTree(), packages, new SystemLayerOptions(folder["generated"]));
            var size = 0L;
            foreach (var layer in arranged.Layers)
            {
                size += (await LayerPacker.PackAsync(await LayerRecipe.ReadAsync(layer, TestContext.CancellationToken), LayerCompression.Default, folder["layers"], pool, TestContext.CancellationToken)).Descriptor.Size;
            }

            TestContext.WriteLine($"{architecture}: {size} bytes");
            Assert.IsLessThan(26_000_000, size);
        }
    }

    [TestMethod]
    [DataRow("libfontconfig1")]
    [DataRow("libgdiplus")]
    [DataRow("libgssapi-krb5-2")]
    public async Task Common_libraries_warn_of_nothing(string name)
    {
        using var folder = new TempDirectory();
        var closure = (await DebianArchive.ClosureAsync(name, "amd64", TestContext.CancellationToken)).Where(package => package is not ("debconf" or "mawk" or "openssl")).ToList();
        Assert.Contains(name, closure);
        var packages = await DebianArchive.GetAsync(closure, "amd64", TestContext.CancellationToken);

        var arranged = SystemLayers.Arrange(new MergedTree(), packages, new SystemLayerOptions(folder["generated"]));

        Assert.AreEqual("", string.Join('\n', arranged.Warnings.Select(warning => warning.Message)));
    }

    [TestMethod]
    public async Task A_package_with_a_service_and_one_with_su_warn_by_name()
    {
        using var folder = new TempDirectory();
        var packages = await DebianArchive.GetAsync(["cron", "util-linux", "login"], "amd64", TestContext.CancellationToken);

        var arranged = SystemLayers.Arrange(new MergedTree(), packages, new SystemLayerOptions(folder["generated"]));

        Assert.Contains(("MARCH6046", "cron"), arranged.Warnings.Select(warning => (warning.Code, warning.Package)));
        Assert.Contains(("MARCH6047", "util-linux"), arranged.Warnings.Select(warning => (warning.Code, warning.Package)));
    }

    [TestMethod]
    [DataRow("amd64")]
    [DataRow("arm64")]
    public async Task On_a_real_base_lib_stays_a_link_and_the_base_its_own(string architecture)
    {
        Tool.Require("tar");
        Tool.RequireRoot();
        using var folder = new TempDirectory();
        using var layout = ImageLayout.Open(await TestBase.GetLayoutAsync());
        var (image, tree) = await new BaseTrees(new OneStore(layout), null, new ImageTreeReader(null, BaseSystem.Selection))
            .ReadAsync(BaseReference.Parse("oci:base", "/"), new Platform(architecture, "linux"), null, TestContext.CancellationToken);
        Assert.Contains("Package: libicu72", System.Text.Encoding.UTF8.GetString(tree.ReadFile("var/lib/dpkg/status")!));
        Assert.Contains("VERSION_CODENAME=bookworm", System.Text.Encoding.UTF8.GetString(tree.ReadFile("etc/os-release")!));
        var packages = await DebianArchive.GetAsync(["libexpat1", "libkeyutils1", "libpng16-16", "libacl1", "libgmp10", "libattr1", "libselinux1", "libpcre2-8-0", "coreutils"], architecture, TestContext.CancellationToken);

        var arranged = SystemLayers.Arrange(tree, packages, new SystemLayerOptions(folder["generated"]));

        var paths = arranged.Layers.SelectMany(layer => layer.Files).Select(file => file.Path).ToList();
        Assert.IsEmpty(paths.Where(path => path is "lib" or "bin" or "etc/passwd" or "tmp" || path.StartsWith("lib/", StringComparison.Ordinal) || path.StartsWith("bin/", StringComparison.Ordinal)));
        Assert.AreEqual("usr/lib", arranged.Tree.Find("lib")!.LinkTarget);

        // As an engine unpacks it: one layer over the other.
        var root = Directory.CreateDirectory(folder["root"]).FullName;
        foreach (var layer in image.Layers)
        {
            var file = folder["base.tar.gz"];
            await using (var blob = await layout.OpenBlobAsync(layer, TestContext.CancellationToken))
            await using (var copy = File.Create(file))
            {
                await blob.CopyToAsync(copy, TestContext.CancellationToken);
            }

            await TarAsync("-xzf", file, root);
        }

        await UnpackAsync(arranged, folder);
        Assert.AreEqual("usr/lib", new FileInfo(Path.Combine(root, "lib")).LinkTarget);
        if (architecture == "amd64" || Tool.Find("qemu-aarch64-static") is not null)
        {
            Assert.AreEqual("app", await InRootAsync(root, architecture, "/bin/stat", "-c", "%U", "/home/app"));
        }
    }

    private async Task<string> UnpackAsync(ArrangedLayers arranged, TempDirectory folder)
    {
        var root = Directory.CreateDirectory(folder["root"]).FullName;
        foreach (var layer in arranged.Layers)
        {
            var tar = folder[$"{layer.Title}.tar"];
            await using (var file = File.Create(tar))
            {
                await LayerWriter.WriteAsync(await LayerRecipe.ReadAsync(layer, TestContext.CancellationToken), file, TestContext.CancellationToken);
            }

            await TarAsync("-xf", tar, root);
        }

        return root;
    }

    private async Task TarAsync(string mode, string file, string root) =>
        (await new CommandLine("tar", "--numeric-owner", "-p", mode, file, "-C", root).RunAsync(TestContext.CancellationToken)).ShouldSucceed();

    /// <summary>Runs a program of the unpacked root; its output without the last line's end.</summary>
    private async Task<string> InRootAsync(string root, string architecture, string program, params string[] arguments)
    {
        string[] command = [program, .. arguments];
        if (architecture != "amd64")
        {
            // The emulator is static, so it starts in a root that has nothing for this machine.
            File.Copy(Tool.Find("qemu-aarch64-static")!, Path.Combine(root, "qemu"), overwrite: true);
            command = ["/qemu", .. command];
        }

        var run = await new CommandLine("chroot", [root, .. command]) { Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["TZ"] = "Asia/Yekaterinburg" } }.RunAsync(TestContext.CancellationToken);
        return run.ShouldSucceed().StandardOutput.TrimEnd('\n');
    }

    private sealed class OneStore(IImageStore store) : IImageSources
    {
        public IImageStore Open(BaseReference reference) => store;

        public IImageStore OpenCache(ImageReference reference) => store;
    }
}
