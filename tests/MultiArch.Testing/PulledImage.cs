using System.Text.Json;
using MultiArch.Oci;
using MultiArch.Oci.Formats;

namespace MultiArch.Testing;

/// <summary>A client that this project did not write.</summary>
public enum PullClient
{
    /// <summary>skopeo pulls, umoci unpacks; the image then starts in namespaces of its own, with its root file system as root.</summary>
    Skopeo,

    /// <summary>buildah pulls, unpacks and starts.</summary>
    Buildah,
}

/// <summary>One platform of an image, chosen and pulled by an independent client, with its root file system unpacked.</summary>
public sealed class PulledImage : IAsyncDisposable
{
    private const string Container = "pulled";
    private const string ConfigBlob = "Config"; // in what buildah inspect prints: the blob as it was pulled
    private const string AcceptAnything = """{"default":[{"type":"insecureAcceptAnything"}]}""";

    private readonly TempDirectory _folder;

    private PulledImage(PullClient client, string reference, Platform platform, TempDirectory folder, ImageConfig config, string rootFileSystem)
    {
        Client = client;
        Reference = reference;
        Platform = platform;
        _folder = folder;
        Config = config;
        RootFileSystem = rootFileSystem;
    }

    public PullClient Client { get; }

    public string Reference { get; }

    /// <summary>What was asked for; <see cref="ImageConfig.Platform"/> of <see cref="Config"/> is what came.</summary>
    public Platform Platform { get; }

    public ImageConfig Config { get; }

    /// <summary>The absolute path of the unpacked layers.</summary>
    public string RootFileSystem { get; }

    /// <summary>What the image starts: its Entrypoint, then its Cmd.</summary>
    public IReadOnlyList<string> Command => [.. Config.Config?.Entrypoint ?? [], .. Config.Config?.Cmd ?? []];

    /// <param name="reference"><c>127.0.0.1:5000/repository:tag</c>, with <c>@sha256:…</c> for a digest, or <c>oci:/folder:tag</c> for a layout.</param>
    public static async Task<PulledImage> PullAsync(
        PullClient client, string reference, Platform platform, CancellationToken cancellationToken = default)
    {
        Tool.RequireRoot();
        Tool.Require(client is PullClient.Skopeo ? ["skopeo", "umoci", "unshare"] : ["buildah", "unshare"]);
        var folder = new TempDirectory();
        try
        {
            return client is PullClient.Skopeo
                ? await PullWithSkopeoAsync(reference, platform, folder, cancellationToken)
                : await PullWithBuildahAsync(reference, platform, folder, cancellationToken);
        }
        catch
        {
            await RemoveAsync(folder);
            throw;
        }
    }

    /// <summary>The path of a file in <see cref="RootFileSystem"/>, symbolic links resolved as the image would see them.</summary>
    public string this[string path] => new RootedPath(RootFileSystem).Resolve(path);

    public async ValueTask DisposeAsync()
    {
        if (Client is PullClient.Buildah)
        {
            await Buildah(_folder, "umount", Container).RunAsync();
            await Buildah(_folder, "rm", Container).RunAsync();
        }

        await RemoveAsync(_folder);
    }

    /// <summary><c>buildah run</c> in the pulled container; Env, User and WorkingDir are the image's, for buildah reads them itself.</summary>
    internal CommandLine BuildahRun(IReadOnlyDictionary<string, string> environment, IEnumerable<string> command) =>
        Buildah(
            _folder,
            ["run", "--isolation", "chroot", "--network", "host", .. environment.Select(variable => $"--env={variable.Key}={variable.Value}"), Container, "--", .. command]);

