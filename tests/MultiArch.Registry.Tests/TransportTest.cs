using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>A transport with a clock, a network and a log of the test's own; what it sends is described by the test.</summary>
public abstract class TransportTest(TestContext context) : IProgress<RegistryEvent>, IDisposable
{
    protected const int Timeout = 30_000;

    private readonly List<IDisposable> _owned = [];
    private readonly List<RegistryEvent> _events = [];

    protected CancellationToken CancellationToken => context.CancellationToken;

    protected LeapingTime Time { get; } = new();

    /// <summary>What was told on the way, in order.</summary>
    protected IReadOnlyList<RegistryEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    protected IEnumerable<RegistryEvent.Retrying> Retries => Events.OfType<RegistryEvent.Retrying>();

    public void Report(RegistryEvent value)
    {
        lock (_events)
        {
            _events.Add(value);
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _owned.Reverse();
        _owned.ForEach(owned => owned.Dispose());
    }

    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    protected RegistryOptions Options => new() { Time = Time, Progress = this, IdleTimeout = TimeSpan.FromSeconds(10) };

    protected RegistryTransport Transport(RegistryOptions? options = null) => Own(new RegistryTransport(options ?? Options));

    private protected static RepositoryAddress Address(string registry, RegistryTransport transport) =>
        new(new ImageReference(registry, "app"), isInsecure: transport.Options.IsInsecure(registry));

    /// <summary>Sends a request as an operation does, again and again if need be, and returns the answer's body.</summary>
    private protected async Task<string> AskAsync(RegistryTransport transport, RepositoryAddress address, HttpMethod? method = null, RequestBody? body = null, CancellationToken? cancellationToken = null)
    {
        var request = new RegistryRequest(method ?? HttpMethod.Get, address.Manifest("1.0"), address, "read the manifest 1.0 of app") { Body = body };
        return await transport.Retries.RunAsync(
            address,
            request.Action,
            async (_, token) =>
            {
                using var response = await transport.SendAsync(request, token);
                return response.IsSuccess
                    ? System.Text.Encoding.UTF8.GetString(await response.ReadBodyAsync(1024, token))
                    : throw await ResponseFailure.ReadAsync(response, token);
            },
            cancellationToken ?? CancellationToken);
    }

    private protected Task<string> AskAsync(RegistryTransport transport, string registry) => AskAsync(transport, Address(registry, transport));
}
