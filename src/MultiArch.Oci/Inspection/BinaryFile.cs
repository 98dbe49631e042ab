namespace MultiArch.Oci.Inspection;

/// <summary>What the headers of a program, a library or an assembly say: an <see cref="ElfFile"/>, a <see cref="PeFile"/>, a <see cref="MachOFile"/>, or an <see cref="UnreadableFile"/>.</summary>
public abstract record BinaryFile
{
    /// <summary>What is read of one file at most, in bytes, whatever it claims. Real files need about 10 KiB.</summary>
    internal const int MaxBytes = 1024 * 1024;

    private const int HeadSize = 1024; // holds the headers and the interpreter's name of most programs, headers and sections of most assemblies

    private protected BinaryFile()
    {
    }

    /// <summary>Whether what the headers want loaded reaches beyond the end of the file, as after a copy that was cut off.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Reads the headers wherever they lie, at most 1 MiB, and decides by the first bytes and never by a name.</summary>
    /// <param name="file">Can seek; its position is changed.</param>
    /// <returns>Null when it is none of these formats.</returns>
    public static BinaryFile? TryRead(Stream file)
    {
        var bounded = new BoundedFile(file, MaxBytes);
        var head = Head(bounded);
        var magic = head.Peek(0, 4);
        if (magic.StartsWith(ElfFile.Magic))
        {
            return ElfReader.TryRead(bounded, head) as BinaryFile ?? new UnreadableFile();
        }

        return magic.StartsWith(PeFile.Magic) ? PeHeaderReader.TryRead(bounded, head) : MachOFile.TryRead(head);
    }

    internal static FileWindow Head(BoundedFile file) => new(file, HeadSize);
}
