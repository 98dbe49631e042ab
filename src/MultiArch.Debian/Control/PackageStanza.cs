using System.Globalization;

namespace MultiArch.Debian.Control;

/// <summary>A paragraph that describes a package, with errors that name the package and the field.</summary>
internal sealed class PackageStanza(ControlParagraph paragraph)
{
    public BinaryPackage ReadAvailable() => ReadInstalled(Required("Architecture")) with
    {
        PreDepends = List("Pre-Depends", Dependency.Parse),
        Depends = List("Depends", Dependency.Parse),
        Replaces = List("Replaces", Relation.Parse),
        Filename = paragraph["Filename"] ?? "",
        Size = Number("Size") ?? 0,
        Sha256 = paragraph.TryGet("SHA256", out var hex)
            ? Oci.Digest.TryParse($"sha256:{hex.ToLowerInvariant()}", out var digest) ? digest : throw Invalid("SHA256", $"'{Oci.OneLine.Of(hex, 80)}' is no SHA-256")
            : null,
        InstalledSize = Number("Installed-Size"),
    };

    public BinaryPackage ReadInstalled() => ReadInstalled(paragraph["Architecture"] is { Length: > 0 } architecture ? architecture : "all");

    private BinaryPackage ReadInstalled(string architecture) => new(Required("Package"), Read("Version", Required("Version"), DebianVersion.Parse), architecture)
    {
        Provides = List("Provides", Provision.Parse),
        Conflicts = List("Conflicts", Relation.Parse),
        Breaks = List("Breaks", Relation.Parse),
        Priority = paragraph["Priority"] ?? "",
        IsEssential = paragraph["Essential"] is "yes",
        MultiArch = paragraph["Multi-Arch"] ?? "",
    };

    private string Required(string field) =>
        paragraph.TryGet(field, out var value) && value.Length > 0 ? value : throw new FormatException($"the package '{Name}' has no {field}");

    private List<T> List<T>(string field, Func<string, T> parse) =>
        paragraph.TryGet(field, out var value) ? Read(field, value, text => ControlList.Parse(text, parse)) : [];

    private long? Number(string field) => paragraph.TryGet(field, out var text)
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(field, $"'{Oci.OneLine.Of(text, 30)}' is no number")
        : null;

    private T Read<T>(string field, string value, Func<string, T> parse)
    {
        try
        {
            return parse(value);
        }
        catch (FormatException e)
        {
            throw Invalid(field, e.Message);
        }
    }

    private FormatException Invalid(string field, string why) => new($"{field} of the package '{Name}': {why}");

    private string Name => Oci.OneLine.Of(paragraph["Package"], 60);
}
