namespace MultiArch.Oci.Storage;

/// <summary>Tells how many bytes are read from a stream as they are.</summary>
internal sealed class CountingStream(Stream inner, Action<int> count) : ReadOnlyStream
{
    public override bool Verifies(Digest digest, long size) => inner is ReadOnlyStream own && own.Verifies(digest, size);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        count(read);
        return read;
    }
}
