using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>
/// Keeps a registry from sending us where it cannot look itself: one that the whole world reaches has no business in this machine's or its
/// owner's network. A private registry may send us to private addresses, and one on this machine anywhere.
/// </summary>
internal sealed class NetworkBoundary(MachineNetwork network)
{
    /// <summary>What a message is sent for.</summary>
    public static readonly HttpRequestOptionsKey<RegistryRequest> Request = new("MultiArch.Oci.RegistryRequest");

    private const string CorrectAddress = "Let the registry's operator correct its public address.";

    private readonly ConcurrentDictionary<string, AddressScope> _registries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at a host that is an address; a name is looked at when it is connected to.</summary>
    /// <exception cref="RegistryException"><see cref="DiagnosticCodes.RegistryUntrusted"/>.</exception>
    public void Check(RegistryRequest request)
    {
        if (!request.Address.IsOrigin(request.Uri) && AddressScopes.OfName(request.Uri) is { } scope && scope > ScopeOf(request.Address))
        {
            throw new RegistryException(DiagnosticCodes.RegistryUntrusted, $"{Explain(request, scope)} {CorrectAddress}", Retry.Never);
        }
    }

    /// <summary>Connects, to a proxy if that is what stands in between.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        // A tunnel through a proxy is asked for by a message of the handler's own.
        if (!context.InitialRequestMessage.Options.TryGetValue(Request, out var request) || host != request.Uri.IdnHost || port != request.Uri.Port)
        {
            return await ConnectToProxyAsync(host, port, cancellationToken);
        }

        var isOrigin = request.Address.IsOrigin(request.Uri);
        var addresses = AddressScopes.IsLoopback(request.Uri)
            ? await ResolveThisMachineAsync(host, request, cancellationToken)
            : await network.ResolveAsync(host, cancellationToken);
        var (stream, address) = await network.ConnectAsync(isOrigin ? addresses : Allowed(addresses, request), port, cancellationToken);
        if (isOrigin)
        {
            // The most public one counts: whose name it is can let it lead into a private network the next time.
            var scope = AddressScopes.Of(address);
            _registries.AddOrUpdate(request.Address.Registry, scope, (_, known) => known < scope ? known : scope);
        }

        return stream;
    }

    /// <summary>
    /// A name that means this machine may lead nowhere else, since plain http is spoken to it. The name service need not know it, and one that is
    /// not this machine's own may say anything.
    /// </summary>
    /// <remarks>https://www.rfc-editor.org/rfc/rfc6761#section-6.3</remarks>
    private async Task<IPAddress[]> ResolveThisMachineAsync(string host, RegistryRequest request, CancellationToken cancellationToken)
    {
        IPAddress[] known = [];
        try
        {
            known = await network.ResolveAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            // It does not know it.
        }

        IPAddress[] here = known.Length > 0 ? [.. known.Where(IPAddress.IsLoopback)] : [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return here.Length > 0 ? here : throw new AddressRefusedException(
            $"{request.Host}, to be asked to {request.Action}, leads to {known[0]}, which is not this machine, and we did not go.",
            "Correct it in this machine's name service or hosts file, or use a name that does not end in localhost.");
    }

    private async Task<Stream> ConnectToProxyAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await network.ResolveAsync(host, cancellationToken);
            return (await network.ConnectAsync(addresses, port, cancellationToken)).Stream;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ProxyUnreachableException($"{host}:{port}", e);
        }
    }

    private IPAddress[] Allowed(IPAddress[] addresses, RegistryRequest request)
    {
        var allowed = addresses.Where(address => AddressScopes.Of(address) <= ScopeOf(request.Address)).ToArray();
        return allowed.Length > 0 || addresses.Length == 0
            ? allowed
            : throw new AddressRefusedException(Explain(request, AddressScopes.Of(addresses[0])), CorrectAddress);
    }

    private AddressScope ScopeOf(RepositoryAddress registry) =>
        registry.IsLocal ? AddressScope.Machine
        : _registries.TryGetValue(registry.Registry, out var scope) ? scope
        : registry.NamedScope;

    private static string Explain(RegistryRequest request, AddressScope scope) =>
        $"{request.Address.Registry}, asked to {request.Action}, sent us to {AddressScopes.Shown(request.Uri)}, "
            + $"{(scope is AddressScope.Machine ? "an address of this machine" : "an address of a private network")}, and we did not go.";
}

/// <summary>A name has an address that we do not go to.</summary>
/// <param name="reason">With its full stop.</param>
internal sealed class AddressRefusedException(string reason, string nextStep) : IOException(reason)
{
    /// <summary>With its full stop.</summary>
    public string NextStep { get; } = nextStep;
}

/// <summary>The machine's proxy cannot be connected to.</summary>
/// <param name="proxy">Host and port.</param>
internal sealed class ProxyUnreachableException(string proxy, Exception innerException) : IOException(innerException.Message, innerException)
{
    public string Proxy { get; } = proxy;
}
