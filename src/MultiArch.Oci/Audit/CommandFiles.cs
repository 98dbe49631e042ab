using MultiArch.Oci.Contents;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Audit;

/// <summary>The files of an image that its own command names: the program, its loader, an assembly that it is given, what a shell is told to run.</summary>
internal sealed class CommandFiles
{
    // Of a command that somebody else wrote.
    private const int MaxWords = 256;

    // Of a container whose config names none; runc and crun have the same.
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    private CommandFiles()
    {
    }

    /// <param name="environment">The container's variables.</param>
    public static CommandFiles Of(MergedTree tree, ContainerConfig? config, IReadOnlyDictionary<string, string> environment)
    {
        var command = new CommandFiles();
        var path = environment.GetValueOrDefault("PATH") ?? DefaultPath;
        var words = (config?.Entrypoint ?? []).Concat(config?.Cmd ?? []).SelectMany(argument => argument.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Take(MaxWords);
        foreach (var word in words)
        {
            var candidates = word.Contains('/') ? [] : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => $"{folder}/{word}");
            if (candidates.Append(word.StartsWith('/') ? word : $"{config?.WorkingDir}/{word}").Select(one => tree.Resolve(one, followsLast: true)).FirstOrDefault(IsFile) is { } file)
            {
                command.Add(tree, file);
            }
        }

        return command;
    }

    /// <param name="path">Relative, without links.</param>
    public bool Contains(string path) => _files.Contains(path);

    /// <summary>Whether the file lies in the folder of one of them.</summary>
    public bool IsBeside(string path) => _folders.Contains(FolderOf(path));

    private static bool IsFile(ResolvedPath path) => path.Entry?.Type is TreeEntryType.File;

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private void Add(MergedTree tree, ResolvedPath file)
    {
        _files.Add(file.Path);
        _folders.Add(FolderOf(file.Path));
        if (file.Entry!.Binary is ElfFile { Interpreter: { } interpreter }) // IsFile was asked
        {
            var loader = tree.Resolve(interpreter, followsLast: true);
            if (IsFile(loader))
            {
                _files.Add(loader.Path);
            }
        }
    }
}
