namespace MultiArch.Oci.Storage;

/// <summary>Tells what reading has thrown: to those who read from one place and write to another, or have a second place to read from.</summary>
internal sealed class WatchedStream(Stream inner, Action<Exception> failed) : ReadOnlyStream
{
    public override bool Verifies(Digest digest, long size) => inner is ReadOnlyStream own && own.Verifies(digest, size);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e)
        {
            failed(e);
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
