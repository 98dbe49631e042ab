using System.Text;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Tests.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Tests.Verification;

/// <summary>An image of one platform, put together by a test.</summary>
internal sealed class TestImage(string platform = "linux/amd64", CLibrary library = CLibrary.Glibc, string? runtimeIdentifier = "linux-x64")
{
    private readonly MergedTree _tree = new();
    private readonly List<BinaryInImage> _binaries = [];
    private readonly List<AppFile> _appFiles = [];

    public BinaryPlatform Platform { get; } = SyntheticPlatform.Find(platform, library);

    public Dictionary<string, string> Environment { get; } = [];

    public string[] Command { get; set; } = [];

    public bool ReadsBase { get; set; } = true;

    /// <summary>Debian, as far as it matters here.</summary>
    public TestImage OnDebian(string version = "2.36") => Base("/usr/lib/x86_64-linux-gnu/libstdc++.so.6")
        .Base("/usr/lib/x86_64-linux-gnu/libgcc_s.so.1")
        .Base("/usr/lib/x86_64-linux-gnu/libm.so.6")
        .Base("/usr/lib/x86_64-linux-gnu/libc.so.6", new SyntheticElf { SharedObjectName = "libc.so.6", DefinedVersions = ["GLIBC_2.2.5", $"GLIBC_{version}", "GLIBC_2.17", "GLIBC_PRIVATE"] }.ToBytes())
        .Link("/lib", "usr/lib")
        .Link("/lib64", "usr/lib64")
        .Base("/usr/lib64/ld-linux-x86-64.so.2");

    /// <summary>Alpine, as far as it matters here.</summary>
    public TestImage OnAlpine() => Base("/lib/ld-musl-x86_64.so.1", [.. "junk\0"u8, .. "1.2.5\0Version %s\0"u8]).Link("/lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1").Base("/usr/lib/libstdc++.so.6").Base("/usr/lib/libgcc_s.so.1");

    /// <summary>A file of which nobody read the headers.</summary>
    public TestImage Base(string path, byte[]? content = null)
    {
        _tree.Put(path, new TreeEntry(TreeEntryType.File, 0, 0, 0) { Content = content });
        return this;
    }

    public TestImage Link(string path, string target)
    {
        _tree.Put(path, new TreeEntry(TreeEntryType.Symlink, 0, 0, 0) { LinkTarget = target });
        return this;
    }

    public TestImage With(string path, byte[] bytes, bool isOfSystem = false)
    {
        Base(path);
        _binaries.Add(new BinaryInImage(path, BinaryFile.TryRead(new MemoryStream(bytes))!) { IsOfSystem = isOfSystem });
        return this;
    }

    public TestImage With(string path, SyntheticElf file) => With(path, file.ToBytes());

    public TestImage WithJson(string path, string json)
    {
        Base(path);
        _appFiles.Add(new AppFile(path, Encoding.UTF8.GetBytes(json)));
        return this;
    }

    public ImageContents Contents() => new(_tree, Platform, _binaries, Environment);

    public IReadOnlyList<PlatformFault> Faults() => PlatformVerification.FindFaults(new VerifiedImage(Platform, _binaries)
    {
        RuntimeIdentifier = runtimeIdentifier,
        Contents = ReadsBase ? Contents() : null,
        AppFiles = _appFiles,
        WorkingDirectory = "/app",
        Command = Command,
        Environment = Environment,
    });

    /// <summary>Kind, severity, path and what was found, each fault a line.</summary>
    public string Lines() => string.Join('\n', Faults().Select(fault => $"{fault.Kind} {(fault.IsCertain ? "certain" : "likely")} {fault.Path}: {fault.Found}"));
}
