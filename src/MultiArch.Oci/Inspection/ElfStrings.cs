using System.Text;

namespace MultiArch.Oci.Inspection;

/// <summary>The names of a dynamic section: texts that end with a zero byte.</summary>
/// <param name="offset">Of the table, in the file.</param>
/// <param name="size">Bytes of the table.</param>
internal sealed class ElfStrings(BoundedFile file, ulong offset, ulong size)
{
    private const int MaxBytes = 2048;

    private readonly FileWindow _window = new(file);

    /// <returns>Null when it is empty, longer than 2047 bytes, or reaches beyond the table.</returns>
    public string? Read(ulong at)
    {
        if (at >= size || !file.Contains(offset, size))
        {
            return null;
        }

        var text = _window.PeekText(offset + at, (int)Math.Min(MaxBytes, size - at));
        return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
    }
}
