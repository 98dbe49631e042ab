using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>A scripted registry and a client of its repository <c>app</c>, one of each for every test.</summary>
public abstract class ScriptedTest(TestContext context) : IDisposable
{
    protected const int Timeout = 30_000;

    private readonly RegistryTransport _transport = new(new RegistryOptions { IdleTimeout = TimeSpan.FromSeconds(10), Retries = RetryLimits.None });

    protected ScriptedRegistry Registry { get; } = new();

    protected CancellationToken CancellationToken => context.CancellationToken;

    protected RegistryClient Client => field ??= new RegistryClient(new ImageReference(Registry.Address, "app"), _transport);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _transport.Dispose();
        Registry.Dispose();
    }
}
