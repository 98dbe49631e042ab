using System.Text;
using MultiArch.Debian.Lock;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.Lock;

[TestClass]
public sealed class LockFileTests
{
    [TestMethod]
    public void What_is_written_is_read_again()
    {
        var file = LockFile.Empty.With("linux-x64", Sample.Platform()).With("linux-arm64", Sample.Platform("arm64"));

        var read = LockFile.Parse(file.ToUtf8Bytes(), "multiarch.lock.json");

        CollectionAssert.AreEqual(file.ToUtf8Bytes(), read.ToUtf8Bytes());
        Assert.AreEqual("2.36-9+deb12u13", read.Platforms["linux-arm64"].Packages[0].Version);
        Assert.AreEqual(SourceOwner.Host, read.Platforms["linux-x64"].SourcesOf);
    }

    [TestMethod]
    public void The_bytes_do_not_depend_on_the_order_in_which_platforms_were_locked()
    {
        var first = LockFile.Empty.With("linux-x64", Sample.Platform()).With("linux-arm64", Sample.Platform("arm64"));
        var second = LockFile.Empty.With("linux-arm64", Sample.Platform("arm64")).With("linux-x64", Sample.Platform());

        CollectionAssert.AreEqual(first.ToUtf8Bytes(), second.ToUtf8Bytes());
    }

    [TestMethod]
    public void A_person_can_read_it_and_compare_two_of_it_line_by_line()
    {
        var text = Encoding.UTF8.GetString(LockFile.Empty.With("linux-x64", Sample.Platform()).ToUtf8Bytes());

        Assert.Contains("\n          \"version\": \"2.36-9+deb12u13\",\n", text);
        Assert.EndsWith("}\n", text);
        Assert.DoesNotContain('\r', text);
    }

    [TestMethod]
    [DataRow("", "lock: it is empty. Take")]
    [DataRow("{", "lock: it ends before its last bracket is closed. Take")]
    [DataRow("[]", "lock: it is no JSON object. Take")]
    [DataRow("null", "it is empty")]
    [DataRow("""{"version":2,"platforms":{}}""", "its version is 2, and this MultiArch.Build reads 1")]
    [DataRow("""{"version":1}""", "lock: it lacks 'platforms'. Take")]
    [DataRow("""{"version":1,"version":1,"platforms":{}}""", "lock: 'version' in line 1 stands there twice. Take")]
    [DataRow("""{"version":1,"platforms":{"linux-x64":null}}""", "")]
    public void What_is_no_lock_is_one_line_that_names_the_file(string text, string why)
    {
        var error = Assert.ThrowsExactly<MultiArchException>(() => LockFile.Parse(Encoding.UTF8.GetBytes(text), "app/multiarch.lock.json"));

        Assert.AreEqual(DiagnosticCodes.LockUnreadable, error.Code);
        Assert.StartsWith("'app/multiarch.lock.json' cannot be used as a lock: ", error.Message);
        Assert.Contains(why, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [TestMethod]
    [DataRow("pool/main/g/glibc/libc6.deb", "../../etc/passwd")]
    [DataRow("pool/main/g/glibc/libc6.deb", "/etc/passwd")]
    [DataRow("\"size\": 2757000", "\"size\": 0")]
    [DataRow("\"source\": 0", "\"source\": 1")]
    [DataRow("\"source\": 0", "\"source\": -1")]
    [DataRow("\"sha256\": \"sha256:", "\"sha256\": \"sha512:")]
    [DataRow("\"sourcesOf\": \"host\"", "\"sourcesOf\": \"nobody\"")]
    public void A_lock_that_was_edited_into_nonsense_is_refused(string sound, string edited)
    {
        var text = Encoding.UTF8.GetString(LockFile.Empty.With("linux-x64", Sample.Platform()).ToUtf8Bytes());
        Assert.Contains(sound, text);

        Assert.ThrowsExactly<MultiArchException>(() => LockFile.Parse(Encoding.UTF8.GetBytes(text.Replace(sound, edited, StringComparison.Ordinal)), "l"));
    }

    [TestMethod]
    public void Whatever_is_flipped_in_it_there_is_no_other_error()
    {
        var sound = LockFile.Empty.With("linux-x64", Sample.Platform()).ToUtf8Bytes();
        var random = new Random(6);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var bytes = sound.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                LockFile.Parse(bytes, "l");
            }
            catch (MultiArchException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(500, refused);
    }
}
