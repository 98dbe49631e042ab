using System.Text;
using MultiArch.Debian.Archive;
using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Debian.Tests.Signatures;
using MultiArch.Oci;
using MultiArch.Testing;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests;

/// <summary>Whatever stands in a file, a parser returns what it promises or refuses as it promises. Equal seeds, equal inputs.</summary>
[TestClass]
public sealed class ParserFuzzTests(TestContext context)
{
    private static readonly string[] Hostile =
    [
        " ", "\t", ".", "-", "- ", "-----", "=", "!", "$(ARCH)", "\n\n", "\n-----BEGIN PGP SIGNATURE-----\n", "\n-----END PGP SIGNATURE-----\n", "-----BEGIN PGP SIGNED MESSAGE-----\n",
        "Hash: MD5\n", "99999999999999999999",
    ];

    private static readonly Lazy<string> Document = new(() => ArchiveKey.ClearSign(Sample.Text, [ArchiveKey.Default], time: new DateTime(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc)));

    [TestMethod]
    public void A_signed_text_is_what_was_signed_or_nothing()
    {
        var signed = Sample.Text.Replace("end   ", "end", StringComparison.Ordinal);
        var keyring = Sample.Keyring(ArchiveKey.Default);
        foreach (var input in Inputs(3_000, Encoding.UTF8.GetBytes(Document.Value)))
        {
            Check(input, () =>
            {
                if (TryRead(() => InReleaseVerifier.Verify(input, keyring, Sample.Source, now: null)) is { } text)
                {
                    Assert.AreEqual(signed, text);
                }
            });
        }
    }

    [TestMethod]
    public void A_keyring_holds_keys_or_is_refused()
    {
        foreach (var input in Inputs(2_000, ArchiveKey.Default.PublicKey, Encoding.ASCII.GetBytes(ArchiveKey.Default.ArmoredPublicKey)))
        {
            Check(input, () =>
            {
                if (TryRead(() => KeyringFile.Read(input, "a test")) is { } keys)
                {
                    Assert.IsNotEmpty(keys);
                    var document = Encoding.UTF8.GetBytes(Document.Value);
                    // A key that was changed has another fingerprint, or says other things of itself: then it says them without a signature.
                    TryRead(() => InReleaseVerifier.Verify(document, new Keyring(keys, [], []), Sample.Source, now: null));
                }
            });
        }
    }

    [TestMethod]
    public void A_list_of_sources_is_read_or_refused()
    {
        const string oneLine = "deb [arch=amd64 signed-by=/a.gpg] http://archive.test/debian bookworm main contrib\n";
        const string deb822 = "Types: deb\nURIs: http://archive.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /a.gpg\n\n";
        foreach (var input in Inputs(5_000, Encoding.UTF8.GetBytes(oneLine), Encoding.UTF8.GetBytes(deb822)))
        {
            var text = Encoding.UTF8.GetString(input);
            foreach (var parse in new[] { OneLineSources.Parse, Deb822Sources.Parse })
            {
                Check(input, () =>
                {
                    foreach (var source in TryRead(() => parse(text, "a file", false))?.Sources ?? [])
                    {
                        Assert.IsTrue(source.Uri.Scheme is "http" or "https", source.Uri.AbsoluteUri);
                        Assert.AreEqual("", source.Uri.UserInfo);
                        Assert.DoesNotContain("..", source.Suite.Split('/'));
                        StringAssert.EndsWith(source.Root.AbsoluteUri, "/");
                    }
                });
            }
        }
    }

    [TestMethod]
    public void A_release_is_read_or_refused()
    {
        var text = $"Origin: Debian\nSuite: a\nDate: Sat, 10 Jan 2026 08:00:00 UTC\nArchitectures: all amd64\nSHA256:\n {new string('0', 64)} 12 main/binary-amd64/Packages.xz\n";
        foreach (var input in Inputs(5_000, Encoding.UTF8.GetBytes(text)))
        {
            Check(input, () => TryRead(() => ReleaseFile.Parse(Encoding.UTF8.GetString(input))));
        }
    }

    [TestMethod]
    public void An_index_unpacks_within_its_size_or_is_refused()
    {
        var content = Convert.FromBase64String("/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAKUGFja2FnZTogeAoAAFm2D4auj0GKAAEjC8Ib/QkftvN9AQAAAAAEWVo=");
        foreach (var input in Inputs(5_000, content))
        {
            foreach (var extension in new[] { ".xz", ".zst", ".gz" })
            {
                Check(input, () => TryRead(() =>
                {
                    var output = IndexDecompression.Decompress(input, extension, 1_000_000);
                    Assert.IsLessThanOrEqualTo(1_000_000, output.Length);
                    return "";
                }));
            }
        }
    }

    private static IEnumerable<byte[]> Inputs(int count, params byte[][] right) => new Mutations(1, right, Hostile).Take(count);

    private static T? TryRead<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or MultiArchException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Shows the input that a check fails for.</summary>
    private void Check(byte[] input, Action check)
    {
        try
        {
            check();
        }
        catch (Exception)
        {
            context.WriteLine($"The input: {Convert.ToBase64String(input)}");
            throw;
        }
    }
}
