using System.Security.Cryptography;

namespace MultiArch.Oci.Layers;

/// <summary>A plan with every file read once: all that decides the bytes of the layer's tar, before any byte of it is made.</summary>
public sealed class LayerRecipe
{
    /// <summary>Goes up whenever the same entries would give another tar.</summary>
    private const int FormatVersion = 1;

    private const int Executable = 0b111_101_101;
    private const int Plain = 0b110_100_100;
    private const int Link = 0b111_111_111;
    private const int AllModeBits = 0b111_111_111_111;
    private const int HashedBytes = 64 * 1024;

    private LayerRecipe(string title, IReadOnlyList<LayerEntry> entries)
    {
        Title = title;
        Entries = entries;
        Identity = Identify(entries);
    }

    /// <inheritdoc cref="LayerPlan.Title"/>
    public string Title { get; }

    /// <summary>Each path once, in ordinal order, so every parent before its children; parents that the plan leaves out are 0:0 and 0755, or what every system gives /tmp and /root.</summary>
    public IReadOnlyList<LayerEntry> Entries { get; }

    /// <summary>
    /// The name under which a layer is known before it is packed: equal when version of the format and every entry's path, type, mode,
    /// owner, link target and content are. Equal identities give equal diffIDs.
    /// </summary>
    public Digest Identity { get; }

    /// <summary>Reads and hashes every file of a plan.</summary>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PathTwice"/>, <see cref="DiagnosticCodes.InvalidPath"/>, <see cref="DiagnosticCodes.FileVanished"/>,
    /// <see cref="DiagnosticCodes.CannotRead"/> or <see cref="DiagnosticCodes.NotARegularFile"/>, naming the file.
    /// </exception>
    public static async Task<LayerRecipe> ReadAsync(LayerPlan plan, CancellationToken cancellationToken)
    {
        var files = LayerTree.Arrange(plan);
        var entries = new LayerEntry[files.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, entries.Length, options, (i, token) =>
        {
            entries[i] = Describe(files[i], token);
            return ValueTask.CompletedTask;
        });
        HardLinks.TakeOver(entries);
        return new LayerRecipe(plan.Title, entries);
    }

    private static LayerEntry Describe(LayerFile file, CancellationToken cancellationToken)
    {
        if (file.Mode is < 0 or > AllModeBits)
        {
            throw new ArgumentException($"The mode {file.Mode} of '{file.Path}' is not within 0 to 07777.");
        }

        var content = file is { Type: LayerEntryType.File, Source: { } source } ? FileContent.Read(source, cancellationToken) : null;
        var mode = file.Mode ?? file.Type switch
        {
            LayerEntryType.Directory => Executable,
            LayerEntryType.Symlink => Link,
            _ => content is { IsExecutable: true } ? Executable : Plain,
        };
        return new LayerEntry(file.Path, file.Type, mode, file.Uid, file.Gid, file.HardLinkTarget ?? file.LinkTarget, content?.Size ?? 0, content?.Digest, file.Source);
    }

    private static Digest Identify(IReadOnlyList<LayerEntry> entries)
    {
        using var hash = SHA256.Create();
        using (var writer = new BinaryWriter(new BufferedStream(new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write), HashedBytes)))
        {
            // BinaryWriter puts the length before each text, so no two lists of entries write the same bytes.
            writer.Write(FormatVersion);
            writer.Write(entries.Count);
            foreach (var entry in entries)
            {
                writer.Write(entry.Path);
                writer.Write((int)entry.Type);
                writer.Write(entry.Mode);
                writer.Write(entry.Uid);
                writer.Write(entry.Gid);
                writer.Write(entry.LinkTarget ?? "");
                writer.Write(entry.Content?.Hex ?? "");
            }
        }

        return Digest.FromHash(hash.Hash);
    }
}
