using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MultiArch.Oci.Tests.Publishing;

/// <summary>The smallest .NET assembly, with a debug directory that names a PDB.</summary>
internal static class SyntheticAssembly
{
    public static void Write(string path, string pdb)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("m.dll"), metadata.GetOrAddGuid(new Guid(1, 2, 3, new byte[8])), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("m"), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var debug = new DebugDirectoryBuilder();
        debug.AddCodeViewEntry(pdb, new BlobContentId(Guid.NewGuid(), 1), portablePdbVersion: 0x0100);
        var assembly = new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder(), debugDirectoryBuilder: debug);
        var bytes = new BlobBuilder();
        assembly.Serialize(bytes);
        File.WriteAllBytes(path, bytes.ToArray());
    }
}
