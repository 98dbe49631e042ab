using System.Collections.Concurrent;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Publishing;

/// <summary>Reads the headers of a platform's files. Equal files, as of assemblies for any processor, are read once for all platforms.</summary>
internal sealed class HeaderReader
{
    // Bytes. Shorter than any header.
    private const int MinSize = 32;

    // Bytes. Of an app with 10,000 packages.
    private const int MaxAppFile = 32 << 20;

    private readonly ConcurrentDictionary<Digest, BinaryFile?> _known = new();
    private int _count;

    /// <summary>Headers that were read.</summary>
    public int Count => _count;

    /// <exception cref="MultiArchException">A file is gone, or cannot be read.</exception>
    public async Task<(IReadOnlyList<BinaryInImage> Binaries, IReadOnlyList<AppFile> AppFiles)> ReadAsync(PlatformImage platform, CancellationToken cancellationToken)
    {
        var entries = platform.Recipes.Zip(platform.Plan.Layers)
            .SelectMany(layer => layer.First.Entries.Select(entry => (Entry: entry, layer.Second.IsOfSystem)))
            .Where(file => file.Entry is { Source: not null, Content: not null, Size: >= MinSize })
            .ToList();
        var binaries = new BinaryInImage?[entries.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, entries.Count, options, (i, _) =>
        {
            var (entry, isOfSystem) = entries[i];
            binaries[i] = Read(entry) is { } binary ? new BinaryInImage("/" + entry.Path, binary) { IsOfSystem = isOfSystem } : null;
            return ValueTask.CompletedTask;
        });
        var appFiles = entries.Where(file => AppFile.IsOne(file.Entry.Path) && file.Entry.Size <= MaxAppFile).Select(file => new AppFile("/" + file.Entry.Path, ReadAll(file.Entry.Source!)));
        return ([.. binaries.OfType<BinaryInImage>()], [.. appFiles]);
    }

    private BinaryFile? Read(LayerEntry entry) => _known.GetOrAdd(entry.Content!.Value, (_, source) => ReadHeaders(source), entry.Source!);

    private BinaryFile? ReadHeaders(string source)
    {
        try
        {
            using var file = SourceFile.Open(source);
            var binary = BinaryFile.TryRead(file);
            if (binary is not null)
            {
                Interlocked.Increment(ref _count);
            }

            return binary;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Fault(source, e);
        }
    }

    private static byte[] ReadAll(string source)
    {
        try
        {
            using var file = SourceFile.Open(source);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Fault(source, e);
        }
    }
}
