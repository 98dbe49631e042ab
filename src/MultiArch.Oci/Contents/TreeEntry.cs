using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Contents;

/// <summary>What lies at one path of an image.</summary>
/// <param name="Mode">Permission bits, 0 to 07777.</param>
public sealed record TreeEntry(TreeEntryType Type, int Mode, int Uid, int Gid)
{
    /// <summary>Of a directory that no entry describes.</summary>
    public const int DefaultDirectoryMode = 0b111_101_101;

    /// <summary>The text of a symlink; null for everything else.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Bytes of a file; 0 for everything else.</summary>
    public long Size { get; init; }

    /// <summary>A file's bytes if it was one of those to keep; null for everything else.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>What the headers of a program, a library or an assembly say, if they were read (<see cref="ContentSelection.ReadsHeaders"/>); null for everything else.</summary>
    public BinaryFile? Binary { get; init; }

    /// <summary>What stands behind <c>#!</c> in the first line of a script, if headers were read: a path, and perhaps more words; null for everything else.</summary>
    public string? Interpreter { get; init; }

    public static TreeEntry ImpliedDirectory { get; } = new(TreeEntryType.Directory, DefaultDirectoryMode, 0, 0);
}

/// <summary>What a path is. The numbers stand in cache files.</summary>
public enum TreeEntryType
{
    Directory = 0,
    File = 1,
    Symlink = 2,

    /// <summary>A device or a named pipe.</summary>
    Other = 3,
}
