namespace MultiArch.Oci.Registry.Uploads;

/// <summary>Closes an upload session's address with the digest of what is uploaded.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put</remarks>
internal static class UploadLocation
{
    // A session's query is the registry's state, often signed: it goes back byte for byte.
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri WithDigest(Uri session, Digest digest)
    {
        var separator = session.Query switch { "" => "?", "?" => "", _ => "&" };
        return new Uri($"{session.AbsoluteUri}{separator}digest={Uri.EscapeDataString(digest.ToString())}", Verbatim);
    }
}
