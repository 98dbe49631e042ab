using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Oci;
using MultiArch.Oci.Contents;

namespace MultiArch.Debian.Tests.RootFileSystem;

[TestClass]
public sealed class AuthoritiesTests
{
    private const string Bundle = "etc/ssl/certs/ca-certificates.crt";

    private static readonly string One = Make("one");
    private static readonly string Two = Make("two");
    private static readonly string Mine = Make("mine");

    [TestMethod]
    public async Task The_bundle_has_every_packaged_certificate_in_order_and_then_the_users()
    {
        using var system = new TestSystem();
        await AddCertificatesAsync(system);
        system.Options = system.Options with { Authorities = [new("/project/mine.crt", Encoding.UTF8.GetBytes("A comment\r\n" + Mine.ReplaceLineEndings("\r\n")))] };

        Assert.AreEqual($"{One}\n{Two}\n{Mine}\n", Read(system));
        Assert.Contains(Bundle, system.Arrange().Layers[0].Files.Select(file => file.Path), "all of it follows from packages for every architecture");
        Assert.AreEqual("system-common", system.Arrange().Layers[0].Title);
    }

    [TestMethod]
    public async Task A_bases_bundle_stays_and_what_is_new_comes_behind_it()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("etc/pki/bundle.pem", new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Content = Encoding.UTF8.GetBytes($"# the base's\n{Two}") });
        system.Base.Put(Bundle, new TreeEntry(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = "/etc/pki/bundle.pem" });
        await AddCertificatesAsync(system);
        system.Options = system.Options with { Authorities = [new("a", Encoding.UTF8.GetBytes(Mine)), new("b", Encoding.UTF8.GetBytes(Two + "\n" + Mine))] };

        Assert.AreEqual($"# the base's\n{Two}\n{One}\n{Mine}\n", File.ReadAllText(system.Find("etc/pki/bundle.pem").Source!));
        Assert.AreEqual("system", system.Arrange().Layers.Single(layer => layer.Files.Any(file => file.Path == "etc/pki/bundle.pem")).Title);
    }

    [TestMethod]
    public async Task A_users_authority_alone_is_a_bundle()
    {
        using var system = new TestSystem();
        await system.AddAsync("demo");
        system.Options = system.Options with { Authorities = [new("a", Encoding.UTF8.GetBytes(Mine))] };

        Assert.AreEqual(Mine + "\n", Read(system));
    }

    [TestMethod]
    public async Task A_base_without_new_certificates_is_left_alone()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put(Bundle, new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Content = Encoding.UTF8.GetBytes(One) });
        await system.AddAsync("demo");

        Assert.DoesNotContain(Bundle, system.Arrange().Layers.SelectMany(layer => layer.Files).Select(file => file.Path));
    }

    [TestMethod]
    public async Task A_base_whose_bundle_is_not_known_is_one_line_if_something_is_to_be_added()
    {
        using var system = new TestSystem().OnMergedBase();
        system.Base.Put("opt/authorities", new TreeEntry(TreeEntryType.File, 0b110_100_100, 0, 0) { Size = 5 });
        system.Base.Put(Bundle, new TreeEntry(TreeEntryType.Symlink, 0b111_111_111, 0, 0) { LinkTarget = "/opt/authorities" });
        await system.AddAsync("demo");
        Assert.HasCount(1, system.Arrange().Layers);

        system.Options = system.Options with { Authorities = [new("a", Encoding.UTF8.GetBytes(Mine))] };

        var fault = Assert.ThrowsExactly<MultiArchException>(() => system.Arrange());
        Assert.AreEqual(DiagnosticCodes.PackageDoesNotFit, fault.Code);
        Assert.Contains("leads to '/opt/authorities'", fault.Message);
    }

    [TestMethod]
    public async Task Libssl_finds_the_bundle_without_the_package_openssl_and_keeps_the_links_of_it()
    {
        using var system = new TestSystem();
        await AddCertificatesAsync(system);
        Assert.IsEmpty(Links(system), "nothing reads them");

        await system.AddAsync("libssl3", TestDeb.File("./usr/lib/x86_64-linux-gnu/libssl.so.3"));
        CollectionAssert.AreEqual(new[] { "usr/lib/ssl/cert.pem -> /etc/ssl/certs/ca-certificates.crt", "usr/lib/ssl/certs -> /etc/ssl/certs" }, Links(system));

        await system.AddAsync("openssl", TestDeb.Link("./usr/lib/ssl/certs", "/etc/ssl/certs"), TestDeb.Link("./usr/lib/ssl/cert.pem", "/etc/ssl/cert.pem"));
        CollectionAssert.AreEqual(new[] { "usr/lib/ssl/cert.pem -> /etc/ssl/cert.pem", "usr/lib/ssl/certs -> /etc/ssl/certs" }, Links(system));
    }

    [TestMethod]
    public async Task What_is_no_certificate_is_refused_with_its_file()
    {
        using var key = ECDsa.Create();
        (string Content, string Why)[] cases =
        [
            ("", "it holds no certificate in PEM form"),
            ("hello", "it holds no certificate in PEM form"),
            ("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n", "a certificate in it cannot be read"),
            (Mine + "\n" + key.ExportPkcs8PrivateKeyPem(), "it holds a private key, which an image must not"),
            (key.ExportECPrivateKeyPem(), "it holds a private key, which an image must not"),
            (key.ExportSubjectPublicKeyInfoPem(), "it holds a PUBLIC KEY"),
            (Mine[..^40], "it holds no certificate in PEM form"),
        ];
        using var system = new TestSystem();
        await system.AddAsync("demo");

        foreach (var (content, why) in cases)
        {
            system.Options = system.Options with { Authorities = [new("/project/ca.crt", Encoding.UTF8.GetBytes(content))] };
            var fault = Assert.ThrowsExactly<MultiArchException>(() => system.Arrange(), why);
            Assert.AreEqual(DiagnosticCodes.InvalidAuthority, fault.Code);
            Assert.StartsWith($"'/project/ca.crt' cannot be trusted as a certificate authority: {why}", fault.Message);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    private static Task<MultiArch.Debian.DebFiles.ExtractedPackage> AddCertificatesAsync(TestSystem system) => system.AddAsync(new TestDeb
    {
        Name = "ca-certificates",
        Architecture = "all",
        Entries =
        [
            TestDeb.File("./usr/share/ca-certificates/mozilla/Two.crt", Two + "\n"),
            TestDeb.File("./usr/share/ca-certificates/mozilla/One.crt", One),
            TestDeb.File("./usr/share/ca-certificates/README", "no certificate"),
        ],
    });

    private static string[] Links(TestSystem system) =>
        [.. system.Arrange().Layers.SelectMany(layer => layer.Files).Where(file => file.Path.StartsWith("usr/lib/ssl/", StringComparison.Ordinal)).Select(file => $"{file.Path} -> {file.LinkTarget}")];

    private static string Read(TestSystem system) => File.ReadAllText(system.Find(Bundle).Source!);

    private static string Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return certificate.ExportCertificatePem();
    }
}
