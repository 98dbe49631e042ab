using System.Formats.Tar;
using System.Text;
using MultiArch.Debian.Control;

namespace MultiArch.Debian.DebFiles;

/// <summary>What a package says of itself.</summary>
/// <param name="Text">The control file, as of <see cref="ExtractedPackage.ControlText"/>.</param>
internal sealed record ControlMember(ControlParagraph Control, string Text, string? Md5Sums, IReadOnlyDictionary<string, string> Scripts)
{
    private static readonly HashSet<string> ScriptNames = ["preinst", "postinst", "prerm", "postrm", "config", "triggers"];

    /// <exception cref="Exception">The member is damaged: as of <see cref="TarMember.Read"/>, or <see cref="FormatException"/>.</exception>
    public static ControlMember Read(Stream file, ArMember member, DebLimits limits, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        TarMember.Read(file, member, limits.MaxEntries, limits.MaxControlSize, Visit, cancellationToken);
        var text = files.GetValueOrDefault("control")?.Trim('\n') ?? throw new InvalidDataException("it has no control file");
        var paragraphs = ControlParagraph.ParseAll(text).Take(2).ToList();
        return paragraphs is [var control]
            ? new ControlMember(control, text + "\n", files.GetValueOrDefault("md5sums"), files.Where(entry => ScriptNames.Contains(entry.Key)).ToDictionary())
            : throw new InvalidDataException("its control file has more than one paragraph");

        void Visit(TarEntry entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                return;
            }

            using var text = new StreamReader(entry.DataStream ?? Stream.Null, Encoding.UTF8);
            if (!files.TryAdd(PackagePath.Parse(entry.Name), text.ReadToEnd()))
            {
                throw PackagePath.Refuse(entry.Name, "is in its control member twice");
            }
        }
    }
}
