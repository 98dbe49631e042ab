using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>An <c>image.json</c> that comes from elsewhere is read if it is one, and told if it is none.</summary>
[TestClass]
public sealed class ImageReportFileTests
{
    [TestMethod]
    [DataRow("[]", "it is no JSON object")]
    [DataRow("{\"schemaVersion\":1,\n\"names\":{}}", "'names' in line 2 is no list")]
    [DataRow("/dev/zero", "it is a device")]
    [DataRow("3 GB", "it has 3221225472 bytes, more than 16777216")]
    public async Task What_is_none_is_one_line(string content, string why)
    {
        using var folder = new TempDirectory();
        var file = folder["image.json"];
        if (content[0] == '/')
        {
            File.CreateSymbolicLink(file, content);
        }
        else if (content == "3 GB")
        {
            using var stream = File.Create(file);
            stream.SetLength(3L << 30); // takes no room
        }
        else
        {
            folder.Write("image.json", content);
        }

        var error = await Assert.ThrowsExactlyAsync<MultiArchException>(() => ImageReportFile.ReadAsync(file, "MultiArchCombineFrom", CancellationToken.None));

        Assert.AreEqual($"'{file}' is no image.json of a publish: {why}. Correct MultiArchCombineFrom, or publish the image first.", error.Message);
    }
}
