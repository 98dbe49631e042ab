using MultiArch.Oci.Inspection;
using MultiArch.Oci.Verification;

namespace MultiArch.Oci.Audit;

/// <summary>Looks through what a container of the image sees, and tells files for other platforms that lie from those that may be there on purpose.</summary>
/// <remarks>The rule is written down for users in docs/verify.md.</remarks>
internal sealed class ImageFiles
{
    /// <summary>Files that disagree are named up to this number, and counted beyond it.</summary>
    private const int MaxNamed = 1000;

    private readonly BinaryPlatform _platform;
    private readonly PlatformInspector _inspector;
    private readonly ImageContents _contents;
    private readonly CommandFiles _command;
    private readonly List<(DisagreeingFile File, bool IsOnPurpose)> _disagreeing = [];
    private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private int _own;

    private ImageFiles(BinaryPlatform platform, ImageContents contents, CommandFiles command) =>
        (_platform, _inspector, _contents, _command) = (platform, new PlatformInspector(platform), contents, command);

    /// <summary>How many files there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> Kinds => _kinds;

    /// <summary>Lies first, each part in the order of paths.</summary>
    public IReadOnlyList<DisagreeingFile> Disagreeing { get; private set; } = [];

    /// <summary>Loaders, libraries and versions of symbols that are not in the image.</summary>
    public List<PlatformFault> Lacks { get; } = [];

    /// <summary>All that disagree, also those beyond the number that is named.</summary>
    public int DisagreeingCount { get; private set; }

    public static ImageFiles Read(IEnumerable<BinaryInImage> binaries, BinaryPlatform platform, ImageContents contents, CommandFiles command)
    {
        var files = new ImageFiles(platform, contents, command);
        foreach (var binary in binaries)
        {
            files.Add(binary);
        }

        files.Conclude();
        return files;
    }

    /// <summary>Programs that are found by the machine that they run on, not by the one that they imitate.</summary>
    private static bool IsEmulator(string path) => path[(path.LastIndexOf('/') + 1)..].StartsWith("qemu-", StringComparison.Ordinal);

    private void Add(BinaryInImage file)
    {
        var (path, binary) = (file.Path[1..], file.Binary);
        if (BinaryKinds.NameOf(binary) is { } kind)
        {
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        }

        if (_inspector.Inspect(file.Path, binary) is not { } fault)
        {
            if (binary is ElfFile { Type: ElfFile.Executable or ElfFile.SharedObject, IsDebugInformation: false } elf)
            {
                _own++;
                AddLacks(file, elf);
            }

            return;
        }

        DisagreeingCount++;
        var isOnPurpose = IsEmulator(path) || MachineNames.Names(path, binary);
        var reason = ReasonOf(path, binary, fault, isOnPurpose);
        if (_disagreeing.Count < MaxNamed || reason is not null)
        {
            _disagreeing.Add((new DisagreeingFile(fault, reason), isOnPurpose));
        }
    }

    /// <summary>Of what the command uses and what lies beside it, the loader and the libraries are looked for too. Of all else nobody knows who loads it, and from where.</summary>
    private void AddLacks(BinaryInImage file, ElfFile elf)
    {
        var path = file.Path[1..];
        var isUsed = _command.Contains(path);
        if ((isUsed || (!SystemFolders.Contain(_platform, path) && _command.IsBeside(path))) && !ElfMachine.IsDevice(elf.Machine))
        {
            Lacks.AddRange(LinkageFaults.Find(_platform, _contents, file, elf).Take(MaxNamed - Lacks.Count).Select(lack => lack with { IsCertain = lack.IsCertain && isUsed }));
        }
    }

    private string? ReasonOf(string path, BinaryFile binary, PlatformFault fault, bool isOnPurpose)
    {
        if (_command.Contains(path) && !IsPredecessor(binary))
        {
            return "the image's command uses it";
        }

        if (!fault.IsCertain || IsPredecessor(binary) || isOnPurpose)
        {
            return null;
        }

        return SystemFolders.Contain(_platform, path) ? "it lies where the system's own files lie"
            : _command.IsBeside(path) ? "it lies beside what the image's command uses"
            : null;
    }

    /// <summary>Files of the 32-bit predecessor are at home on most hosts.</summary>
    private bool IsPredecessor(BinaryFile binary) =>
        binary is ElfFile file && (_platform.ElfMachine, file.Machine) is (ElfMachine.X64, ElfMachine.X86) or (ElfMachine.Arm64, ElfMachine.Arm);

    /// <summary>An image none of whose native files is for its platform lies, wherever they are.</summary>
    private void Conclude()
    {
        // What names its platform may be there on purpose, unless all of it is for that other platform.
        var isForeign = _own == 0 && _disagreeing.Exists(one => one.File.IsLie || !one.IsOnPurpose);
        var files = _disagreeing.Select(one =>
            isForeign && !one.File.IsLie && one.File.Fault.Kind is FaultKind.ForeignMachine
                ? one.File with { Reason = "no native file of the image is for its platform" }
                : one.File);
        Disagreeing = [.. files.OrderByDescending(file => file.IsLie).Take(MaxNamed)];
    }
}
