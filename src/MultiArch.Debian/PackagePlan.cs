using System.Text.Json;
using System.Text.Json.Serialization;
using MultiArch.Oci.Formats;

namespace MultiArch.Debian;

/// <summary>What a project wants of an operating system on one platform, before anything is looked up.</summary>
/// <remarks>Each platform's build writes its own; a plan is a file because only paths travel between builds.</remarks>
/// <param name="BaseImage">As the user wrote it.</param>
/// <param name="Requests">Each as in a <c>Depends</c> field: <c>libicu76 | libicu74 (= 74.2-1)</c>. In the project's order.</param>
/// <param name="Excludes">Names of packages, and patterns of paths, which hold a <c>/</c>.</param>
/// <param name="Sources">Empty to take the base's, or the host's.</param>
public sealed record PackagePlan(
    string RuntimeIdentifier,
    string BaseImage,
    IReadOnlyList<string> Requests,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<PlannedSource> Sources)
{
    /// <summary>Those of <see cref="Excludes"/> that name packages.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ExcludedPackages => [.. Excludes.Where(exclude => !exclude.Contains('/'))];

    /// <summary>Those of <see cref="Excludes"/> that are patterns, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ExcludedFiles => [.. Excludes.Where(exclude => exclude.Contains('/'))];

    public byte[] ToUtf8Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, PackagePlanJson.Default.PackagePlan);

    /// <exception cref="FormatException">The bytes are not what <see cref="ToUtf8Bytes"/> makes.</exception>
    public static PackagePlan Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, PackagePlanJson.Default.PackagePlan) ?? throw new FormatException("the plan is empty");
        }
        catch (JsonException e)
        {
            throw new FormatException(JsonFault.Describe(e), e);
        }
    }
}

/// <summary>A source of packages that the project names itself.</summary>
/// <param name="SignedBy">Absolute path of a keyring on this machine; null for those that the host trusts.</param>
public sealed record PlannedSource(string Uri, string Suite, IReadOnlyList<string> Components, string? SignedBy);

[JsonSerializable(typeof(PackagePlan))]
[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class PackagePlanJson : JsonSerializerContext;
