using MultiArch.Oci.Images;

namespace MultiArch.Oci.Tests.Images;

[TestClass]
public sealed class BaseReferenceTests
{
    [TestMethod]
    [DataRow("scratch", "scratch")]
    [DataRow("debian", "docker.io/library/debian:latest")]
    [DataRow("mcr.microsoft.com/dotnet/aspnet:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0")]
    [DataRow("oci:base", "oci:/srv/base")]
    [DataRow("oci:./a/../base", "oci:/srv/base")]
    [DataRow("oci:../base", "oci:/base")]
    [DataRow("oci:/abs/base", "oci:/abs/base")]
    [DataRow("oci:a b;c:d", "oci:/srv/a b;c:d")]
    [DataRow("oci-archive:base.tar", "oci-archive:/srv/base.tar")]
    [DataRow("oci-archive:/abs/a b:1.tar", "oci-archive:/abs/a b:1.tar")]
    [DataRow("library/scratch", "docker.io/library/scratch:latest")]
    public void A_base_is_an_image_a_layout_an_archive_or_nothing(string text, string expected) =>
        Assert.AreEqual(expected, BaseReference.Parse(text, "/srv").ToString());

    [TestMethod]
    public void Two_spellings_of_one_base_are_equal()
    {
        Assert.AreEqual(BaseReference.Parse("oci:base", "/srv"), BaseReference.Parse("oci:/srv/x/../base", "/"));
        Assert.AreEqual(BaseReference.Parse("debian", "/srv"), BaseReference.Parse("docker.io/library/debian:latest", "/"));
        Assert.AreNotEqual(BaseReference.Parse("debian:12", "/srv"), BaseReference.Parse("debian:13", "/srv"));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("oci:")]
    [DataRow("oci:a\0b")]
    [DataRow("oci-archive:")]
    [DataRow("oci-archive:a\0b")]
    [DataRow("Debian")]
    [DataRow("debian:a b")]
    [DataRow("docker://debian")]
    [DataRow("debian\n")]
    public void Anything_else_is_refused_with_what_can_be_named(string text)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => BaseReference.Parse(text, "/srv"));

        Assert.AreEqual(DiagnosticCodes.InvalidBaseImage, error.Code);
        Assert.Contains("oci:<folder>", error.Message);
        Assert.Contains("oci-archive:<file>", error.Message);
    }
}
