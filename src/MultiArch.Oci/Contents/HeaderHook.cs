using System.Buffers;
using System.Text;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Contents;

/// <summary>Reads the headers of programs, libraries and assemblies, and the first lines of scripts, while they pass by in a layer.</summary>
/// <remarks>
/// Headers point forwards, at up to the end of a file, and a layer cannot be read twice. So a file's beginning is held in memory, one at a
/// time, and of a larger one also what its headers point at; of all else that lies behind nothing is known. No disk is used.
/// </remarks>
internal static class HeaderHook
{
    /// <summary>
    /// Bytes. Holds whole what .NET and Linux distributions consist of, with few exceptions: browsers, Node.js, programs in Go, whose names and
    /// versions of libraries lie in their first megabytes too.
    /// </summary>
    private const int MaxHeld = 32 << 20;

    private const int MagicSize = 4;

    /// <summary>Bytes that Linux reads of a script: BINPRM_BUF_SIZE.</summary>
    private const int MaxFirstLine = 256;

    /// <param name="content">Of the file, from its start; what is not needed of it is left.</param>
    /// <param name="length">Bytes of the file.</param>
    /// <returns>Nulls when it is none of these formats and no script.</returns>
    public static async Task<(BinaryFile? Binary, string? Interpreter)> ReadAsync(Stream content, long length, CancellationToken cancellationToken)
    {
        var magic = new byte[MagicSize];
        if (length < MagicSize || !await FillAsync(content, magic, cancellationToken))
        {
            return default;
        }

        return magic.AsSpan().StartsWith("#!"u8) ? (null, await ReadFirstLineAsync(content, magic, cancellationToken))
            : IsOfInterest(magic) ? (await ReadBinaryAsync(content, length, magic, cancellationToken), null)
            : default;
    }

    /// <returns>Null when there is nothing in it.</returns>
    private static async Task<string?> ReadFirstLineAsync(Stream content, byte[] magic, CancellationToken cancellationToken)
    {
        var head = new byte[MaxFirstLine];
        magic.CopyTo(head, 0);
        var read = MagicSize + await content.ReadAtLeastAsync(head.AsMemory(MagicSize), MaxFirstLine - MagicSize, throwOnEndOfStream: false, cancellationToken);
        var end = head.AsSpan(0, read).IndexOfAny((byte)'\n', (byte)0);
        var line = Encoding.UTF8.GetString(head.AsSpan(0, end < 0 ? read : end)[2..]).Trim();
        return line.Length > 0 ? line : null;
    }

    private static async Task<BinaryFile?> ReadBinaryAsync(Stream content, long length, byte[] magic, CancellationToken cancellationToken)
    {
        var held = (int)Math.Min(length, MaxHeld);
        var buffer = ArrayPool<byte>.Shared.Rent(held);
        try
        {
            magic.CopyTo(buffer, 0);
            if (!await FillAsync(content, buffer.AsMemory(MagicSize, held - MagicSize), cancellationToken))
            {
                return new UnreadableFile { IsTruncated = true };
            }

            using var file = new PartialFile(length, buffer.AsMemory(0, held));
            foreach (var (offset, size) in held < length ? ElfLayout.FindBehind(buffer.AsSpan(0, held), held, length) : [])
            {
                await file.TakeAsync(content, offset, size, cancellationToken);
            }

            return BinaryFile.TryRead(file);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsOfInterest(ReadOnlySpan<byte> magic) =>
        magic.StartsWith(ElfFile.Magic) || magic.StartsWith(PeFile.Magic) || MachOFile.IsMagic(magic);

    private static async Task<bool> FillAsync(Stream content, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) == buffer.Length;
}
