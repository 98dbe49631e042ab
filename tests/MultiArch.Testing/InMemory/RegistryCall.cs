using MultiArch.Oci;

namespace MultiArch.Testing.InMemory;

/// <summary>A request as a registry understands it.</summary>
/// <param name="Repository">Empty where none is asked about.</param>
/// <param name="Subject">A digest, a tag or the name of an upload session; empty where there is none.</param>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints</remarks>
public sealed record RegistryCall(RequestKind Kind, string Repository, string Subject)
{
    public static RegistryCall Of(ReceivedRequest request)
    {
        if (request.Path == "/token")
        {
            return new RegistryCall(RequestKind.Token, "", "");
        }

        var parts = request.Path.Split('/');
        return parts switch
        {
            ["", "v2", .. var name, "blobs", "uploads", ""] => Start(request, string.Join('/', name)),
            ["", "v2", .. var name, "blobs", "uploads", var session] => Continue(request, string.Join('/', name), session),
            ["", "v2", .. var name, "blobs", var digest] when request.Method is "HEAD" or "GET" =>
                new RegistryCall(request.Method is "HEAD" ? RequestKind.HeadBlob : RequestKind.GetBlob, string.Join('/', name), digest),
            ["", "v2", .. var name, "manifests", var reference] when ManifestKind(request.Method, reference) is { } kind =>
                new RegistryCall(kind, string.Join('/', name), reference),
            _ => new RegistryCall(RequestKind.Other, "", ""),
        };
    }

    private static RegistryCall Start(ReceivedRequest request, string repository) => request.Method switch
    {
        "POST" when request.Query("mount").FirstOrDefault() is { } digest => new RegistryCall(RequestKind.Mount, repository, digest),
        "POST" => new RegistryCall(RequestKind.StartUpload, repository, ""),
        _ => new RegistryCall(RequestKind.Other, "", ""),
    };

    private static RegistryCall Continue(ReceivedRequest request, string repository, string session) => new(
        request.Method switch
        {
            "PATCH" => RequestKind.PatchUpload,
            "PUT" => RequestKind.PutBlob,
            "GET" => RequestKind.UploadStatus,
            "DELETE" => RequestKind.CancelUpload,
            _ => RequestKind.Other,
        },
        repository,
        session);

    private static RequestKind? ManifestKind(string method, string reference) => method switch
    {
        "HEAD" => RequestKind.HeadManifest,
        "GET" => RequestKind.GetManifest,
        "PUT" => Digest.TryParse(reference, out _) ? RequestKind.PutManifest : RequestKind.PutTag,
        _ => null,
    };
}
