using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiArch.Testing;

/// <summary>What a compiled assembly says and does: its metadata, the IL of each method, its resources. Where in the file it lies, for which machine, under which MVID and with which debug directory does not count; nor in which folder the sources of its file-local types lay.</summary>
public static partial class AssemblyContent
{
    /// <summary>One line for each part; equal lists mean the same assembly.</summary>
    public static IReadOnlyList<string> Describe(byte[] assembly)
    {
        using var file = new PEReader(ImmutableArray.Create(assembly));
        var reader = file.GetMetadataReader();
        List<string> parts =
        [
            $"metadata {Hash(Metadata(file, reader))}",
            $"resources {Hash(Resources(file))}",
            $"entry point {file.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress:x8}",
        ];
        foreach (var handle in reader.MethodDefinitions)
        {
            var method = reader.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress != 0)
            {
                parts.Add($"method {reader.GetString(method.Name)} {Describe(file.GetMethodBody(method.RelativeVirtualAddress))}");
            }
        }

        return parts;
    }

    /// <summary>Whether it holds native code beside its IL.</summary>
    public static bool IsReadyToRun(byte[] assembly)
    {
        using var file = new PEReader(ImmutableArray.Create(assembly));
        return file.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>Whether the bytes are a PE file with metadata.</summary>
    public static bool IsAssembly(byte[] content)
    {
        if (content.Length < 0x80 || content[0] != 'M' || content[1] != 'Z')
        {
            return false;
        }

        using var file = new PEReader(ImmutableArray.Create(content));
        return file.HasMetadata;
    }

    /// <summary>The documents' and methods' number: paths and id of a PDB depend on where it was compiled.</summary>
    public static string DescribePortablePdb(byte[] pdb)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbImage(ImmutableArray.Create(pdb));
        var reader = provider.GetMetadataReader();
        return $"{reader.Documents.Count} documents, {reader.MethodDebugInformation.Count} methods, {reader.LocalVariables.Count} local variables";
    }

    private static byte[] Metadata(PEReader file, MetadataReader reader)
    {
        var metadata = file.GetMetadata().GetContent().ToArray();
        Array.Clear(metadata, reader.GetHeapMetadataOffset(HeapIndex.Guid) + (reader.GetHeapOffset(reader.GetModuleDefinition().Mvid) - 1) * 16, 16);
        // The first column of both tables is an address in the file.
        foreach (var table in new[] { TableIndex.MethodDef, TableIndex.FieldRva })
        {
            for (var row = 0; row < reader.GetTableRowCount(table); row++)
            {
                Array.Clear(metadata, reader.GetTableMetadataOffset(table) + (row * reader.GetTableRowSize(table)), sizeof(int));
            }
        }

        return NumberSourceFiles(metadata);
    }

    /// <summary>
    /// The compiler puts the SHA-256 of a source's path before the names of the file-local types in it, as in <c>&lt;Log_g&gt;F065485AE…__Logger</c>, and sources that a generator makes lie in <c>obj/</c>.
    /// A number of the same length takes its place, so that types of one file stay types of one file.
    /// </summary>
    private static byte[] NumberSourceFiles(byte[] metadata)
    {
        Dictionary<string, string> numbers = [];
        return Encoding.Latin1.GetBytes(SourcePathHash().Replace(Encoding.Latin1.GetString(metadata), hash =>
        {
            numbers.TryAdd(hash.Value, $"{numbers.Count:d64}");
            return numbers[hash.Value];
        }));
    }

    private static byte[] Resources(PEReader file)
    {
        var directory = file.PEHeaders.CorHeader!.ResourcesDirectory;
        return directory.Size == 0 ? [] : file.GetSectionData(directory.RelativeVirtualAddress).GetContent(0, directory.Size).ToArray();
    }

    private static string Describe(MethodBodyBlock body) =>
        $"{Hash(body.GetILBytes()!)} {body.MaxStack} {body.LocalVariablesInitialized} {(body.LocalSignature.IsNil ? 0 : MetadataTokens.GetToken(body.LocalSignature))} "
        + string.Join(' ', body.ExceptionRegions.Select(region => $"{region.Kind},{region.TryOffset},{region.TryLength},{region.HandlerOffset},{region.HandlerLength}"));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    [GeneratedRegex("(?<=<[^<>]*>F)[0-9A-F]{64}(?=__)")]
    private static partial Regex SourcePathHash();
}
