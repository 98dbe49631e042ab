using System.Text.RegularExpressions;
using System.Xml.Linq;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Whatever the installed SDK gives to a compiler is compared before a platform takes another's compilation, or is left out for a reason.</summary>
[TestClass]
public sealed partial class CompilerInputsTests
{
    private const string Display = "how the compiler talks, not what it writes";
    private const string Process = "how the compiler is run, not what it writes";
    private const string Same = "one process evaluates all platforms, and this is its own";

    private static readonly Dictionary<string, string> Excluded = new()
    {
        ["$(BuildingInsideVisualStudio)"] = Same,
        ["$(ErrorEndLocation)"] = Display,
        ["$(ErrorReport)"] = Display,
        ["$(GenerateFullPaths)"] = Display,
        ["$(NoLogo)"] = Display,
        ["$(ProvideCommandLineArgs)"] = Display,
        ["$(ReportAnalyzer)"] = Display,
        ["$(ReportIVTs)"] = Display,
        ["$(SharedCompilationId)"] = Process,
        ["$(UseHostCompilerIfAvailable)"] = Process,
        ["$(UseSharedCompilation)"] = Process,
        ["$(Utf8Output)"] = Display,
        ["$(VbcVerbosity)"] = Display,
        ["$(VisualStudioVersion)"] = Same,
        ["$(VsSessionGuid)"] = Process,
        ["$(_DebugSymbolsProduced)"] = "follows from DebugType and DebugSymbols",
        ["$(IntermediateOutputPath)"] = "each platform's own obj folder, which has one name for all",
        ["$(TargetName)"] = "the outputs are compared by name",
        ["$(LCID)"] = Display,
        ["$(UsingXBuild)"] = "Mono's",
        ["$(VisualStudioStyleErrors)"] = Display,
        ["@(ManifestResourceWithNoCulture)"] = "Mono's",
        ["@(ManifestNonResxWithNoCultureOnDisk)"] = "Mono's",
        ["@(ReferencePath)"] = "three framework assemblies of it, which the target compares",
    };

    [TestMethod]
    [DataRow("Csc", "Roslyn/Microsoft.CSharp.Core.targets", "CoreCompile", "MultiArch.Build.Compilation.CSharp.targets")]
    [DataRow("Vbc", "Roslyn/Microsoft.VisualBasic.Core.targets", "CoreCompile", "MultiArch.Build.Compilation.VisualBasic.targets")]
    [DataRow("Fsc", "FSharp/Microsoft.FSharp.Targets", "CoreCompile", "MultiArch.Build.Compilation.FSharp.targets")]
    [DataRow("Csc", "Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET.Sdk.targets", "CoreGenerateSatelliteAssemblies", "MultiArch.Build.Compilation.Satellites.targets")]
    public void Every_input_that_the_SDK_names_is_compared(string task, string file, string target, string ours)
    {
        var sdk = InstalledSdk.Read(file).Descendants().Single(element => element.Name.LocalName == "Target" && (string?)element.Attribute("Name") == target);
        var named = Named(sdk, task);
        Assert.IsGreaterThan(10, named.Count, "The task's parameters are found.");

        var missing = named.Except(Compared(ours)).Except(Excluded.Keys).Order(StringComparer.Ordinal);

        Assert.AreEqual("", string.Join(' ', missing), $"{target} gives these to {task}, and {ours} does not compare them.");
    }

    [TestMethod]
    public void Nothing_is_left_out_that_no_SDK_names()
    {
        var named = new HashSet<string>();
        foreach (var (task, file) in new[] { ("Csc", "Roslyn/Microsoft.CSharp.Core.targets"), ("Vbc", "Roslyn/Microsoft.VisualBasic.Core.targets"), ("Fsc", "FSharp/Microsoft.FSharp.Targets"), ("Csc", "Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET.Sdk.targets") })
        {
            foreach (var target in InstalledSdk.Read(file).Descendants().Where(element => element.Name.LocalName == "Target" && element.Elements().Any(child => child.Name.LocalName == task)))
            {
                named.UnionWith(Named(target, task));
            }
        }

        Assert.AreEqual("", string.Join(' ', Excluded.Keys.Except(named)));
    }

