using MultiArch.Oci.Contents;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>The files of an image that its own command names: the program, its loader, an assembly that it is given, what a shell is told to run, what runs a script.</summary>
internal sealed class CommandFiles
{
    // Of a command that somebody else wrote.
    private const int MaxWords = 256;

    private const int AnyExecute = 0b001_001_001;

    // Of a container whose config names none; runc and crun have the same.
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly MergedTree _tree;
    private readonly string[] _path;
    private readonly string? _workingFolder;

    private CommandFiles(MergedTree tree, string path, string? workingFolder) =>
        (_tree, _path, _workingFolder) = (tree, path.Split(':', StringSplitOptions.RemoveEmptyEntries), workingFolder);

    /// <param name="environment">The container's variables.</param>
    public static CommandFiles Of(MergedTree tree, ContainerConfig? config, IReadOnlyDictionary<string, string> environment)
    {
        var command = new CommandFiles(tree, environment.GetValueOrDefault("PATH") ?? DefaultPath, config?.WorkingDir);
        var pending = new Queue<string>((config?.Entrypoint ?? []).Concat(config?.Cmd ?? []).SelectMany(Words));
        for (var taken = 0; taken < MaxWords && pending.TryDequeue(out var word); taken++)
        {
            // A script is run by the program in its first line, and env by the program that it is given there.
            if (command.Find(word) is { } file && command.Add(file) && file.Entry!.Interpreter is { } interpreter) // Find was asked
            {
                foreach (var next in Words(interpreter))
                {
                    pending.Enqueue(next);
                }
            }
        }

        return command;
    }

    /// <param name="path">Relative, without links.</param>
    public bool Contains(string path) => _files.Contains(path);

    /// <summary>Whether the file lies in the folder of one of them.</summary>
    public bool IsBeside(string path) => _folders.Contains(FolderOf(path));

    private static bool IsFile(ResolvedPath path) => path.Entry?.Type is TreeEntryType.File;

    /// <summary>A configuration or other data that is among the arguments runs nowhere.</summary>
    private static bool IsRun(TreeEntry file) => file.Binary is not null || (file.Mode & AnyExecute) != 0;

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <returns>Null for a word that names nothing which runs.</returns>
    private ResolvedPath? Find(string word)
    {
        var candidates = word.Contains('/') ? [] : _path.Select(folder => $"{folder}/{word}");
        return candidates.Append(word.StartsWith('/') ? word : $"{_workingFolder}/{word}").Select(one => _tree.Resolve(one, followsLast: true)).FirstOrDefault(IsFile) is { } file && IsRun(file.Entry!) // IsFile was asked
            ? file
            : null;
    }

    /// <returns>Whether it is new.</returns>
    private bool Add(ResolvedPath file)
    {
        _folders.Add(FolderOf(file.Path));
        if (!_files.Add(file.Path))
        {
            return false;
        }

        if (file.Entry!.Binary is ElfFile { Interpreter: { } interpreter }) // Find was asked
        {
            var loader = _tree.Resolve(interpreter, followsLast: true);
            if (IsFile(loader))
            {
                _files.Add(loader.Path);
            }
        }

        return true;
    }
}
