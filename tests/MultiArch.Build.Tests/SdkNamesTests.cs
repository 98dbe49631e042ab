using System.Text;
using System.Text.RegularExpressions;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The targets rely on names that the SDK keeps for itself: each is looked up in the installed SDK, so that one which is dropped is known by name.</summary>
[TestClass]
public sealed partial class SdkNamesTests
{
    private const string Cli = "Microsoft.DotNet.Cli.Definitions.dll";
    private const string Common = "Microsoft.Common.CurrentVersion.targets";
    private const string Compilers = "Roslyn/Microsoft.Managed.Core.targets";
    private const string Sdk = "Sdks/Microsoft.NET.Sdk/";
    private const string Publish = Sdk + "targets/Microsoft.NET.Publish.targets";
    private const string Assets = "Sdks/Microsoft.NET.Sdk.StaticWebAssets/targets/Microsoft.NET.Sdk.StaticWebAssets.";
    private const string AssetPublish = Assets + "Publish.targets";
    private const string Compression = Assets + "Compression.targets";

    /// <summary>Name, and the file of the SDK that defines or reads it.</summary>
    private static readonly (string Name, string File)[] Names =
    [
        ("_CommandLineDefinedOutputPath", Cli),
        ("_CompressedStaticWebAssets", Compression),
        ("_CompressedStaticWebAssetsForPublish", Compression),
        ("_ContainersTargetsDir", Sdk + "Sdk/Sdk.targets"),
        ("_ContainerVerifySDKVersion", "Containers/build/Microsoft.NET.Build.Containers.targets"),
        ("_CopyResolvedFilesToPublishAlways", Publish),
        ("_CopyResolvedFilesToPublishIfDifferent", Publish),
        ("_CopyResolvedFilesToPublishPreserveNewest", Publish),
        ("_CoreCompileResourceInputs", Common),
        ("_DebugSymbolsIntermediatePath", Common),
        ("_GenerateProjectRestoreGraphPerFramework", "NuGet.targets"),
        ("_GenerateRestoreGraph", "NuGet.targets"),
        ("_GetProjectReferenceTargetFrameworkProperties", Common),
        ("_IsPacking", Sdk + "targets/Microsoft.NET.PackTool.targets"),
        ("_IsPublishing", Cli),
        ("_MSBuildProjectReferenceExistent", Common),
        ("_PublishCopyStaticWebAssetsAlways", AssetPublish),
        ("_PublishCopyStaticWebAssetsIfDifferent", AssetPublish),
        ("_PublishCopyStaticWebAssetsPreserveNewest", AssetPublish),
        ("_PublishStaticWebAssetsCopyAlways", AssetPublish),
        ("_PublishStaticWebAssetsIfDifferent", AssetPublish),
        ("_PublishStaticWebAssetsPreserveNewest", AssetPublish),
        ("_ResolvedFileToPublishAlways", Publish),
        ("_ResolvedFileToPublishIfDifferent", Publish),
        ("_ResolvedFileToPublishPreserveNewest", Publish),
        ("_ResolvedProjectReferencePaths", Common),
        ("_RestoreGraphEntry", "NuGet.targets"),
        ("_SatelliteAssemblyResourceInputs", Sdk + "targets/Microsoft.NET.Sdk.targets"),
        ("_SetPathMapFromSourceRoots", Compilers),
        ("_SkipAnalyzers", Compilers),
        ("_TargetFrameworkVersionWithoutV", Sdk + "targets/Microsoft.NET.TargetFrameworkInference.targets"),
    ];

    /// <summary>Hooks and parameters without an underscore that are documented no better.</summary>
    private static readonly (string Name, string File)[] Hooks =
    [
        ("AfterTargetFrameworkInferenceTargets", Sdk + "targets/Microsoft.NET.TargetFrameworkInference.targets"),
        ("AfterMicrosoftNETSdkTargets", Sdk + "targets/Microsoft.NET.Sdk.targets"),
        ("TargetsTriggeredByCompilation", "Roslyn/Microsoft.CSharp.Core.targets"),
        ("CustomAdditionalCompileInputs", "Roslyn/Microsoft.CSharp.Core.targets"),
        ("GenerateBuildCompressedStaticWebAssets", Compression),
        ("GeneratePublishCompressedStaticWebAssets", Compression),
        ("HideWarningsAndErrors", "NuGet.targets"),
        ("RestoreOutputPath", "NuGet.targets"),
        ("UseCurrentRuntimeIdentifier", Sdk + "targets/Microsoft.NET.RuntimeIdentifierInference.targets"),
        ("IsRidAgnostic", Common),
        ("NuGetPackageFolders", "NuGet.Commands.dll"),
        ("PathInPackage", Sdk + "tools/net10.0/Microsoft.NET.Build.Tasks.dll"),
        ("ReferenceSourceTarget", Common),
        ("ResolvedRuntimePack", Sdk + "targets/Microsoft.NET.Sdk.FrameworkReferenceResolution.targets"),
    ];

    /// <summary>ILCompiler's, a package: NativeAotTests fail without them.</summary>
    private static readonly string[] OfPackages = ["_CopyAotSymbols"];

    public static IEnumerable<(string Name, string File)> All => Names.Concat(Hooks);

    [TestMethod]
    [DynamicData(nameof(All))]
    public async Task The_SDK_still_has_the_name(string name, string file)
    {
        var path = Path.Combine(InstalledSdk.Folder, file);
        Assert.IsTrue(File.Exists(path), $"The SDK has no {file}, where {name} was.");
        var content = await File.ReadAllBytesAsync(path);

        Assert.IsTrue(
            content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0 || content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(name)) >= 0,
            $"{name} is no longer in {file} of the SDK: what our targets do with it does nothing now.");
    }

    [TestMethod]
    public void Every_such_name_in_the_targets_is_looked_up()
    {
        var targets = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "build"), "*", SearchOption.AllDirectories)
            .Select(file => Comment().Replace(File.ReadAllText(file), ""));

        var used = targets.SelectMany(text => PrivateName().Matches(text)).Select(match => match.Value)
            .Where(name => !name.StartsWith("_MultiArch", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.AreEqual(string.Join('\n', Names.Select(name => name.Name).Concat(OfPackages).Order(StringComparer.Ordinal)), string.Join('\n', used));
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    /// <summary>After whatever may stand before a property, an item, a target or one of a list of them; not inside a longer word or a path.</summary>
    [GeneratedRegex(@"(?<![\w./-])_[A-Za-z]\w*")]
    private static partial Regex PrivateName();
}
