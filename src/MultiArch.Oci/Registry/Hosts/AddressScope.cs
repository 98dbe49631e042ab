using System.Net;

namespace MultiArch.Oci.Registry.Hosts;

/// <summary>From where an address can be reached, from everywhere to nowhere but here.</summary>
internal enum AddressScope
{
    Public,

    /// <summary>Within one organisation's network.</summary>
    Private,

    /// <summary>This machine, or its own link, where clouds keep the machine's credentials (169.254.169.254).</summary>
    Machine,
}

internal static class AddressScopes
{
    /// <summary>What can be said of a host by its name alone; null for one that has to be looked up.</summary>
    public static AddressScope? OfName(Uri uri)
    {
        var host = Name(uri);
        return IPAddress.TryParse(host, out var address) ? Of(address)
            : IsLocalhost(host) ? AddressScope.Machine
            : null;
    }

    /// <summary>
    /// Whether a host is one to look up. Uri takes names of which there is no form for the name service, and names that are another kind of host
    /// in that form: <c>10.0</c> with an invisible character is a name, and 10.0.0.0 without it.
    /// </summary>
    public static bool IsHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0 && (uri.HostNameType is not UriHostNameType.Dns || Uri.CheckHostName(uri.IdnHost) is UriHostNameType.Dns);
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>Host and port as a message may show them: letters that look like others are told apart, as the name service does.</summary>
    public static string Shown(Uri uri)
    {
        var host = uri.HostNameType is UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }

    /// <summary>Hosts that never leave the machine, so that http to them shows nobody anything.</summary>
    public static bool IsLoopback(Uri uri)
    {
        var host = Name(uri);
        return IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : IsLocalhost(host);
    }

    /// <remarks>https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry</remarks>
    public static AddressScope Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes switch
        {
            [0 or 127, _, _, _] or [169, 254, _, _] or [>= 224, _, _, _] => AddressScope.Machine,
            [10, _, _, _] or [172, >= 16 and <= 31, _, _] or [192, 168, _, _] or [100, >= 64 and <= 127, _, _] => AddressScope.Private,
            [_, _, _, _] => AddressScope.Public,
            // IPv4 in IPv6's clothes: mapped, and through NAT64.
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, .. var mapped] => Of(new IPAddress(mapped)),
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. var translated] => Of(new IPAddress(translated)),
            _ when IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6Multicast => AddressScope.Machine,
            _ when address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal => AddressScope.Private,
            _ => AddressScope.Public,
        };
    }

    /// <summary>As the name service gets it: full-width digits are digits, and a dot at the end means nothing.</summary>
    private static string Name(Uri uri) => uri.IdnHost.TrimEnd('.');

    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
