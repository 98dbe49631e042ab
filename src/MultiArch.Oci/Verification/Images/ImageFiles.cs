using MultiArch.Oci.Contents;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification.Images;

/// <summary>Looks through what a container of the image sees, and tells files for other platforms that lie from those that may be there on purpose.</summary>
/// <remarks>The rule is written down for users in docs/verify.md.</remarks>
internal sealed class ImageFiles
{
    /// <summary>Files that disagree are named up to this number, and counted beyond it.</summary>
    private const int MaxNamed = 1000;

    private readonly BinaryPlatform _platform;
    private readonly PlatformInspector _inspector;
    private readonly CommandFiles _command;
    private readonly List<(DisagreeingFile File, bool IsOnPurpose)> _disagreeing = [];
    private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private int _own;

    private ImageFiles(BinaryPlatform platform, CommandFiles command) =>
        (_platform, _inspector, _command) = (platform, new PlatformInspector(platform), command);

    /// <summary>How many files there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> Kinds => _kinds;

    /// <summary>Lies first, each part in the order of paths.</summary>
    public IReadOnlyList<DisagreeingFile> Disagreeing { get; private set; } = [];

    /// <summary>All that disagree, also those beyond the number that is named.</summary>
    public int DisagreeingCount { get; private set; }

    public static ImageFiles Read(MergedTree tree, BinaryPlatform platform, CommandFiles command)
    {
        var files = new ImageFiles(platform, command);
        foreach (var (path, entry) in tree.Entries())
        {
            if (entry.Binary is { } binary)
            {
                files.Add(path, binary);
            }
        }

        files.Conclude();
        return files;
    }

    /// <summary>Programs that are found by the machine that they run on, not by the one that they imitate.</summary>
    private static bool IsEmulator(string path) => path[(path.LastIndexOf('/') + 1)..].StartsWith("qemu-", StringComparison.Ordinal);

    private void Add(string path, BinaryFile binary)
    {
        if (BinaryKinds.NameOf(binary) is { } kind)
        {
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        }

        if (_inspector.Inspect("/" + path, binary) is not { } fault)
        {
            _own += binary is ElfFile { Type: ElfFile.Executable or ElfFile.SharedObject, IsDebugInformation: false } ? 1 : 0;
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
        var files = _disagreeing.Select(one =>
            _own == 0 && !one.IsOnPurpose && !one.File.IsLie && one.File.Fault.Kind is FaultKind.ForeignMachine
                ? one.File with { Reason = "no native file of the image is for its platform" }
                : one.File);
        Disagreeing = [.. files.OrderByDescending(file => file.IsLie).Take(MaxNamed)];
    }
}
