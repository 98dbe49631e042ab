using System.Reflection;
using System.Text.RegularExpressions;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>The pages name all there is.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    [TestMethod]
    public void Every_diagnostic_has_a_section_and_every_section_a_diagnostic()
    {
        var codes = typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();
        CollectionAssert.AllItemsAreUnique(codes);

        CollectionAssert.AreEqual(codes.Order().ToArray(), Heading().Matches(Read("docs/diagnostics.md")).Select(match => match.Groups[1].Value).ToArray());
    }

    [TestMethod]
    public void Every_diagnostic_is_raised_somewhere()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "DiagnosticCodes.cs")
            .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "build"), "*", SearchOption.AllDirectories))
            .Select(File.ReadAllText));

        var unused = typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => !sources.Contains($"DiagnosticCodes.{field.Name}", StringComparison.Ordinal) && !sources.Contains($"\"{field.GetRawConstantValue()}\"", StringComparison.Ordinal));

        Assert.AreEqual("", string.Join(' ', unused.Select(field => field.Name)));
    }

    [TestMethod]
    public void Every_code_in_the_targets_is_one_of_the_catalogue()
    {
        var codes = typeof(DiagnosticCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet();

        var unknown = Code().Matches(Targets()).Select(match => match.Value).Where(code => !codes.Contains(code));

        Assert.AreEqual("", string.Join(' ', unknown));
    }

    [TestMethod]
    public void Every_property_item_and_target_is_in_the_reference()
    {
        var reference = Read("docs/properties.md");

        var names = PublicName().Matches(Targets()).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.IsGreaterThan(60, names.Count, "The pattern finds what the targets use.");
        Assert.AreEqual("", string.Join(' ', names.Where(name => !reference.Contains($"`{name}`", StringComparison.Ordinal))));
    }

    [TestMethod]
    public void Every_property_item_and_target_in_the_reference_exists()
    {
        var targets = Targets() + File.ReadAllText(Path.Combine(RepositoryFolder.Path, "src", "MultiArch.Build", "Tasks", "PublishImageIndex.cs"));

        var names = FirstColumn().Matches(Read("docs/properties.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.IsGreaterThan(25, names.Count, "The pattern finds the tables' first column.");
        Assert.AreEqual("", string.Join(' ', names.Where(name => !targets.Contains(name, StringComparison.Ordinal))));
    }

    [TestMethod]
    public void Every_link_between_the_pages_leads_somewhere()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "docs"), "*.md")
            .Append(Path.Combine(RepositoryFolder.Path, "README.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "samples"), "README.md", SearchOption.AllDirectories));

        var broken = pages.SelectMany(page => Link().Matches(File.ReadAllText(page))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(link => link.Length > 0 && !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link)))
            .Select(link => $"{Path.GetFileName(page)}: {link}"));

        Assert.AreEqual("", string.Join('\n', broken));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryFolder.Path, page));

    private static string Targets() => string.Concat(Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "build"), "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    [GeneratedRegex(@"^### (MARCH\d{4})$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"MARCH\d{4}")]
    private static partial Regex Code();

    /// <summary>Used, set or declared, and of ours or of the SDK's container support.</summary>
    [GeneratedRegex(@"(?:[$@%]\(|Target Name=""|<|ItemName=""|PropertyName="")((?:Container|MultiArch|Publish(?:MultiArch|Container|ImageTag)|SOURCE_|Generated(?:Container|ImageIndex|Archive)|LocalRegistry|RegistryUrl|AutoGenerateImageTag|EnableSdkContainerSupport|UsingMultiArchBuild)\w*)")]
    private static partial Regex PublicName();

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex FirstColumn();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