    [TestMethod]
    [DataRow("CoreGenerateSatelliteAssemblies", "Sdks/Microsoft.NET.Sdk/targets/Microsoft.NET.Sdk.targets")]
    [DataRow("_SatelliteAssemblyResourceInputs", "Microsoft.Common.CurrentVersion.targets")]
    [DataRow("IntermediateSatelliteAssembliesWithTargetPath", "Microsoft.Common.CurrentVersion.targets")]
    [DataRow("_DebugSymbolsIntermediatePath", "Microsoft.Common.CurrentVersion.targets")]
    [DataRow("_ResolvedProjectReferencePaths", "Microsoft.Common.CurrentVersion.targets")]
    [DataRow("BuildProjectReferences", "Microsoft.Common.CurrentVersion.targets")]
    [DataRow("_SetPathMapFromSourceRoots", "Roslyn/Microsoft.Managed.Core.targets")]
    [DataRow("_SetPathMapFromSourceRoots", "FSharp/Microsoft.FSharp.NetSdk.targets")]
    [DataRow("TargetsTriggeredByCompilation", "Roslyn/Microsoft.CSharp.Core.targets")]
    [DataRow("TargetsTriggeredByCompilation", "Roslyn/Microsoft.VisualBasic.Core.targets")]
    [DataRow("TargetsTriggeredByCompilation", "FSharp/Microsoft.FSharp.Targets")]
    [DataRow("CustomAdditionalCompileInputs", "Roslyn/Microsoft.CSharp.Core.targets")]
    [DataRow("CustomAdditionalCompileInputs", "Roslyn/Microsoft.VisualBasic.Core.targets")]
    [DataRow("CustomAdditionalCompileInputs", "FSharp/Microsoft.FSharp.Targets")]
    public void The_SDK_has_the_names_that_sharing_relies_on(string name, string file) =>
        Assert.Contains(name, InstalledSdk.Read(file).ToString());

    /// <summary>The properties and items that a target's compiler gets, as <c>$(Name)</c> and <c>@(Name)</c>; in place of those that the target makes for it, what they are made of.</summary>
    private static HashSet<string> Named(XElement target, string task)
    {
        var made = target.Elements().Where(group => group.Name.LocalName is "PropertyGroup" or "ItemGroup")
            .SelectMany(group => group.Elements(), (group, element) => (
                Name: (group.Name.LocalName == "PropertyGroup" ? "$" : "@") + $"({element.Name.LocalName})",
                From: Names(element.Value, (string?)element.Attribute("Include"), (string?)element.Attribute("Condition"), (string?)group.Attribute("Condition"))))
            .ToLookup(entry => entry.Name, entry => entry.From);

        var named = new HashSet<string>();
        var open = new Queue<string>(target.Elements().Where(element => element.Name.LocalName == task || element.Name.LocalName == "WriteCodeFragment")
            .SelectMany(element => element.Attributes()).SelectMany(attribute => Names(attribute.Value)));
        while (open.TryDequeue(out var name))
        {
            if (named.Add(name))
            {
                foreach (var from in made[name].SelectMany(names => names))
                {
                    open.Enqueue(from);
                }
            }
        }

        // Made by the target alone: not added to what was there before.
        return named.Where(name => !made[name].Any() || made[name].Any(from => from.Contains(name) || from.Contains(name.Replace('@', '$')))).ToHashSet();
    }

    private static HashSet<string> Names(params IEnumerable<string?> texts) =>
        texts.SelectMany(text => Reference().Matches(text ?? "").Select(match => match.Value)).ToHashSet();

    /// <summary>What our tables list, in the same form.</summary>
    private static IEnumerable<string> Compared(string file) =>
        XDocument.Load(Path.Combine(RepositoryFolder.Path, "build", file)).Descendants()
            .Where(element => element.Name.LocalName is "_MultiArchCompilerInput" or "_MultiArchSatelliteInput")
            .SelectMany(element => ((string)element.Attribute("Include")!).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), (element, name) =>
                ((string?)element.Attribute("Kind") is "Property" or "FileProperty" ? "$" : "@") + $"({name})");

    [GeneratedRegex(@"[$@]\(\w+\)")]
    private static partial Regex Reference();
}
