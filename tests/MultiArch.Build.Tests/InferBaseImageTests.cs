using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Build.Tasks;

namespace MultiArch.Build.Tests;

/// <summary>The base of a project that names none is the one that the installed SDK would choose for that platform alone.</summary>
[TestClass]
public sealed class InferBaseImageTests
{
    private static readonly string[] RuntimeIdentifiers = ["linux-x64", "linux-arm64", "linux-musl-x64"];

    private static readonly string[] Frameworks = ["6.0", "7.0", "8.0", "9.0", "10.0", "11.0"];

    private static readonly string[] SdkVersions =
    [
        "10.0.100", "10.0.401", "10.0.100-preview.3.25201.16", "10.0.100-rc.1.25451.107", "10.0.100-rc.2", "10.0.100-rtm.25501.1", "10.0.100-servicing.1", "10.0.100-dev",
        "10.0.100-ci", "10.0.100-alpha.1", "10.0.200-preview.0.25520.1", "10.0.401+abcdef0", "11.0.100-preview.3.26203.5", "11.0.100", "11.0.100-alpha.1.26201.1",
        "10.0.100-preview", "10.0.100-beta.2", "10.0", "ten",
    ];

    private static readonly string[] Families =
        ["", " ", "alpine", "alpine-composite", "noble", "noble-chiseled", "noble-chiseled-extra", "jammy-chiseled", "azurelinux3.0", "azurelinux3.0-distroless-extra", "chiseled", "bookworm-slim"];

    [TestMethod]
    public void Every_row_of_the_table_is_what_the_SDK_chooses()
    {
        var rows =
            from runtimeIdentifier in RuntimeIdentifiers
            from framework in Frameworks
            from sdk in SdkVersions
            from family in Families
            from kind in Enum.GetValues<ProjectKind>()
            from invariant in new[] { false, true }
            select new Row(runtimeIdentifier, framework, sdk, family, kind, invariant);
        var different = new List<string>();
        var seen = new HashSet<string>();

        foreach (var row in rows)
        {
            var (ours, theirs) = (InferOurs(row), InferTheirs(row));
            seen.Add(theirs);
            if (ours != theirs)
            {
                different.Add($"{row}: {ours} in place of {theirs}");
            }
        }

        Assert.AreEqual("", string.Join('\n', different.Take(20)), $"{different.Count} rows differ.");
        Assert.Contains("mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra", seen);
        Assert.Contains("mcr.microsoft.com/dotnet/aspnet:11.0.0-preview.3-alpine", seen);
        Assert.Contains("refused", seen);
    }

    [TestMethod]
    public void An_SDK_without_images_is_refused_in_one_line_that_says_what_to_set()
    {
        var build = new RecordingBuild();
        var task = new InferBaseImage { BuildEngine = build, RuntimeIdentifier = "linux-x64", TargetFrameworkVersion = "10.0", SdkVersion = "10.0.100-beta.2" };

        Assert.IsFalse(task.Execute());

        Assert.AreEqual(
            "MARCH1038: No base image can be chosen for the .NET SDK '10.0.100-beta.2': Microsoft has images for releases, previews and release candidates. Set ContainerBaseImage.",
            build.Errors.Single());
    }

    private static string InferOurs(Row row)
    {
        var task = new InferBaseImage
        {
            BuildEngine = new RecordingBuild(),
            RuntimeIdentifier = row.RuntimeIdentifier,
            TargetFrameworkVersion = row.Framework,
            SdkVersion = row.Sdk,
            FrameworkReferences = row.FrameworkReferences,
            IsSelfContained = row.IsSelfContained,
            IsAot = row.Kind is ProjectKind.Aot,
            IsTrimmed = row.IsTrimmed,
            UsesInvariantGlobalization = row.Invariant,
            Family = row.Family,
        };
        return task.Execute() ? task.BaseImage : "refused";
    }

    private static string InferTheirs(Row row)
    {
        var task = new SdkTask(
            "ComputeDotnetBaseImageAndTag",
            ("TargetRuntimeIdentifiers", new[] { row.RuntimeIdentifier }),
            ("TargetFrameworkVersion", row.Framework + ".0"),
            ("SdkVersion", row.Sdk),
            ("FrameworkReferences", row.FrameworkReferences),
            ("IsSelfContained", row.IsSelfContained),
            ("IsAotPublished", row.Kind is ProjectKind.Aot),
            ("IsTrimmed", row.IsTrimmed),
            ("UsesInvariantGlobalization", row.Invariant),
            ("ContainerFamily", row.Family));
        return task.Execute() ? task.Read<string>("ComputedContainerBaseImage") : "refused";
    }

    private enum ProjectKind
    {
        Console,
        AspNetCore,
        SelfContained,
        SelfContainedAspNetCore,
        Trimmed,
        TrimmedFrameworkDependent,
        Aot,
    }

    private sealed record Row(string RuntimeIdentifier, string Framework, string Sdk, string Family, ProjectKind Kind, bool Invariant)
    {
        public bool IsSelfContained => Kind is ProjectKind.SelfContained or ProjectKind.SelfContainedAspNetCore or ProjectKind.Trimmed or ProjectKind.Aot;

        public bool IsTrimmed => Kind is ProjectKind.Trimmed or ProjectKind.TrimmedFrameworkDependent or ProjectKind.Aot;

        public ITaskItem[] FrameworkReferences => Kind is ProjectKind.AspNetCore or ProjectKind.SelfContainedAspNetCore
            ? [new TaskItem("Microsoft.NETCore.App"), new TaskItem("microsoft.aspnetcore.app")]
            : [new TaskItem("Microsoft.NETCore.App")];

        public override string ToString() => $"{RuntimeIdentifier} net{Framework} SDK {Sdk} family '{Family}' {Kind}{(Invariant ? " invariant" : "")}";
    }
}
