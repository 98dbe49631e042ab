using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Debian.Control;
using MultiArch.Oci;

namespace MultiArch.Debian.DebFiles;

/// <summary>The file that says what an unpacked package holds: on the first line its own hash, then JSON.</summary>
/// <param name="Format">Goes up whenever the same package would be unpacked otherwise.</param>
/// <param name="Package">As of <see cref="PackageIdentity.ToString"/>, with the .deb's hash.</param>
internal sealed record PackageManifest(
    int Format,
    string Package,
    string ControlText,
    string? Md5Sums,
    IReadOnlyDictionary<string, string> Scripts,
    IReadOnlyList<PackageEntry> Entries)
{
    private const int CurrentFormat = 1;
    private const string FileName = "package.json";

    // A package of 500,000 files.
    private const int MaxSize = 256 << 20;

    public static void Write(ExtractedPackage package, string folder)
    {
        var manifest = new PackageManifest(CurrentFormat, NameOf(package.Identity), package.ControlText, package.Md5Sums, package.Scripts, package.Entries);
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifestJson.Default.PackageManifest);
        File.WriteAllBytes(Path.Combine(folder, FileName), [.. Encoding.ASCII.GetBytes($"{Digest.Of(json)}\n"), .. json]);
    }

    /// <returns>Null when there is none, or one that is spoilt, of another package or of another version of this library.</returns>
    public static ExtractedPackage? Read(string folder, PackageIdentity identity)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, FileName));
            if (!file.Exists || file.Length > MaxSize)
            {
                return null;
            }

            var bytes = File.ReadAllBytes(file.FullName).AsSpan();
            var end = bytes.IndexOf((byte)'\n');
            if (end < 0 || Digest.Of(bytes[(end + 1)..]).ToString() != Encoding.ASCII.GetString(bytes[..end]))
            {
                return null;
            }

            var manifest = JsonSerializer.Deserialize(bytes[(end + 1)..], PackageManifestJson.Default.PackageManifest);
            return manifest is { Format: CurrentFormat } && manifest.Package == NameOf(identity)
                ? new ExtractedPackage(
                    identity,
                    ControlParagraph.ParseAll(manifest.ControlText).Single(),
                    manifest.ControlText,
                    manifest.Md5Sums,
                    manifest.Scripts,
                    manifest.Entries,
                    ExtractedPackages.ContentOf(folder))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(PackageIdentity identity) => $"{identity} {identity.Sha256}";
}

[JsonSerializable(typeof(PackageManifest))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
internal sealed partial class PackageManifestJson : JsonSerializerContext;
