using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Inspection;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Layers.Compression;
using MultiArch.Oci.Storage;
using MultiArch.Oci.Verification;

namespace MultiArch.Benchmarks.Micro;

/// <summary>What becomes of files on their way into a layer: hashed, put into a tar, compressed; and what their headers say.</summary>
public class PackingBenchmarks
{
    private const int FileCount = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("multiarch-").FullName;
    private LayerPlan _plan = null!; // set up before the first call
    private LayerRecipe _recipe = null!;
    private byte[] _content = null!;
    private byte[] _elf = null!;
    private ImageLayout _store = null!;
    private Descriptor _blob = null!;
    private Digest _diffId;

    private static readonly PlatformInspector Inspector = new(BinaryPlatform.Find("linux", "amd64", null, CLibrary.Glibc)!);

    /// <summary>This runtime's assemblies and libraries: what layers hold.</summary>
    private static IReadOnlyList<string> RuntimeFiles { get; } = [.. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Sources { get; } = [.. RuntimeFiles.Take(FileCount)];

    internal static long BytesOf(string method) => HeadersOf(method) > 0 ? 0 : Sources.Sum(file => new FileInfo(file).Length);

    internal static int HeadersOf(string method) => method switch
    {
        nameof(ReadElf) => 1,
        nameof(InspectHeaders) => RuntimeFiles.Count,
        _ => 0,
    };

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        foreach (var source in Sources)
        {
            File.Copy(source, Path.Combine(_folder, Path.GetFileName(source)));
        }

        _plan = new LayerPlan("app", FileTree.Read(_folder, "app"));
        _recipe = await LayerRecipe.ReadAsync(_plan, CancellationToken.None);
        using var tar = new MemoryStream();
        await LayerWriter.WriteAsync(_recipe, tar, CancellationToken.None);
        _content = tar.ToArray();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(_content);
        }

        (_blob, _diffId) = (new Descriptor(MediaTypes.OciLayerGzip, Digest.Of(packed.ToArray()), packed.Length), Digest.Of(_content));
        _store = ImageLayout.Create(Path.Combine(_folder, "store"));
        await _store.WriteBlobAsync(_blob, BlobSource.FromBytes(packed.ToArray()), CancellationToken.None);
        _elf = File.ReadAllBytes(Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libcoreclr.so").Single());
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "Read and hash the files of a layer (LayerRecipe)")]
    public Task<LayerRecipe> Hash() => LayerRecipe.ReadAsync(_plan, CancellationToken.None);

    [Benchmark(Description = "Write its tar (LayerWriter)")]
    public Task WriteTar() => LayerWriter.WriteAsync(_recipe, Stream.Null, CancellationToken.None);

    [Benchmark(Description = "Compress it with gzip, default level, one worker (CompressingStream)")]
    public Task GzipWithOne() => CompressAsync(LayerCompression.Default, workers: 1);

    [Benchmark(Description = "The same with a worker for each core")]
    public Task GzipWithAll() => CompressAsync(LayerCompression.Default, Environment.ProcessorCount);

    [Benchmark(Description = "The same with zstd, default level")]
    public Task ZstdWithAll() => CompressAsync(LayerCompression.Zstd(), Environment.ProcessorCount);

    [Benchmark(Description = "Read what a base's layer holds: unpack, hash both ways, keep its paths (ImageTreeReader)")]
    public Task<MergedTree> ReadTree() => new ImageTreeReader(folder: null, VerifiedContents.Selection).ReadAsync(_store, "base", _blob.Digest, [_blob], [_diffId], CancellationToken.None);

    [Benchmark(Description = "Read the headers of a library (ElfFile)")]
    public ElfFile? ReadElf() => ElfFile.TryRead(new MemoryStream(_elf));

    [Benchmark(Description = "Open every file of the runtime, read its headers and compare them with a platform (PlatformInspector)")]
    public int InspectHeaders()
    {
        var faults = 0;
        foreach (var path in RuntimeFiles)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            faults += Inspector.Inspect(path, BinaryFile.TryRead(file)) is null ? 0 : 1;
        }

        return faults;
    }

    private async Task CompressAsync(LayerCompression compression, int workers)
    {
        using var pool = new PackingPool(workers);
        await using var stream = new CompressingStream(Stream.Null, compression, pool);
        await stream.WriteAsync(_content);
        await stream.CompleteAsync(CancellationToken.None);
    }
}
