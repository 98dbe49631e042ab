using System.Globalization;
using System.Text.RegularExpressions;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>docs/reliability.md names the tests that show what it says. With MULTIARCH_WRITE_DOCS=true it is written anew.</summary>
[TestClass]
public sealed partial class ReliabilityPageTests
{
    // What is said there of referrers concerns what pushes them.
    private static readonly int[] Rows = [.. Enumerable.Range(1, 88).Except([56, 57])];

    private static readonly string Page = Path.Combine(RepositoryFolder.Path, "docs", "reliability.md");

    [TestMethod]
    public void Every_row_has_the_tests_that_show_it()
    {
        var tests = FindTests();
        Assert.IsEmpty(tests.Keys.Except(Rows), "Tests are marked with rows that the catalogue has not.");
        var open = Rows.Except(tests.Keys).ToList();

        var page = File.ReadAllText(Page);
        var expected = OpenRows().Replace(
            Row().Replace(page, row => $"{row.Groups["row"].Value} {Shown(tests.GetValueOrDefault(Number(row)))} |"),
            $"Not yet shown: {(open.Count > 0 ? string.Join(", ", open) : "none")}.");

        CollectionAssert.AreEqual(Rows, Row().Matches(page).Select(Number).ToArray());
        if (Environment.GetEnvironmentVariable("MULTIARCH_WRITE_DOCS") is "true")
        {
            File.WriteAllText(Page, expected);
        }
        else
        {
            var outdated = expected.Split('\n').Except(page.Split('\n')).ToList();
            Assert.IsEmpty(outdated, $"These lines should stand in docs/reliability.md; MULTIARCH_WRITE_DOCS=true writes them.\n{string.Join('\n', outdated)}");
        }
    }

    private static int Number(Match row) => int.Parse(row.Groups["number"].Value, CultureInfo.InvariantCulture);

    private static string Shown(IReadOnlyList<string>? tests) => tests is null ? "not yet" : string.Join("<br>", tests.Select(test => $"`{test}`"));

    /// <summary>Class and method of the tests of each row, as the sources have them: not all test projects are built when this one is.</summary>
    private static Dictionary<int, List<string>> FindTests() => Directory
        .EnumerateFiles(Path.Combine(RepositoryFolder.Path, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(file => Marked().Matches(File.ReadAllText(file)).SelectMany(method => method.Groups["number"].Captures.Select(number =>
            (Number: int.Parse(number.Value, CultureInfo.InvariantCulture), Test: $"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}"))))
        .GroupBy(test => test.Number, test => test.Test)
        .ToDictionary(row => row.Key, row => row.Order(StringComparer.Ordinal).ToList());

    [GeneratedRegex(@"(?<row>^\| (?<number>\d+) \|[^|\n]*\|[^|\n]*\|)[^\n]*\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^Not yet shown: .*\.$", RegexOptions.Multiline)]
    private static partial Regex OpenRows();

    /// <summary>The attributes of a test among which are rows, up to its name.</summary>
    [GeneratedRegex("""(\[TestProperty\("Catalogue", "(?<number>\d+)"\)\]\s*|\[[^\n]*\]( //[^\n]*)?\s*)+public (async )?(Task|void) (?<name>\w+)\(""", RegexOptions.ExplicitCapture)]
    private static partial Regex Marked();
}
