using System.Text;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class ImagePlanTests
{
    private static readonly string[] Hostile =
    [
        "", " ", ";", "a=b;c:d", "\"quoted\" 'single' \\back\\slash", "line\nbreak\r\ttab", "\0\u0001\u001f\u007f", "$(Property) @(Item) %(Metadata) %3B",
        "Grüße 日本 🙂", "\u2028\u2029\u200e\ufeff", "</script><!--", "{\"json\":null}", "+&<>", new string('x', 10_000),
    ];

    [TestMethod]
    public void A_plan_comes_back_from_its_bytes_whatever_its_texts_hold()
    {
        foreach (var text in Hostile)
        {
            var plan = Plan(text, user: text);

            var back = ImagePlan.Parse(plan.ToUtf8Bytes());

            Assert.AreEqual(text, back.RuntimeIdentifier);
            Assert.AreEqual(text, back.BaseImage);
            Assert.AreEqual(text, back.Layers[0].Title);
            CollectionAssert.AreEqual(plan.Layers[0].Files.ToList(), back.Layers[0].Files.ToList());
            Assert.AreEqual(text, back.Settings.User);
            Assert.AreEqual(text, back.Settings.Created);
            Assert.AreEqual(text, back.Settings.WorkingDirectory);
            CollectionAssert.AreEqual(new[] { text, "" }, back.Settings.Command.AppCommand.ToArray());
            Assert.AreEqual(AppCommandInstruction.DefaultArgs, back.Settings.Command.Instruction);
            CollectionAssert.AreEqual(plan.Settings.Environment.ToArray(), back.Settings.Environment.ToArray());
            Assert.AreEqual(text, back.Settings.Labels[text]);
            CollectionAssert.AreEqual(new[] { text }, back.Settings.Ports.ToArray());
            Assert.AreEqual(text, back.Settings.Annotations[text]);
            Assert.AreEqual(GeneratedLabels.Created | GeneratedLabels.BaseDigest, back.Settings.GeneratedLabels);
            CollectionAssert.AreEqual(plan.ToUtf8Bytes(), back.ToUtf8Bytes());
        }
    }

    [TestMethod]
    public void A_plan_without_a_user_comes_back_without_one() => Assert.IsNull(ImagePlan.Parse(Plan("x", user: null).ToUtf8Bytes()).Settings.User);

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("""{"RuntimeIdentifier":"linux-x64"}""")]
    [DataRow("""{"RuntimeIdentifier":null,"BaseImage":"scratch","Layers":[],"Settings":null}""")]
    [DataRow("""{"RuntimeIdentifier":"linux-x64","BaseImage":"scratch","Layers":[],"Settings":{}}""")]
    [DataRow("<xml/>")]
    public void What_is_no_plan_is_refused(string text) =>
        Assert.ThrowsExactly<FormatException>(() => ImagePlan.Parse(Encoding.UTF8.GetBytes(text)));

    [TestMethod]
    public void A_plan_cut_anywhere_is_refused()
    {
        var whole = Plan("x", user: "u").ToUtf8Bytes();

        for (var length = 0; length < whole.Length; length++)
        {
            var cut = length;
            Assert.ThrowsExactly<FormatException>(() => ImagePlan.Parse(whole.AsSpan(0, cut)));
        }
    }

    private static ImagePlan Plan(string text, string? user) => new(
        text,
        text,
        [
            new(text, [new(text, text, Mode: 420, Uid: 1, Gid: 2), LayerFile.Symlink(text, text), LayerFile.Directory(text)]),
            new("empty", []),
        ],
        new ImageSettings(
            text,
            text,
            user,
            new StartCommand([text, ""], [text], [text], [text], [text], AppCommandInstruction.DefaultArgs),
            [new(text, text), new("again", text), new("again", "")],
            new Dictionary<string, string> { [text] = text },
            [text],
            new Dictionary<string, string> { [text] = text },
            GeneratedLabels.Created | GeneratedLabels.BaseDigest));
}
