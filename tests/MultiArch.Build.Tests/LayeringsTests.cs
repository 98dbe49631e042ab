using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Build.Tests;

/// <summary>The properties that say how many layers an image gets.</summary>
[TestClass]
public sealed class LayeringsTests
{
    [TestMethod]
    [DataRow("", "", 8)]
    [DataRow("split", "", 8)]
    [DataRow("Split", "3", 3)]
    [DataRow("", "100", 100)]
    [DataRow("single", "", 1)]
    [DataRow("SINGLE", "5", 1)]
    public void A_known_value_is_read(string layering, string maxLayers, int expected) =>
        Assert.AreEqual(new Layering(expected), Layerings.Parse(layering, maxLayers));

    [TestMethod]
    [DataRow("none", "", DiagnosticCodes.InvalidLayering, "'none'")]
    [DataRow("split;single", "", DiagnosticCodes.InvalidLayering, "'split;single'")]
    [DataRow("", "0", DiagnosticCodes.InvalidMaxLayers, "'0'")]
    [DataRow("", "-1", DiagnosticCodes.InvalidMaxLayers, "'-1'")]
    [DataRow("", "1.5", DiagnosticCodes.InvalidMaxLayers, "'1.5'")]
    [DataRow("", "99999999999", DiagnosticCodes.InvalidMaxLayers, "'99999999999'")]
    [DataRow("single", "many", DiagnosticCodes.InvalidMaxLayers, "'many'")]
    public void Another_value_is_named(string layering, string maxLayers, string code, string says)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => Layerings.Parse(layering, maxLayers));

        Assert.AreEqual(code, error.Code);
        Assert.Contains(says, error.Message);
    }
}
