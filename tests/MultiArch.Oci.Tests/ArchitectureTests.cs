using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MultiArch.Oci.Tests;

/// <summary>Which folder of the library uses which, read from the compiled assembly: fields, signatures, base types and every token of the IL.</summary>
[TestClass]
public sealed class ArchitectureTests
{
    private const string Vocabulary = "vocabulary";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Vocabulary] = [],
        ["Formats"] = [Vocabulary],
        ["Inspection"] = [],
        ["Layers"] = [Vocabulary, "Formats", "Inspection"],
        ["Storage"] = [Vocabulary, "Formats"],
        ["Contents"] = [Vocabulary, "Formats", "Inspection", "Layers", "Storage"],
        ["Verification"] = [Vocabulary, "Inspection", "Contents"],
        ["Audit"] = [Vocabulary, "Formats", "Inspection", "Layers", "Storage", "Contents", "Verification", "Registry"],
        ["Images"] = [Vocabulary, "Formats", "Layers"],
        ["Registry"] = [Vocabulary, "Formats", "Storage"],
        ["Publishing"] = [Vocabulary, "Formats", "Inspection", "Layers", "Storage", "Contents", "Verification", "Images", "Registry"],
    };

    [TestMethod]
    public void Dependencies_run_one_way()
    {
        using var assembly = new CompiledAssembly(typeof(Digest).Assembly.Location);

        var uses = assembly.Uses().ToList();

        var forbidden = uses
            .Where(use => !Allowed.TryGetValue(use.FromFolder, out var folders) || !folders.Contains(use.ToFolder))
            .Select(use => $"{use.FromFolder}: {use.From} uses {use.To}");
        Assert.AreEqual("", string.Join('\n', forbidden.Distinct().Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    [DataRow("Audit", "Verification")]
    [DataRow("Contents", "Inspection")]
    [DataRow("Formats", Vocabulary)]
    [DataRow("Layers", "Inspection")]
    [DataRow("Storage", "Formats")]
    [DataRow("Contents", "Layers")]
    [DataRow("Contents", "Storage")]
    [DataRow("Images", "Layers")]
    [DataRow("Registry", "Storage")]
    [DataRow("Publishing", "Contents")]
    [DataRow("Publishing", "Images")]
    [DataRow("Publishing", "Inspection")]
    [DataRow("Publishing", "Registry")]
    [DataRow("Publishing", "Verification")]
    [DataRow("Verification", "Contents")]
    [DataRow("Verification", "Inspection")]
    public void An_edge_that_exists_is_seen(string from, string to)
    {
        using var assembly = new CompiledAssembly(typeof(Digest).Assembly.Location);

        Assert.Contains((from, to), assembly.Uses().Select(use => (use.FromFolder, use.ToFolder)));
    }

    [TestMethod]
    public void The_library_knows_no_MSBuild_and_no_package()
    {
        using var assembly = new CompiledAssembly(typeof(Digest).Assembly.Location);

        var names = assembly.References().ToList();

        Assert.IsNotEmpty(names);
        Assert.IsEmpty(names.Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("System" or "Microsoft.Win32.Primitives" or "SharpCompress" or "Polly.Core")));
    }

    private sealed record Use(string FromFolder, string From, string ToFolder, string To);

    private sealed class CompiledAssembly(string path) : IDisposable
    {
        private const string Root = "MultiArch.Oci";

        private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (OpCode)field.GetValue(null)!)
            .ToDictionary(code => code.Value, code => code.OperandType);

        private readonly PEReader _file = new(File.OpenRead(path));

        private MetadataReader Metadata => field ??= _file.GetMetadataReader();

        public IEnumerable<string> References() =>
            Metadata.AssemblyReferences.Select(handle => Metadata.GetString(Metadata.GetAssemblyReference(handle).Name));

        /// <summary>Each use of a type by a type of another folder.</summary>
        public IEnumerable<Use> Uses()
        {
            foreach (var handle in Metadata.TypeDefinitions)
            {
                if (FolderOf(handle) is not { } folder)
                {
                    continue;
                }

                var used = new HashSet<TypeDefinitionHandle>();
                CollectFrom(handle, used);
                foreach (var other in used)
                {
                    if (FolderOf(other) is { } otherFolder && otherFolder != folder)
                    {
                        yield return new Use(folder, NameOf(handle), otherFolder, NameOf(other));
                    }
                }
            }
        }

        public void Dispose() => _file.Dispose();

        /// <summary>The first part of the namespace below the library's, of the outermost type; null for what the compiler adds beside it.</summary>
        private string? FolderOf(TypeDefinitionHandle handle)
        {
            var type = Metadata.GetTypeDefinition(handle);
            if (!type.GetDeclaringType().IsNil)
            {
                return FolderOf(type.GetDeclaringType());
            }

            var name = Metadata.GetString(type.Namespace);
            return name == Root ? Vocabulary
                : name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..].Split('.')[0]
                : null;
        }

        private string NameOf(TypeDefinitionHandle handle)
        {
            var type = Metadata.GetTypeDefinition(handle);
            var name = Metadata.GetString(type.Name);
            return type.GetDeclaringType().IsNil ? name : $"{NameOf(type.GetDeclaringType())}.{name}";
        }

        private void CollectFrom(TypeDefinitionHandle handle, HashSet<TypeDefinitionHandle> used)
        {
            var type = Metadata.GetTypeDefinition(handle);
            var collector = new Collector(Metadata, used);
            collector.Add(type.BaseType);
            foreach (var implemented in type.GetInterfaceImplementations())
            {
                collector.Add(Metadata.GetInterfaceImplementation(implemented).Interface);
            }

            collector.AddAttributes(type.GetCustomAttributes());
            collector.AddConstraints(type.GetGenericParameters());
            foreach (var field in type.GetFields().Select(Metadata.GetFieldDefinition))
            {
                field.DecodeSignature(collector, null);
                collector.AddAttributes(field.GetCustomAttributes());
            }

            foreach (var method in type.GetMethods().Select(Metadata.GetMethodDefinition))
            {
                method.DecodeSignature(collector, null);
                collector.AddAttributes(method.GetCustomAttributes());
                collector.AddConstraints(method.GetGenericParameters());
                if (method.RelativeVirtualAddress != 0)
                {
                    CollectFrom(_file.GetMethodBody(method.RelativeVirtualAddress), collector);
                }
            }
        }

        private void CollectFrom(MethodBodyBlock body, Collector collector)
        {
            if (!body.LocalSignature.IsNil)
            {
                Metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
            }

            foreach (var region in body.ExceptionRegions)
            {
                collector.Add(region.CatchType);
            }

            var code = body.GetILReader();
            while (code.RemainingBytes > 0)
            {
                short value = code.ReadByte();
                if (value == 0xFE)
                {
                    value = unchecked((short)(0xFE00 | code.ReadByte()));
                }

                switch (Operands[value])
                {
                    case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                        collector.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                        break;
                    case OperandType.InlineSwitch:
                        var branches = code.ReadInt32();
                        code.Offset += 4 * branches;
                        break;
                    case OperandType.InlineI8 or OperandType.InlineR:
                        code.Offset += 8;
                        break;
                    case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineSig or OperandType.InlineString or OperandType.ShortInlineR:
                        code.Offset += 4;
                        break;
                    case OperandType.InlineVar:
                        code.Offset += 2;
                        break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                        code.Offset += 1;
                        break;
                }
            }
        }
    }

    /// <summary>Notes each type of the assembly that a handle or a signature names; the decoded value itself is of no interest.</summary>
    private sealed class Collector(MetadataReader metadata, HashSet<TypeDefinitionHandle> used) : ISignatureTypeProvider<int, object?>
    {
        public void Add(EntityHandle handle)
        {
            if (handle.IsNil)
            {
                return;
            }

            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    used.Add((TypeDefinitionHandle)handle);
                    break;
                case HandleKind.TypeSpecification:
                    metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.MethodDefinition:
                    used.Add(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.FieldDefinition:
                    used.Add(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MemberReference:
                    AddMember(metadata.GetMemberReference((MemberReferenceHandle)handle));
                    break;
                case HandleKind.MethodSpecification:
                    var method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    Add(method.Method);
                    method.DecodeSignature(this, null);
                    break;
            }
        }

        public void AddAttributes(CustomAttributeHandleCollection attributes)
        {
            foreach (var attribute in attributes)
            {
                Add(metadata.GetCustomAttribute(attribute).Constructor);
            }
        }

        public void AddConstraints(GenericParameterHandleCollection parameters)
        {
            foreach (var constraint in parameters.SelectMany(parameter => metadata.GetGenericParameter(parameter).GetConstraints()))
            {
                Add(metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }

        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            used.Add(handle);
            return 0;
        }

        public int GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;

        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public int GetGenericInstantiation(int genericType, ImmutableArray<int> typeArguments) => 0;

        public int GetGenericMethodParameter(object? genericContext, int index) => 0;

        public int GetGenericTypeParameter(object? genericContext, int index) => 0;

        public int GetArrayType(int elementType, ArrayShape shape) => 0;

        public int GetSZArrayType(int elementType) => 0;

        public int GetByReferenceType(int elementType) => 0;

        public int GetPointerType(int elementType) => 0;

        public int GetPinnedType(int elementType) => 0;

        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

        private void AddMember(MemberReference member)
        {
            Add(member.Parent);
            if (member.GetKind() is MemberReferenceKind.Method)
            {
                member.DecodeMethodSignature(this, null);
            }
            else
            {
                member.DecodeFieldSignature(this, null);
            }
        }
    }
}
