using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Storage;

namespace MultiArch.Registry.Tests;

/// <summary>A blob that counts how often its bytes are asked for.</summary>
internal sealed class TestBlob
{
    private readonly byte[] _content;

    private TestBlob(byte[] content)
    {
        _content = content;
        Descriptor = new Descriptor(MediaTypes.OciLayerGzip, Digest.Of(content), content.Length);
    }

    public Descriptor Descriptor { get; }

    public byte[] Content => [.. _content];

    public int Opened { get; private set; }

    public static TestBlob Of(string content) => new(System.Text.Encoding.UTF8.GetBytes(content));

    /// <param name="size">Bytes, the same ones every time.</param>
    public static TestBlob OfSize(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return new TestBlob(content);
    }

    /// <param name="sent">What is sent in place of the content.</param>
    public BlobSource Source(ImageReference? mountFrom = null, byte[]? sent = null) => new(_ => Task.FromResult<Stream>(Open(sent ?? _content)), mountFrom);

    private MemoryStream Open(byte[] content)
    {
        Opened++;
        return new MemoryStream(content, writable: false);
    }
}
