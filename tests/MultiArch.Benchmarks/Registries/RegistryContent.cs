using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MultiArch.Oci;

namespace MultiArch.Benchmarks.Registries;

/// <summary>One repository as a stranger reads and writes it: with none of the code that is measured.</summary>
/// <param name="registry">Host and port, without TLS.</param>
internal sealed class RegistryContent(string registry, string repository)
{
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    private static readonly HttpClient Http = new();

    private string Root => $"http://{registry}/v2/{repository}";

    public async Task<JsonNode> ReadManifestAsync(string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/manifests/{reference}");
        foreach (var type in new[] { Index, Manifest, "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json" })
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync())!;
    }

    public async Task<JsonNode> ReadConfigAsync(string digest) => JsonNode.Parse(await Http.GetByteArrayAsync(new Uri($"{Root}/blobs/{digest}")))!;

    public Task<Stream> OpenBlobAsync(string digest) => Http.GetStreamAsync(new Uri($"{Root}/blobs/{digest}"));

    /// <returns>Bytes; null when the blob is not there.</returns>
    public async Task<long?> FindBlobSizeAsync(string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"{Root}/blobs/{digest}");
        using var response = await Http.SendAsync(request);
        return response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
    }

    /// <summary>Stores an index under another tag with more platforms, each of them a copy of the first image that claims to be it.</summary>
    /// <remarks>Nothing of such an image runs; a publish reads no more of a base than its documents.</remarks>
    public async Task AddPlatformsAsync(string tag, string newTag, params IEnumerable<(string Architecture, string? Variant)> platforms)
    {
        var index = await ReadManifestAsync(tag);
        var manifest = await ReadManifestAsync((string)index["manifests"]![0]!["digest"]!);
        var config = await ReadConfigAsync((string)manifest["config"]!["digest"]!);
        foreach (var (architecture, variant) in platforms)
        {
            config["architecture"] = architecture;
            config["variant"] = variant;
            var (configBytes, configDigest) = Serialize(config);
            await PutBlobAsync(configBytes, configDigest);
            manifest["config"]!["digest"] = configDigest;
            manifest["config"]!["size"] = configBytes.Length;
            var (bytes, digest) = Serialize(manifest);
            await PutManifestAsync(bytes, digest, Manifest);
            var platform = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
            if (variant is not null)
            {
                platform["variant"] = variant;
            }

            index["manifests"]!.AsArray().Add(new JsonObject { ["mediaType"] = Manifest, ["digest"] = digest, ["size"] = bytes.Length, ["platform"] = platform });
        }

        await PutManifestAsync(Serialize(index).Bytes, newTag, Index);
    }

    private static (byte[] Bytes, string Digest) Serialize(JsonNode document)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
        return (bytes, Digest.Of(bytes).ToString());
    }

    private async Task PutBlobAsync(byte[] bytes, string digest)
    {
        using var begin = await Http.PostAsync(new Uri($"{Root}/blobs/uploads/"), content: null);
        var location = begin.EnsureSuccessStatusCode().Headers.Location!.ToString();
        var separator = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var end = await Http.PutAsync(new Uri(new Uri(Root), $"{location}{separator}digest={Uri.EscapeDataString(digest)}"), new ByteArrayContent(bytes));
        end.EnsureSuccessStatusCode();
    }

    private async Task PutManifestAsync(byte[] bytes, string reference, string mediaType)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var response = await Http.PutAsync(new Uri($"{Root}/manifests/{reference}"), content);
        response.EnsureSuccessStatusCode();
    }
}
