using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Inspection;

/// <summary>The smallest PE files that say something: assemblies for a processor, with native code for a system, and files that are no assemblies.</summary>
internal sealed record SyntheticPe
{
    private const uint ComponentFlag = 0x20;
    private const uint FromAnyCpuFlag = 1;

    public int Processor { get; init; } = PeMachine.X86;

    public CorFlags Flags { get; init; } = CorFlags.ILOnly;

    /// <summary>Null without native code.</summary>
    public PeOperatingSystem? ReadyToRun { get; init; }

    public bool IsComponent { get; init; }

    public bool IsFromAnyCpu { get; init; }

    public bool IsAssembly { get; init; } = true;

    public Subsystem Subsystem { get; init; } = Subsystem.WindowsCui;

    public byte[] ToBytes()
    {
        var bytes = Build();
        using var reader = new PEReader(new MemoryStream(bytes));
        var headers = reader.PEHeaders;
        if (ReadyToRun is { } system)
        {
            // The header of the native code lies where the resources were put.
            var cli = headers.CorHeaderStartOffset;
            bytes.AsSpan(cli + 24, 8).CopyTo(bytes.AsSpan(cli + 64));
            bytes.AsSpan(cli + 24, 8).Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(headers.CoffHeaderStartOffset), (ushort)(Processor ^ (int)system));
        }

        if (!IsAssembly)
        {
            var directories = headers.PEHeaderStartOffset + (headers.PEHeader!.Magic is PEMagic.PE32Plus ? 112 : 96);
            bytes.AsSpan(directories + (14 * 8), 8).Clear();
        }

        return bytes;
    }

    private byte[] Build()
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("m.dll"), metadata.GetOrAddGuid(new Guid(1, 2, 3, new byte[8])), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("m"), new Version(1, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        var header = new PEHeaderBuilder((Machine)Processor, subsystem: Subsystem, imageCharacteristics: Characteristics.ExecutableImage | Characteristics.Dll);
        var bytes = new BlobBuilder();
        new ManagedPEBuilder(header, new MetadataRootBuilder(metadata), new BlobBuilder(), managedResources: NativeHeader(), flags: Flags).Serialize(bytes);
        return bytes.ToArray();
    }

    private BlobBuilder? NativeHeader()
    {
        if (ReadyToRun is null)
        {
            return null;
        }

        var header = new BlobBuilder();
        header.WriteBytes("RTR\0"u8.ToArray());
        header.WriteUInt16(16);
        header.WriteUInt16(0);
        header.WriteUInt32((IsComponent ? ComponentFlag : 0) | (IsFromAnyCpu ? FromAnyCpuFlag : 0));
        header.WriteUInt32(0);
        return header;
    }
}
