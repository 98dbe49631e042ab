using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace MultiArch.Build.Tests;

/// <summary>What one step of a pipeline file gives a shell.</summary>
/// <param name="File">Absolute.</param>
/// <param name="Text">Its lines, without the indentation that they have in the file.</param>
internal sealed partial record PipelineScript(string File, string Text)
{
    private static readonly HashSet<string> ScriptKeys = ["run", "script", "bash", "before_script", "after_script"];

    private static readonly HashSet<string> VariableKeys = ["env", "variables", "matrix"];

    /// <summary>Whether it makes one platform's image, which <c>RID</c> names.</summary>
    public bool IsPart => Text.Contains("$RID", StringComparison.Ordinal);

    /// <summary>Whether it makes the index of what the parts made.</summary>
    public bool IsCombine => Text.Contains("-t:CombineMultiArchImage", StringComparison.Ordinal);

    /// <summary>The steps of a file that give something to a shell, in order.</summary>
    public static IReadOnlyList<PipelineScript> Read(string file)
    {
        var texts = IsJenkins(file)
            ? JenkinsStep().Matches(System.IO.File.ReadAllText(file)).Select(step => step.Groups["script"].Value)
            : Documents(file).SelectMany(document => Under(document, ScriptKeys)).Select(Text);
        return [.. texts.Select(text => new PipelineScript(file, Unindent(text)))];

        static string Text(YamlNode node) => node is YamlSequenceNode lines ? string.Join('\n', lines) : node.ToString();
    }

    /// <summary>The names of the variables that a file sets for its steps.</summary>
    public static IReadOnlySet<string> Variables(string file)
    {
        var names = IsJenkins(file)
            ? JenkinsVariable().Matches(System.IO.File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
            : Documents(file).SelectMany(document => Under(document, VariableKeys)).SelectMany(Names);
        return names.ToHashSet(StringComparer.Ordinal);
    }

    private static bool IsJenkins(string file) => file.EndsWith("Jenkinsfile", StringComparison.Ordinal);

    private static IEnumerable<YamlNode> Documents(string file)
    {
        using var reader = System.IO.File.OpenText(file);
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    /// <summary>The values of these keys, wherever they stand.</summary>
    private static IEnumerable<YamlNode> Under(YamlNode node, HashSet<string> keys) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(child =>
            keys.Contains(child.Key.ToString()) ? [child.Value] : Under(child.Value, keys)),
        YamlSequenceNode sequence => sequence.Children.SelectMany(child => Under(child, keys)),
        _ => [],
    };

    /// <summary>Of a mapping its keys; of Kubernetes' list of variables their names; of a matrix both, at any depth.</summary>
    private static IEnumerable<string> Names(YamlNode node) => node switch
    {
        YamlMappingNode mapping when mapping.Children.TryGetValue("name", out var name) => [name.ToString()],
        YamlMappingNode mapping => mapping.Children.SelectMany(child => Names(child.Value).Prepend(child.Key.ToString())),
        YamlSequenceNode sequence => sequence.Children.SelectMany(Names),
        _ => [],
    };

    private static string Unindent(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"\bsh\s+(?:'''(?<script>.*?)'''|'(?<script>[^'\n]*)')", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JenkinsStep();

    [GeneratedRegex(@"^\s*(?<name>\w+) = |\bname '(?<name>\w+)'|Variable: '(?<name>\w+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex JenkinsVariable();
}
