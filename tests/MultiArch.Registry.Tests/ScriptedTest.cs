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

    private readonly List<RegistryTransport> _others = [];

    /// <summary>As often as a publish tries, and waits for nothing.</summary>
    protected static RegistryOptions Patient { get; } = new()
    {
        IdleTimeout = TimeSpan.FromSeconds(10),
        Retries = RetryLimits.Default with { Step = TimeSpan.FromMilliseconds(1), LongestStep = TimeSpan.FromMilliseconds(1) },
    };

    protected ScriptedRegistry Registry { get; } = new();

    protected CancellationToken CancellationToken => context.CancellationToken;

    protected RegistryClient Client => field ??= new RegistryClient(new ImageReference(Registry.Address, "app"), _transport);

    /// <summary>A client of the same repository, with connections and a memory of its own.</summary>
    protected RegistryClient Connect(RegistryOptions options)
    {
        var transport = new RegistryTransport(options);
        _others.Add(transport);
        return new RegistryClient(new ImageReference(Registry.Address, "app"), transport);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _others.ForEach(transport => transport.Dispose());
        _transport.Dispose();
        Registry.Dispose();
    }
}
