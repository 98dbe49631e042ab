using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MultiArch.Oci.Contents;

/// <summary>A tree as the bytes of a cache file: a seal over all the rest, what it is the tree of, and its entries, compressed.</summary>
internal static class TreeFile
{
    /// <summary>Goes up whenever the same image would give another tree or other bytes.</summary>
    private const int FormatVersion = 1;

    /// <summary>Bytes, so that a spoilt file cannot ask for more.</summary>
    private const int MaxContent = 256 << 20;

    /// <param name="subject">Names what the tree is of, and by which rule its contents were kept.</param>
    public static byte[] Write(MergedTree tree, string subject)
    {
        using var bytes = new MemoryStream();
        bytes.SetLength(SHA256.HashSizeInBytes);
        bytes.Position = SHA256.HashSizeInBytes;
        using (var writer = new BinaryWriter(new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true), Encoding.UTF8))
        {
            writer.Write(FormatVersion);
            writer.Write(subject);
            writer.Write(tree.Count);
            foreach (var (path, entry) in tree.Entries())
            {
                Write(writer, path, entry);
            }
        }

        var file = bytes.ToArray();
        SHA256.HashData(file.AsSpan(SHA256.HashSizeInBytes), file);
        return file;
    }

    /// <returns>Null when the bytes are no such file, or one of something else.</returns>
    public static MergedTree? Read(byte[] file, string subject)
    {
        if (file.Length <= SHA256.HashSizeInBytes || !file.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(file.AsSpan(SHA256.HashSizeInBytes))))
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new DeflateStream(new MemoryStream(file, SHA256.HashSizeInBytes, file.Length - SHA256.HashSizeInBytes), CompressionMode.Decompress), Encoding.UTF8);
            return reader.ReadInt32() == FormatVersion && reader.ReadString() == subject ? ReadTree(reader) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static MergedTree ReadTree(BinaryReader reader)
    {
        var tree = new MergedTree();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var path = reader.ReadString();
            tree.Put(path, ReadEntry(reader));
        }

        return tree;
    }

    private static void Write(BinaryWriter writer, string path, TreeEntry entry)
    {
        writer.Write(path);
        writer.Write((byte)entry.Type);
        writer.Write7BitEncodedInt(entry.Mode);
        writer.Write7BitEncodedInt(entry.Uid);
        writer.Write7BitEncodedInt(entry.Gid);
        writer.Write7BitEncodedInt64(entry.Size);
        if (entry.Type is TreeEntryType.Symlink)
        {
            writer.Write(entry.LinkTarget ?? "");
        }

        writer.Write(entry.Content is not null);
        if (entry.Content is { } content)
        {
            writer.Write7BitEncodedInt(content.Length);
            writer.Write(content.Span);
        }
    }

    private static TreeEntry ReadEntry(BinaryReader reader)
    {
        var type = (TreeEntryType)reader.ReadByte();
        var entry = new TreeEntry(type, reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt())
        {
            Size = reader.Read7BitEncodedInt64(),
            LinkTarget = type is TreeEntryType.Symlink ? reader.ReadString() : null,
        };
        return reader.ReadBoolean() ? entry with { Content = ReadContent(reader) } : entry;
    }

    private static byte[] ReadContent(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        return length is >= 0 and <= MaxContent && reader.ReadBytes(length) is { } content && content.Length == length
            ? content
            : throw new FormatException("A kept file is cut off.");
    }
}
