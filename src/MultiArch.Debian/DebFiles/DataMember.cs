using System.Formats.Tar;
using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.DebFiles;

/// <summary>Unpacks what a package installs: each file's bytes under their hash, so that no name of the archive is a name on this machine.</summary>
/// <param name="contentFolder">Absolute; is there.</param>
internal sealed class DataMember(string contentFolder)
{
    private const int BufferSize = 128 * 1024;

    private readonly Dictionary<string, PackageEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<PackageEntry> _inOrder = [];
    private readonly byte[] _buffer = new byte[BufferSize];

    /// <exception cref="Exception">The member is damaged or unsafe: as of <see cref="TarMember.Read"/>.</exception>
    public IReadOnlyList<PackageEntry> Read(Stream file, ArMember member, int maxEntries, long maxSize, CancellationToken cancellationToken)
    {
        TarMember.Read(file, member, maxEntries, maxSize, Visit, cancellationToken);

        // A folder that is named after its files is sound; a file that is a folder, too, is not.
        foreach (var entry in _inOrder)
        {
            CheckParents(entry.Path);
        }

        return _inOrder;
    }

    private void Visit(TarEntry tar)
    {
        var path = PackagePath.Parse(tar.Name);
        if (path.Length == 0)
        {
            return;
        }

        CheckParents(path);
        var entry = new PackageEntry(path, TypeOf(tar), (int)tar.Mode, tar.Uid, tar.Gid);
        entry = entry.Type switch
        {
            LayerEntryType.File => Keep(entry, tar),
            LayerEntryType.Symlink => WithLink(entry, tar.LinkName),
            LayerEntryType.HardLink => entry with { LinkTarget = FindFile(path, tar.LinkName) },
            _ => entry,
        };
        if (!_entries.TryAdd(path, entry))
        {
            throw PackagePath.Refuse(path, "is in it twice");
        }

        _inOrder.Add(entry);
    }

    private static LayerEntryType TypeOf(TarEntry tar) => tar.EntryType switch
    {
        TarEntryType.Directory => LayerEntryType.Directory,
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => LayerEntryType.File,
        TarEntryType.SymbolicLink => LayerEntryType.Symlink,
        TarEntryType.HardLink => LayerEntryType.HardLink,
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice => throw PackagePath.Refuse(tar.Name, "is a device"),
        TarEntryType.Fifo => throw PackagePath.Refuse(tar.Name, "is a named pipe"),
        _ => throw PackagePath.Refuse(tar.Name, $"is an entry of the unknown type {tar.EntryType}"),
    };

    private static PackageEntry WithLink(PackageEntry entry, string target)
    {
        PackagePath.CheckLink(entry.Path, target);
        return entry with { LinkTarget = target };
    }

    private string FindFile(string path, string name)
    {
        var target = PackagePath.Parse(name);
        return _entries.GetValueOrDefault(target) switch
        {
            { Type: LayerEntryType.File } => target,
            { Type: LayerEntryType.HardLink, LinkTarget: { } first } => first,
            _ => throw PackagePath.Refuse(path, $"is a hard link to '{OneLine.Of(target)}', which is no file before it"),
        };
    }

    private void CheckParents(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_entries.TryGetValue(path[..slash], out var parent) && parent.Type is not LayerEntryType.Directory)
            {
                throw PackagePath.Refuse(path, $"goes through '{parent.Path}', which it has as a {(parent.Type is LayerEntryType.Symlink ? "link" : "file")}");
            }
        }
    }

    private PackageEntry Keep(PackageEntry entry, TarEntry tar)
    {
        var unfinished = Path.Combine(contentFolder, $"{_inOrder.Count}.unfinished");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var content = tar.DataStream ?? Stream.Null;
            while (content.Read(_buffer) is > 0 and var read)
            {
                hash.AppendData(_buffer, 0, read);
                file.Write(_buffer, 0, read);
            }
        }

        var digest = Digest.FromHash(hash.GetHashAndReset());
        File.Move(unfinished, Path.Combine(contentFolder, digest.Hex), overwrite: true);
        return entry with { Size = tar.Length, Sha256 = digest };
    }
}
