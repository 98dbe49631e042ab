namespace MultiArch.Oci.Registry.Transport;

/// <summary>A response's body that fails as the rest of the transport does: with a line for people, and not by silence.</summary>
internal sealed class ResponseStream(Stream inner, RegistryResponse response, TimeSpan idleTimeout) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var idle = new IdleLimit(idleTimeout, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, idle.Token);
        }
        catch (Exception e) when (ConnectionFailure.IsOne(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ConnectionFailure.Describe(e, response.Request, idle);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
