using System.Globalization;
using MultiArch.Oci;

namespace MultiArch.Testing.InMemory;

/// <summary>Answers as the specification has it, and as registries do where it leaves a choice.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md</remarks>
/// <param name="refusesDangling">Whether a manifest is refused as long as something that it names is not there.</param>
internal sealed class RegistryApi(RegistryContent content, bool refusesDangling)
{
    /// <summary>Where uploads go, as scheme, host and port; null for where they began.</summary>
    public string? UploadOrigin { get; init; }

    public Reply Answer(RegistryCall call, ReceivedRequest request) => call.Kind switch
    {
        RequestKind.HeadBlob or RequestKind.GetBlob => ReadBlob(call),
        RequestKind.Mount => content.Mount(call.Repository, request.Query("from").FirstOrDefault() ?? "", call.Subject)
            ? Stored(call.Repository, "blobs", call.Subject)
            : StartUpload(call),
        RequestKind.StartUpload => StartUpload(call),
        RequestKind.PatchUpload => Append(call, request),
        RequestKind.PutBlob => FinishUpload(call, request),
        RequestKind.UploadStatus => content.Append(call.Subject, from: null, []) is { } upload ? Progress(204, call, upload.Length) : NoSession(),
        RequestKind.CancelUpload => content.EndUpload(call.Subject) is null ? NoSession() : new Reply(204),
        RequestKind.HeadManifest or RequestKind.GetManifest => ReadManifest(call),
        RequestKind.PutManifest or RequestKind.PutTag => WriteManifest(call, request),
        RequestKind.Other when request.Path == "/v2/" => new Reply(200, "{}"),
        _ => Error(404, "UNSUPPORTED", $"no such thing as {request.Method} {request.Path}"),
    };

    public static Reply Error(int status, string code, string message) => new(status, $$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""");

    private Reply ReadBlob(RegistryCall call) => content.Blob(call.Repository, call.Subject) is { } bytes
        ? new Reply(200, bytes, "application/octet-stream") { Headers = { ["Docker-Content-Digest"] = call.Subject } }
        : Error(404, "BLOB_UNKNOWN", "blob unknown to registry");

    private Reply StartUpload(RegistryCall call) => Progress(202, call with { Subject = content.StartUpload() }, 0);

    private Reply Append(RegistryCall call, ReceivedRequest request)
    {
        var range = request.Headers.GetValueOrDefault("Content-Range");
        var from = range is null ? (long?)null : long.Parse(range.Split('-')[0], CultureInfo.InvariantCulture);
        return content.Append(call.Subject, from, request.Body) switch
        {
            null => NoSession(),
            { Fits: false, Length: var length } => Progress(416, call, length),
            { Length: var length } => Progress(202, call, length),
        };
    }

    private Reply FinishUpload(RegistryCall call, ReceivedRequest request)
    {
        if (content.Append(call.Subject, from: null, request.Body) is null || content.EndUpload(call.Subject) is not { } bytes)
        {
            return NoSession();
        }

        if (request.Query("digest").FirstOrDefault() is not { } digest || digest != Digest.Of(bytes).ToString())
        {
            return Error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        content.AddBlob(call.Repository, bytes);
        return Stored(call.Repository, "blobs", digest);
    }

    private Reply ReadManifest(RegistryCall call) => content.Manifest(call.Repository, call.Subject) is { } manifest
        ? new Reply(200, manifest.Bytes, manifest.MediaType) { Headers = { ["Docker-Content-Digest"] = Digest.Of(manifest.Bytes).ToString() } }
        : Error(404, "MANIFEST_UNKNOWN", "manifest unknown");

    private Reply WriteManifest(RegistryCall call, ReceivedRequest request)
    {
        var digest = Digest.Of(request.Body).ToString();
        if (call.Kind is RequestKind.PutManifest && call.Subject != digest)
        {
            return Error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }

        if (refusesDangling && content.FindMissingReferences(call.Repository, request.Body) is { Count: > 0 } missing)
        {
            return Error(400, "MANIFEST_BLOB_UNKNOWN", $"unknown to registry: {missing[0]}");
        }

        content.AddManifest(call.Repository, request.Headers.GetValueOrDefault("Content-Type", ""), request.Body);
        if (call.Kind is RequestKind.PutTag)
        {
            content.MoveTag(call.Repository, call.Subject, digest);
        }

        return Stored(call.Repository, "manifests", digest);
    }

    private Reply Progress(int status, RegistryCall call, long length) => new(status)
    {
        Headers =
        {
            // The state changes with every step, so that a client that keeps an old address is found out by its tests.
            ["Location"] = $"{UploadOrigin}/v2/{call.Repository}/blobs/uploads/{call.Subject}?_state={length}%2Bx",
            ["Range"] = $"0-{Math.Max(0, length - 1)}",
            ["Docker-Upload-UUID"] = call.Subject,
        },
    };

    private static Reply Stored(string repository, string collection, string digest) => new(201)
    {
        Headers = { ["Location"] = $"/v2/{repository}/{collection}/{digest}", ["Docker-Content-Digest"] = digest },
    };

    private static Reply NoSession() => Error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
}
