using MultiArch.Debian.Signatures;
using MultiArch.Debian.Sources;
using MultiArch.Testing.Archives;

namespace MultiArch.Debian.Tests.Signatures;

/// <summary>What the tests of signatures have in common.</summary>
internal static class Sample
{
    public const string Text = "Origin: Test\nSuite: test\nDescription: a text\n\n- a dash\n-----BEGIN nothing-----\nblanks at the end   \n";

    public static PackageSource Source { get; } = new(new Uri("http://archive.test/debian"), "test", ["main"], "an item of a test");

    public static Keyring Keyring(params IEnumerable<ArchiveKey> keys) =>
        new([.. keys.SelectMany(key => KeyringFile.Read(key.PublicKey, "'/keys.gpg' of a test"))], ["/keys.gpg"], []);
}
