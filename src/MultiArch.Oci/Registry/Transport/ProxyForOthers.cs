using System.Net;
using MultiArch.Oci.Registry.Hosts;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>The machine's proxy, for every other host: set without exceptions, it must not hide a local registry.</summary>
internal sealed class ProxyForOthers(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials { get => proxy.Credentials; set => proxy.Credentials = value; }

    /// <summary>Without user and password, which the handler takes from <see cref="Credentials"/> and would show in its exceptions.</summary>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null
        : proxy.GetProxy(destination) is { UserInfo.Length: > 0 } uri ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri
        : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => AddressScopes.IsLoopback(host) || proxy.IsBypassed(host);
}
