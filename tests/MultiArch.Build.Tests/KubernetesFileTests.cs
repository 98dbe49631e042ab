using System.Text;
using MultiArch.Build.Kubernetes;

namespace MultiArch.Build.Tests;

/// <summary>Names of images in Kubernetes files become references, and every other byte stays.</summary>
[TestClass]
public sealed class KubernetesFileTests
{
    /// <summary>What a project's name becomes.</summary>
    private static string Reference(string project) => $"localhost:5000/me/{project}@{SampleReport.Index}";

    [TestMethod]
    [DataRow("plain", "image: {0}\n")]
    [DataRow("no line break at the end", "image: {0}")]
    [DataRow("comments", "# multiarch://web\nimage: {0} # multiarch://web\n")]
    [DataRow("single quotes", "image: '{0}'\n")]
    [DataRow("double quotes", "image: \"{0}\"   # x\n")]
    [DataRow("Windows line breaks", "a: 1\r\nimage: {0}\r\nb: 2\r\n")]
    [DataRow("a byte order mark", "\uFEFFimage: {0}\n")]
    [DataRow("a byte order mark before a document", "\uFEFF---\n- {0}\n")]
    [DataRow("characters beyond the first plane", "# 😀 größe\nname: 😀\nimage: {0}\n")]
    [DataRow("flow style", "c: [{{name: a, image: {0}}}, {{image: \"{0}\"}}, {0}]\n")]
    [DataRow("JSON", "{{\"image\":\"{0}\",\n\t\"n\":[1]}}\n")]
    [DataRow("an anchor and its alias", "a: &web {0}\nb: *web\n")]
    [DataRow("an anchor that looks like a name", "a: &multiarch://web {0}\n")]
    [DataRow("a tag", "a: !!str {0}\nb: !<multiarch://web> '{0}'\n")]
    [DataRow("several documents", "image: {0}\n---\n# next\nimage: {0}\n...\n---\nimage: {0}\n")]
    [DataRow("a sequence with odd spaces", "a:\n-   {0}   \n- {0}\n\n\n")]
    [DataRow("a value on the next line", "image:\n    {0}\n")]
    [DataRow("a literal block", "image: |-\n  {0}\n# multiarch://web\nb: 1\n")]
    [DataRow("a literal block whose header has a comment", "image: | # multiarch://web\n  {0}\nb: 1\n")]
    [DataRow("a folded block", "image: >-\n  {0}\n\nb: 1\n")]
    [DataRow("a complex key", "? k\n: {0}\n")]
    [DataRow("a key that is a name", "multiarch://web: {0}\n")]
    [DataRow("a key given twice", "image: 1\nimage: {0}\n")]
    [DataRow("a directive", "%YAML 1.2\n---\nimage: {0}\n")]
    [DataRow("nothing to replace", "a: b\n# multiarch://web\n")]
    [DataRow("nothing at all", "")]
    [DataRow("comments alone", "# multiarch://web\n")]
    public void Only_the_names_change(string _, string form)
    {
        var file = KubernetesFile.Parse("/k8s/app.yaml", Encoding.UTF8.GetBytes(Form(form, "multiarch://web")));

        Assert.AreEqual(Form(form, Reference("web")), Encoding.UTF8.GetString(file.With(Reference)));
    }

    [TestMethod]
    public void A_name_is_found_with_its_place()
    {
        var images = NamedImages.Find("a: 1\nc:\n  - image: multiarch://web\n  - image: \"multiarch://My.Api-2\"\n");

        Assert.AreEqual("web 3:12, My.Api-2 4:12", string.Join(", ", images.Select(image => $"{image.Project} {image.Line}:{image.Column}")));
    }

    [TestMethod]
    [DataRow("args: --image=multiarch://web\n")]
    [DataRow("args: ' multiarch://web'\n")]
    [DataRow("image: >-\n\n  multiarch://web\n")]
    [DataRow("script: |\n  run multiarch://web\n")]
    [DataRow("script: |\n  multiarch://web\n  multiarch://web\n")]
    public void A_name_within_a_longer_value_stays(string text)
    {
        var file = KubernetesFile.Parse("/k8s/app.yaml", Encoding.UTF8.GetBytes(text));

        Assert.IsFalse(file.Images.Single().IsWhole);
        Assert.AreEqual(text, Encoding.UTF8.GetString(file.With(Reference)));
    }

    [TestMethod]
    [DataRow("image: \"multi\\u0061rch://web\"\n", 1, 8, "with escapes")]
    [DataRow("{\"image\":\n\"multiarch:\\/\\/web\"}\n", 2, 1, "with escapes")]
    [DataRow("a: 1\nimage: 'multiarch://\n  web'\n", 2, 8, "over several lines")]
    [DataRow("a: [1\n", 2, 1, "no YAML")]
    [DataRow("image: {{ .Values.image }}x\n", 1, 0, "no YAML")]
    [DataRow("a: *unknown\nb: @x\n", 2, 0, "no YAML")]
    public void What_cannot_be_replaced_is_named_with_its_place(string text, int line, int column, string says)
    {
        var error = Assert.ThrowsExactly<YamlPositionException>(() => KubernetesFile.Parse("/k8s/app.yaml", Encoding.UTF8.GetBytes(text)));

        Assert.AreEqual(line, error.Line);
        if (column > 0)
        {
            Assert.AreEqual(column, error.Column);
        }

        Assert.Contains(says, error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [TestMethod]
    public void What_is_not_UTF_8_is_refused()
    {
        Assert.ThrowsExactly<YamlPositionException>(() => KubernetesFile.Parse("/k8s/app.yaml", Encoding.Unicode.GetBytes("\uFEFFimage: multiarch://web\n")));
        Assert.ThrowsExactly<YamlPositionException>(() => KubernetesFile.Parse("/k8s/app.yaml", [.. "a: "u8, 0xFF, (byte)'\n']));
    }

    [TestMethod]
    public void Any_text_is_copied_with_its_names_replaced_or_refused()
    {
        string[] parts = ["multiarch://web", "multiarch://web", "a: multiarch://web\n", "- multiarch://web\n", "a: ", "- ", "\n", "\r\n", "  ", "'", "\"", "|-\n  ", ">\n", "&x ", "*x", "!!str ", "{", "}", "[", "]", ", ", "# ", "? ", ": ", "---\n", "😀", "\t", "\\", "%", "\u0085", "\u2028", "\0", "x"];
        var random = new Random(20260102);
        var replaced = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                var file = KubernetesFile.Parse("/k8s/app.yaml", Encoding.UTF8.GetBytes(text));
                var resolved = Encoding.UTF8.GetString(file.With(project => "\u0001" + project));
                Assert.AreEqual(text, resolved.Replace("\u0001", NamedImages.Scheme, StringComparison.Ordinal), text);
                replaced += resolved.Count(c => c == '\u0001');
                Assert.AreEqual(file.Images.Count(image => image.IsWhole), resolved.Count(c => c == '\u0001'), text);
            }
            catch (YamlPositionException)
            {
                // refused
            }
        }

        Assert.IsGreaterThan(500, replaced, "The texts are not all nonsense.");
    }

    private static string Form(string form, string image) => form.Replace("{0}", image, StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
}
