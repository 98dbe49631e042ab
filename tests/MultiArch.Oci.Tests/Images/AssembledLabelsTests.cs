using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class AssembledLabelsTests
{
    private const GeneratedLabels All = GeneratedLabels.Created | GeneratedLabels.BaseName | GeneratedLabels.BaseDigest;
    private const string BaseName = "org.opencontainers.image.base.name";
    private const string BaseDigest = "org.opencontainers.image.base.digest";

    private static BaseImage Base => Sample.BaseWith(""" "Labels":{"kept":"base","both":"base","org.opencontainers.image.created":"base"} """);

    [TestMethod]
    public void The_users_label_wins_over_a_generated_one_and_over_the_bases()
    {
        var labels = Assemble(Base, All, new() { ["both"] = "user", [BaseName] = "user", ["org.opencontainers.image.created"] = "user", ["a:b;c=d"] = "e:f;g=\"h\"\n+" });

        Assert.AreEqual("base", labels["kept"]);
        Assert.AreEqual("user", labels["both"]);
        Assert.AreEqual("user", labels[BaseName]);
        Assert.AreEqual("user", labels["org.opencontainers.image.created"]);
        Assert.AreEqual(Sample.Created, labels["org.opencontainers.artifact.created"]);
        Assert.AreEqual("e:f;g=\"h\"\n+", labels["a:b;c=d"]);
        Assert.AreEqual(Sample.Digest('b').ToString(), labels[BaseDigest]);
    }

    [TestMethod]
    [DataRow(GeneratedLabels.None, "")]
    [DataRow(GeneratedLabels.Created, "org.opencontainers.artifact.created org.opencontainers.image.created")]
    [DataRow(GeneratedLabels.BaseName, BaseName)]
    [DataRow(GeneratedLabels.BaseDigest, BaseDigest)]
    public void A_label_is_generated_only_when_it_is_asked_for(GeneratedLabels generated, string names) =>
        Assert.AreEqual(names, string.Join(' ', Assemble(Sample.BaseWith(""), generated, []).Keys));

    [TestMethod]
    public void A_folder_gives_a_digest_and_no_name()
    {
        var @base = Base with { Reference = new BaseReference.Image(new ImageLocation.Layout("/secret/place")) };

        var labels = Assemble(@base, All, []);

        Assert.AreEqual(Sample.Digest('b').ToString(), labels[BaseDigest]);
        Assert.IsFalse(labels.ContainsKey(BaseName));
    }

    [TestMethod]
    public void Nothing_as_base_gives_neither_name_nor_digest()
    {
        var labels = Assemble(BaseImage.Scratch(Platform.LinuxAmd64), GeneratedLabels.BaseName | GeneratedLabels.BaseDigest, []);

        Assert.IsEmpty(labels);
    }

    private static IReadOnlyDictionary<string, string> Assemble(BaseImage @base, GeneratedLabels generated, Dictionary<string, string> labels)
    {
        var plan = Sample.Plan(Sample.Settings with { Labels = labels, GeneratedLabels = generated });
        var image = ImageAssembler.Assemble(@base, plan, [Sample.Layer('1')], ImageFormat.Oci);
        return ImageConfig.Parse(image.Config.Bytes.Span).Config!.Labels ?? new Dictionary<string, string>();
    }
}
