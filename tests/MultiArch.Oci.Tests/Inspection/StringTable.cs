using System.Text;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>Names that end with a zero byte, after an empty one.</summary>
internal sealed class StringTable
{
    private readonly StringBuilder _names = new("\0");

    public int Length => Encoding.UTF8.GetByteCount(_names.ToString());

    public ulong Add(string name)
    {
        var at = Length;
        _names.Append(name).Append('\0');
        return (ulong)at;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_names.ToString());
}
