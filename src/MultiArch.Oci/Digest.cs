using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiArch.Oci;

/// <summary>The content address of a blob: <c>sha256:</c> followed by 64 lowercase hex digits.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests</remarks>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 hex digits alone: the file name under <c>blobs/sha256/</c>.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("A default Digest addresses nothing.");

    /// <summary>Hashes bytes already in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <param name="hash">The 32 bytes of a SHA-256 hash.</param>
    public static Digest FromHash(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        return new Digest(Convert.ToHexStringLower(hash));
    }

    public static bool TryParse(string? text, out Digest digest)
    {
        var hex = text.AsSpan();
        var isDigest = hex.StartsWith(Prefix)
            && (hex = hex[Prefix.Length..]).Length == 2 * SHA256.HashSizeInBytes
            && !hex.ContainsAnyExcept(LowerHex);

        digest = isDigest ? new Digest(hex.ToString()) : default;
        return isDigest;
    }

    /// <exception cref="FormatException">The text is no <c>sha256:</c> digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a sha256 digest.");

    public override string ToString() => Prefix + Hex;

    /// <summary>As its text.</summary>
    public sealed class DigestJsonConverter : JsonConverter<Digest>
    {
        public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException($"'{reader.GetString()}' is not a sha256 digest.");

        public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
