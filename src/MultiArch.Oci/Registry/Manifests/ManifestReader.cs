using System.Text.Json;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Manifests;

/// <summary>Reads a manifest or index out of an answer, and believes nothing that can be checked.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests</remarks>
internal static class ManifestReader
{
    /// <param name="response">An answer of status 200.</param>
    /// <param name="reference">The tag or digest that was asked for.</param>
    public static async Task<Document> ReadAsync(RegistryResponse response, string reference, CancellationToken cancellationToken)
    {
        var bytes = await response.ReadBodyAsync(Document.MaxSize, cancellationToken);
        var name = $"{response.Request.Address.Registry}/{response.Request.Address.Repository}";
        if (bytes.Length > Document.MaxSize)
        {
            throw new MultiArchException(
                DiagnosticCodes.DocumentTooLarge,
                $"The manifest {reference} of {name} is larger than {Document.MaxSize} bytes, and was not read to its end. "
                    + "Name an image that is no larger.");
        }

        var document = new Document(MediaType(response, reference, name, bytes), bytes);
        if (Digest.TryParse(reference, out var digest) && digest != document.Digest)
        {
            throw new MultiArchException(
                DiagnosticCodes.RegistryContentMismatch,
                $"{response.Request.Host} answered with {document.Digest} when asked for the manifest {digest} of {name}. "
                    + "Nothing of it was used; look at the proxies in between, or tell the registry's operator.");
        }

        return document;
    }

    /// <summary>What the document is: header and body have to agree, or two clients may take it for two things (CVE-2021-41190).</summary>
    private static string MediaType(RegistryResponse response, string reference, string name, byte[] bytes)
    {
        var declared = response.ContentType;
        if (declared is null || !MediaTypes.Manifests.Contains(declared))
        {
            var address = response.Request.Address;
            throw new MultiArchException(
                DiagnosticCodes.NotARegistry,
                $"{response.Request.Host}, asked for the manifest {reference} of {name}, "
                    + $"answered with {OneLine.Of(declared ?? "no type")}, which is no OCI or Docker image. Correct {address.Settings}.");
        }

        if (MediaTypeMember(bytes) is { } stated && stated != declared)
        {
            throw new MultiArchException(
                DiagnosticCodes.RegistryContentMismatch,
                $"The manifest {reference} of {name} arrived as {declared} and calls itself {OneLine.Of(stated)}. "
                    + "Nothing of it was used; ask its publisher for a sound one.");
        }

        return declared;
    }

    /// <summary>The top-level <c>mediaType</c>; null when there is none, or no JSON: whoever parses the document says so.</summary>
    private static string? MediaTypeMember(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.TryGetProperty("mediaType", out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
