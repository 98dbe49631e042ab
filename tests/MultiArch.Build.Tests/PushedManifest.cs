using System.Text;
using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What a tag in a registry points to, as a client gets it.</summary>
/// <param name="Digest">Of the bytes that came.</param>
internal sealed record PushedManifest(string MediaType, string Digest, string Text)
{
    private static readonly string[] MediaTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    public JsonDocument Document { get; } = JsonDocument.Parse(Text);

    public static async Task<PushedManifest> GetAsync(RegistryProcess registry, string repository, string tag, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{registry.Address}/v2/{repository}/manifests/{tag}"));
        request.Headers.Add("Accept", MediaTypes);
        using var response = await client.SendAsync(request, cancellationToken);
        Assert.IsTrue(response.IsSuccessStatusCode, $"{repository}:{tag}: {response.StatusCode}");
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new PushedManifest(response.Content.Headers.ContentType!.MediaType!, Oci.Digest.Of(bytes).ToString(), Encoding.UTF8.GetString(bytes));
    }
}
