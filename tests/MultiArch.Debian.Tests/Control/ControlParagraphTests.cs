using MultiArch.Debian.Control;

namespace MultiArch.Debian.Tests.Control;

[TestClass]
public sealed class ControlParagraphTests
{
    [TestMethod]
    public void Paragraphs_are_parted_by_empty_lines_of_any_number()
    {
        var paragraphs = ControlParagraph.ParseAll("\n\nA: 1\r\nB: 2\r\n \t\n\n# a remark\nA: 3\n\n").ToList();

        Assert.HasCount(2, paragraphs);
        CollectionAssert.AreEqual(new[] { "A", "B" }, paragraphs[0].Names.ToArray());
        Assert.AreEqual("2", paragraphs[0]["b"]);
        Assert.AreEqual("3", paragraphs[1]["A"]);
        Assert.IsNull(paragraphs[1]["B"]);
    }

    [TestMethod]
    public void A_value_goes_on_over_several_lines() =>
        Assert.AreEqual("short\nlong\n.\n  - as it is".Replace("  - ", "- ", StringComparison.Ordinal), ControlParagraph.ParseAll("Description: short\n long\n .\n\t- as it is\nB:").Single()["Description"]);

    [TestMethod]
    public void A_byte_order_mark_is_no_part_of_a_name() => Assert.AreEqual("1", ControlParagraph.ParseAll("\uFEFFA: 1").Single()["A"]);

    [TestMethod]
    [DataRow(" lost", "line 1 continues nothing")]
    [DataRow("A: 1\n\n lost", "line 3 continues nothing")]
    [DataRow("A: 1\nno field", "line 2 is no field")]
    [DataRow(": value", "line 1 is no field")]
    [DataRow("A: 1\na: 2", "line 2 has the field a for the second time")]
    public void What_is_no_paragraph_is_refused_with_the_line(string text, string why) =>
        Assert.AreEqual(why, Assert.ThrowsExactly<FormatException>(() => ControlParagraph.ParseAll(text).ToList()).Message);

    [TestMethod]
    public void A_field_of_very_many_lines_takes_no_square_of_time()
    {
        var text = "A:" + string.Concat(Enumerable.Repeat("\n line", 500_000));

        Assert.AreEqual(2_500_000, ControlParagraph.ParseAll(text).Single()["A"]!.Length);
    }

    [TestMethod]
    public void Any_text_is_paragraphs_or_is_refused()
    {
        var random = new Random(11);
        const string Letters = "Aab: \t\n\n\r#.\0\u00e4";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)]));
            try
            {
                foreach (var paragraph in ControlParagraph.ParseAll(text))
                {
                    Assert.IsNotEmpty(paragraph.Names);
                    Assert.IsTrue(paragraph.Names.All(name => paragraph[name] is not null));
                }
            }
            catch (FormatException e)
            {
                StringAssert.StartsWith(e.Message, "line ");
            }
        }
    }
}
