using System.IO.Compression;

namespace MultiArch.Testing;

/// <summary>The files inside an app that was published as a single file.</summary>
/// <remarks>https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/bundler.md. The marker in the host holds the header's offset.</remarks>
public static class SingleFileBundle
{
    /// <summary>What every host carries right behind the place of the offset.</summary>
    private static readonly byte[] Signature = Convert.FromHexString("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae");

    /// <summary>Path and content of each member, decompressed.</summary>
    /// <returns>Null when the program is no bundle.</returns>
    public static IReadOnlyDictionary<string, byte[]>? TryRead(byte[] program)
    {
        var signature = program.AsSpan().IndexOf(Signature);
        var headerOffset = signature < 8 ? 0 : BitConverter.ToInt64(program, signature - 8);
        if (headerOffset <= 0 || headerOffset >= program.Length)
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(program, writable: false));
        reader.BaseStream.Position = headerOffset;
        var (major, _) = (reader.ReadUInt32(), reader.ReadUInt32());
        Assert.AreEqual(6u, major, "The layout of bundles since .NET 6.");
        var count = reader.ReadInt32();
        reader.ReadString(); // the bundle's id
        reader.ReadBytes(5 * sizeof(long)); // where deps.json and runtimeconfig.json lie, and flags

        var members = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var (offset, size, compressedSize) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            reader.ReadByte(); // the kind of file
            members.Add(reader.ReadString(), ReadMember(program, offset, size, compressedSize));
        }

        return members;
    }

    private static byte[] ReadMember(byte[] program, long offset, long size, long compressedSize)
    {
        if (compressedSize == 0)
        {
            return program.AsSpan((int)offset, (int)size).ToArray();
        }

        using var deflate = new DeflateStream(new MemoryStream(program, (int)offset, (int)compressedSize, writable: false), CompressionMode.Decompress);
        var content = new byte[size];
        deflate.ReadExactly(content);
        return content;
    }
}
