using System.Text;
using System.Text.Json;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>Static web assets: the SDK writes times into the list of them, and an image has none.</summary>
[TestClass]
public sealed class StaticWebAssetsTests
{
    private const string Time = "Tue, 01 Jan 1980 00:00:01 GMT";

    [TestMethod]
    public async Task Another_folder_time_and_source_time_give_the_same_digest()
    {
        using var here = await AppAsync();
        using var there = await AppAsync();
        foreach (var file in Directory.EnumerateFiles(there.Folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        var first = (await here.PublishAsync()).ShouldSucceed().PublishedDigest();
        var second = (await there.PublishAsync()).ShouldSucceed().PublishedDigest();

        Assert.AreEqual(first, second);
        foreach (var image in OciLayout.Read(here.ImageFolder).Images)
        {
            var names = image.Entries.Select(entry => entry.Name).ToList();
            Assert.Contains("app/wwwroot/css/site.css.gz", names);
            Assert.Contains("app/wwwroot/css/site.css.br", names);
            using var manifest = JsonDocument.Parse(image.Read("app/web.staticwebassets.endpoints.json"));
            var times = manifest.RootElement.GetProperty("Endpoints").EnumerateArray()
                .SelectMany(endpoint => endpoint.GetProperty("ResponseHeaders").EnumerateArray())
                .Where(header => header.GetProperty("Name").GetString() == "Last-Modified")
                .Select(header => header.GetProperty("Value").GetString())
                .ToList();
            Assert.IsNotEmpty(times);
            Assert.IsTrue(times.All(time => time == Time), string.Join('\n', times.Distinct()));
        }
    }

    [TestMethod]
    [DataRow("", DisplayName = "without a byte order mark")]
    [DataRow("\uFEFF", DisplayName = "with one")]
    public void Only_the_times_change(string mark)
    {
        var manifest = mark + """
            {"Version":1, "Value":"kept", "Endpoints":[ {"Route":"ä.css","ResponseHeaders":[{"Name":"ETag","Value":"\"x\""},
              {"Name":"Last-Modified","Value":"Wed, 25 Nov 2026 02:07:18 GMT"} , { "Value" : "x\u0041" , "Name" : "Last-Modified" }],
              "EndpointProperties":[{"Name":"Last-Modified"},{"Value":"Last-Modified","Name":"label"}]}] }

            """;
        var expected = manifest.Replace("Wed, 25 Nov 2026 02:07:18 GMT", Time, StringComparison.Ordinal).Replace("""x\u0041""", Time, StringComparison.Ordinal);

        var changed = EndpointsManifest.SetLastModified(Encoding.UTF8.GetBytes(manifest), Time)!;

        Assert.AreEqual(expected, Encoding.UTF8.GetString(changed));
        Assert.IsNull(EndpointsManifest.SetLastModified(changed, Time), "What has the time is left alone.");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("not JSON {")]
    [DataRow("[]")]
    [DataRow("\"Last-Modified\"")]
    public void What_is_no_list_of_assets_is_left_alone(string content) =>
        Assert.IsNull(EndpointsManifest.SetLastModified(Encoding.UTF8.GetBytes(content), Time));

    private static async Task<TestProject> AppAsync() => (await TestProject.WebAsync())
        .With("Program.cs", "var app = WebApplication.CreateBuilder(args).Build();\napp.MapStaticAssets();\napp.Run();\n")
        .With("wwwroot/css/site.css", "body { color: blue; }\n")
        .With("wwwroot/site.js", "console.log('x');\n");
}
