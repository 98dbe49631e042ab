using System.Text;
using MultiArch.Debian.Resolver;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Resolver;

[TestClass]
public sealed class PackageIndexTests
{
    [TestMethod]
    public void Packages_are_found_by_name_in_all_their_versions()
    {
        var index = SmallArchive.IndexOf("a 1", "b 1", "a 2", "aa 1");

        Assert.AreEqual("a 1, a 2", string.Join(", ", index.Find("a")));
        Assert.AreEqual("", string.Join(", ", index.Find("A")));
        Assert.AreEqual("", string.Join(", ", index.Find("")));
        Assert.AreEqual(4, index.Count);
        CollectionAssert.AreEqual(new[] { "a", "b", "a", "aa" }, index.Names.ToArray());
    }

    [TestMethod]
    public void Packages_are_found_by_what_they_provide()
    {
        var index = SmallArchive.IndexOf("a 1; Provides: x (= 1),y, z:any (= 3) , x", "b 1; Provides: x,\n y,\n\tw (= 2)", "x 1; Depends: y");

        Assert.AreEqual("a 1, b 1", string.Join(", ", index.FindProviders("x")));
        Assert.AreEqual("a 1, b 1", string.Join(", ", index.FindProviders("y")));
        Assert.AreEqual("a 1", string.Join(", ", index.FindProviders("z")));
        Assert.AreEqual("b 1", string.Join(", ", index.FindProviders("w")));
        Assert.AreEqual("", string.Join(", ", index.FindProviders("a")));
    }

    [TestMethod]
    [DataRow("Package: a\nVersion: 1\nArchitecture: all", DisplayName = "no line end")]
    [DataRow("\n\n\nPackage: a\nVersion: 1\nArchitecture: all\n\n\n\n", DisplayName = "empty lines")]
    [DataRow("Package: a\r\nVersion: 1\r\nArchitecture: all\r\n\r\n", DisplayName = "CRLF")]
    [DataRow("package:a\nversion:1\narchitecture:all\n \t\n", DisplayName = "small letters, blanks in the empty line")]
    [DataRow("# made by hand\nVersion: 1\nDescription: x\n Package: fake\n Provides: fake\nArchitecture: all\nPackage: a\n", DisplayName = "any order")]
    [DataRow("Package-Type: deb\nPackage: a\nVersion: 1\nArchitecture: all\n", DisplayName = "a longer name of a field")]
    public void Archives_write_their_indexes_in_many_ways(string text)
    {
        var index = Parse(text);

        Assert.AreEqual("a 1", string.Join(", ", index.Find("a")));
        Assert.AreEqual(1, index.Count);
        Assert.IsEmpty(index.FindProviders("fake"));
    }

    [TestMethod]
    public void An_empty_index_has_no_packages()
    {
        Assert.AreEqual(0, Parse("").Count);
        Assert.IsEmpty(Parse("\n\n").Find("a"));
    }

    [TestMethod]
    [DataRow("Version: 1\n", "line 1 has no Package")]
    [DataRow("Package: a\nVersion: 1\n\n\nVersion: 2\n", "line 5 has no Package")]
    [DataRow("Package:\nVersion: 1\n", "line 1 has no name")]
    [DataRow("Package: a\nPackage: b\n", "line 2")]
    [DataRow("<html><body>Please log in</body></html>\n", "line 1 has no Package")]
    public void What_is_no_index_is_refused_at_once(string text, string why)
    {
        var exception = Assert.ThrowsExactly<MultiArchException>(() => Parse(text));

        Assert.AreEqual("MARCH6025", exception.Code);
        StringAssert.Contains(exception.Message, why);
        StringAssert.Contains(exception.Message, "deb test");
    }

    [TestMethod]
    [DataRow("Package: a\nVersion: 1_\nArchitecture: all\n", "Version of the package 'a'")]
    [DataRow("Package: a\nArchitecture: all\n", "'a' has no Version")]
    [DataRow("Package: a\nVersion: 1\nVersion: 1\nArchitecture: all\n", "second time")]
    [DataRow("Package: a\nVersion: 1\nArchitecture: all\nnonsense\n", "line 4 is no field")]
    public void A_damaged_stanza_is_refused_when_it_is_asked_for(string text, string why)
    {
        var index = Parse($"{text}\nPackage: b\nVersion: 1\nArchitecture: all\n");

        Assert.AreEqual("b 1", string.Join(", ", index.Find("b")));
        var exception = Assert.ThrowsExactly<MultiArchException>(() => index.Find("a").ToList());
        Assert.AreEqual("MARCH6025", exception.Code);
        StringAssert.Contains(exception.Message, why);
    }

    [TestMethod]
    public void Any_bytes_are_an_index_or_are_refused()
    {
        var random = new Random(13);
        var parts = new[] { "Package: a\n", "Package: b\n", "Version: 1\n", "Architecture: all\n", "Provides: x, y (= 1)\n", "Provides: ,,\n", "\n", "\n\n", " ", "\t", "\r", "Package:", "Provides:", ":", "\0", "\u00e4", "#", "p", "P", "\n \n" };
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                var index = Parse(text);
                foreach (var name in index.Names.Concat(["x", "y"]))
                {
                    _ = index.Find(name).Concat(index.FindProviders(name)).ToList();
                }
            }
            catch (MultiArchException e)
            {
                Assert.AreEqual("MARCH6025", e.Code);
            }
        }
    }

    private static PackageIndex Parse(string text) => PackageIndex.Parse(Encoding.UTF8.GetBytes(text), "deb test");
}
