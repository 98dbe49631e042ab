using System.Formats.Tar;
using MultiArch.Debian.DebFiles;
using MultiArch.Debian.RootFileSystem;
using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.RootFileSystem;

/// <summary>Packages of a few entries, a base, and what becomes of them.</summary>
internal sealed class TestSystem : IDisposable
{
    public TempDirectory Folder { get; } = new();

    public List<ExtractedPackage> Packages { get; } = [];

    public MergedTree Base { get; } = new();

    public SystemLayerOptions Options { get; set; }

    public TestSystem() => Options = new SystemLayerOptions(Folder["generated"]);

    public Task<ExtractedPackage> AddAsync(string name, params TarEntry[] entries) => AddAsync(new TestDeb { Name = name, Entries = [.. entries] });

    public async Task<ExtractedPackage> AddAsync(TestDeb deb)
    {
        var package = await deb.ExtractAsync(Folder);
        Packages.Add(package);
        return package;
    }

    /// <summary>A base with merged /usr and, if nothing else, one file.</summary>
    public TestSystem OnMergedBase()
    {
        Base.Put("usr/bin/sh", new TreeEntry(TreeEntryType.File, 0b111_101_101, 0, 0));
        foreach (var name in new[] { "bin", "lib" })
        {
            Base.Put($"usr/{name}", TreeEntry.ImpliedDirectory);
            Base.Put(name, new TreeEntry(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = $"usr/{name}" });
        }

        return this;
    }

    public ArrangedLayers Arrange() => SystemLayers.Arrange(Base, Packages, Options);

    /// <summary>Each path that packages and we put there, as <c>path type mode target</c>, without records and accounts.</summary>
    public string[] Describe() =>
        [.. Arrange().Layers.SelectMany(layer => layer.Files).Distinct()
            .Where(file => file.Type is not LayerEntryType.Directory && !file.Path.StartsWith("var/lib/dpkg/", StringComparison.Ordinal) && !file.Path.StartsWith("etc/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => $"{file.Path} {file.Type} {file.LinkTarget ?? file.HardLinkTarget}".TrimEnd())];

    public LayerFile Find(string path) => Arrange().Layers.SelectMany(layer => layer.Files).First(file => file.Path == path);

    public void Dispose() => Folder.Dispose();
}