    private static async Task<PulledImage> PullWithSkopeoAsync(string reference, Platform platform, TempDirectory folder, CancellationToken cancellationToken)
    {
        string[] choice = ["--insecure-policy", "--override-os", platform.OS, "--override-arch", platform.Architecture];
        if (platform.Variant is { } variant)
        {
            choice = [.. choice, "--override-variant", variant];
        }

        var image = $"oci:{folder["image"]}:{Container}";
        await SucceedAsync(new CommandLine("skopeo", [.. choice, "copy", "--src-tls-verify=false", Transport(reference), image]), cancellationToken);
        var (manifest, config) = ReadLayout(folder["image"]);

        var unpacked = folder["image"];
        if (manifest.Layers.Any(layer => layer.MediaType is MediaTypes.OciLayerZstd))
        {
            // umoci 0.4.7 knows no zstd; the config, and with it each diffID that umoci checks, stays the same.
            unpacked = folder["gzip"];
            await SucceedAsync(
                new CommandLine("skopeo", "--insecure-policy", "copy", "--dest-compress-format", "gzip", image, $"oci:{unpacked}:{Container}"), cancellationToken);
        }

        await SucceedAsync(new CommandLine("umoci", "unpack", "--image", $"{unpacked}:{Container}", folder["bundle"]), cancellationToken);
        return new PulledImage(PullClient.Skopeo, reference, platform, folder, config, folder["bundle/rootfs"]);
    }

    private static async Task<PulledImage> PullWithBuildahAsync(string reference, Platform platform, TempDirectory folder, CancellationToken cancellationToken)
    {
        string[] variant = platform.Variant is null ? [] : ["--variant", platform.Variant];
        await SucceedAsync(
            Buildah(
                folder,
                [
                    "from", "--name", Container, "--signature-policy", folder.Write("policy.json", AcceptAnything), "--tls-verify=false",
                    "--os", platform.OS, "--arch", platform.Architecture, .. variant, BuildahSource(reference, folder),
                ]),
            cancellationToken);
        var inspected = await SucceedAsync(Buildah(folder, "inspect", Container), cancellationToken);
        using var description = JsonDocument.Parse(inspected.StandardOutput);
        var config = description.RootElement.GetProperty(ConfigBlob).GetString()!; // null in no version of buildah
        var mounted = await SucceedAsync(Buildah(folder, "mount", Container), cancellationToken);
        return new PulledImage(
            PullClient.Buildah, reference, platform, folder, ImageConfig.Parse(System.Text.Encoding.UTF8.GetBytes(config)), mounted.StandardOutput.Trim());
    }

    /// <summary>Its own storage, gone with the image; vfs, which needs no mount that the kernel may refuse.</summary>
    private static CommandLine Buildah(TempDirectory folder, params IEnumerable<string> arguments) =>
        new("buildah", ["--root", folder["storage"], "--runroot", folder["run"], "--storage-driver", "vfs", .. arguments])
        {
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string?> { ["TMPDIR"] = folder.Path }, // a killed `buildah run` leaves its bundle there
        };

    /// <summary>buildah 1.28 makes a repository name of a layout's path, and refuses upper-case letters in it: it gets a link beside its storage.</summary>
    private static string BuildahSource(string reference, TempDirectory folder)
    {
        const string transport = "oci:";
        const string link = "layout";
        if (!reference.StartsWith(transport, StringComparison.Ordinal))
        {
            return Transport(reference);
        }

        var layout = reference[transport.Length..];
        var tag = layout.LastIndexOf(':') is >= 0 and var colon && colon > layout.LastIndexOf('/') ? layout[colon..] : "";
        Directory.CreateSymbolicLink(folder[link], layout[..^tag.Length]);
        return transport + link + tag;
    }

    private static (ImageManifest Manifest, ImageConfig Config) ReadLayout(string layout)
    {
        byte[] Blob(Descriptor descriptor) => File.ReadAllBytes(Path.Combine(layout, "blobs", "sha256", descriptor.Digest.Hex));

        var index = ImageIndex.Parse(File.ReadAllBytes(Path.Combine(layout, "index.json")));
        var manifest = ImageManifest.Parse(Blob(index.Manifests.Single()));
        return (manifest, ImageConfig.Parse(Blob(manifest.Config)));
    }

    private static string Transport(string reference) => reference.StartsWith("oci:", StringComparison.Ordinal) ? reference : $"docker://{reference}";

    private static async Task<CommandResult> SucceedAsync(CommandLine command, CancellationToken cancellationToken) =>
        (await command.RunAsync(cancellationToken)).ShouldSucceed();

    /// <summary>An image may have folders that nobody may write to, which only <c>rm</c>, as root, minds not at all.</summary>
    private static async Task RemoveAsync(TempDirectory folder)
    {
        (await new CommandLine("rm", "-rf", "--one-file-system", folder.Path).RunAsync()).ShouldSucceed();
        folder.Dispose();
    }
}
