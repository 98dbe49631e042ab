using System.Net;

namespace MultiArch.Oci.Registry.Authentication;

/// <summary>How far the host of an address reaches, as far as its spelling tells.</summary>
internal enum AddressKind
{
    /// <summary>A name, or an address of the internet.</summary>
    Public,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>A network of one's own.</summary>
    Private,

    /// <summary>Where clouds keep a machine's own credentials (169.254.169.254), or no host at all: unspecified, multicast.</summary>
    Special,
}

/// <inheritdoc cref="AddressKind"/>
internal static class AddressKinds
{
    /// <remarks>https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.</remarks>
    public static AddressKind Of(Uri uri)
    {
        // IdnHost makes ASCII of fullwidth digits and dots; a dot at the end changes nothing for the name service.
        var host = uri.IdnHost.TrimEnd('.');
        if (!IPAddress.TryParse(host, out var address))
        {
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                ? AddressKind.Loopback
                : AddressKind.Public;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(address) ? AddressKind.Loopback : Of(address.GetAddressBytes());
    }

    private static AddressKind Of(byte[] address) => address switch
    {
        [10, _, _, _] or [172, >= 16 and <= 31, _, _] or [192, 168, _, _] or [100, >= 64 and <= 127, _, _] => AddressKind.Private,
        [0, _, _, _] or [169, 254, _, _] or [>= 224, _, _, _] => AddressKind.Special,
        [_, _, _, _] => AddressKind.Public,
        [0xfc or 0xfd, ..] => AddressKind.Private, // Unique local.
        [0xfe, >= 0xc0, ..] => AddressKind.Private, // Site-local, of old.
        [0xfe, >= 0x80 and <= 0xbf, ..] or [0xff, ..] => AddressKind.Special,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] => AddressKind.Special, // Unspecified, and IPv4 in its deprecated disguise.
        [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. var translated] => Of(translated), // NAT64.
        _ => AddressKind.Public,
    };
}
