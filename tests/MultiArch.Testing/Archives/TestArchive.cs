using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MultiArch.Testing.Archives;

/// <summary>A small archive of Debian packages, built, signed and served by a test.</summary>
/// <example><code>
/// using var archive = new TestArchive();
/// await archive.AddAsync(new TestPackage("libfoo1", "1.0", "amd64") { Files = [new("usr/lib/libfoo.so.1", "…")] });
/// await archive.PublishAsync();
/// // archive.Uri, archive.Form.Folder, "main", archive.KeyringPath
/// </code></example>
public sealed class TestArchive : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<Stanza> _stanzas = [];

    public TestArchive(ArchiveForm? form = null, ArchiveKey? key = null)
    {
        Form = form ?? ArchiveForm.Debian;
        Key = key ?? ArchiveKey.Default;
        Directory.CreateDirectory(Root);
        Server = new ArchiveServer(Root);
        KeyringPath = _folder["keyring.gpg"];
        File.WriteAllBytes(KeyringPath, Key.PublicKey);
        ArmoredKeyringPath = _folder.Write("keyring.asc", Key.ArmoredPublicKey);
    }

    public ArchiveForm Form { get; set; }

    public ArchiveKey Key { get; }

    public ArchiveServer Server { get; }

    /// <summary>The folder that is served.</summary>
    public string Root => _folder["archive"];

    /// <summary>As a source names it: no <c>/</c> at the end.</summary>
    public string Uri => Server.Uri.AbsoluteUri.TrimEnd('/');

    /// <summary>A file beside the archive, which is not served.</summary>
    public string KeyringPath { get; }

    public string ArmoredKeyringPath { get; }

    /// <summary>As a line of <c>sources.list</c>, with the keyring.</summary>
    public string SourceLine => $"deb [signed-by={KeyringPath}] {Uri} {Form.Folder} {string.Join(' ', Form.Components)}";

    public string SuitePath => Path.Combine(Root, "dists", Form.Folder);

    public string InReleasePath => Path.Combine(SuitePath, "InRelease");

    /// <summary>Builds a package and puts it into the pool; the index has it after <see cref="PublishAsync"/>.</summary>
    /// <returns>The path of the file, which a test may spoil.</returns>
    public async Task<string> AddAsync(TestPackage package, string component = "main")
    {
        var folder = $"pool/{component}/{package.Name[0]}/{package.Name}";
        var deb = await package.BuildAsync(Path.Combine(Root, folder), Form.PackageCompression);
        var bytes = await File.ReadAllBytesAsync(deb);
        AddStanza(
            $"{package.Control}Filename: {folder}/{package.FileName}\nSize: {bytes.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n",
            package.Architecture,
            component);
        return deb;
    }

    /// <summary>Adds what stands in an index for a package, without a package.</summary>
    public void AddStanza(string stanza, string architecture, string component = "main") => _stanzas.Add(new Stanza(stanza, architecture, component));

    /// <summary>Takes every package out of the indexes; the files stay.</summary>
    public void Clear() => _stanzas.Clear();

    /// <summary>Writes the indexes, the Release file and its signature.</summary>
    public async Task PublishAsync()
    {
        foreach (var component in Form.Components)
        {
            foreach (var architecture in Form.HasIndexOfAll ? [.. Form.Architectures, "all"] : Form.Architectures)
            {
                var text = string.Join('\n', _stanzas.Where(stanza => stanza.IsIn(component, architecture, Form.HasIndexOfAll)).Select(stanza => stanza.Text));
                await WriteIndexAsync($"{component}/binary-{architecture}/Packages", Encoding.UTF8.GetBytes(text));
            }
        }

        Sign(await WriteReleaseAsync());
    }

    /// <summary>Signs another text, or the same in another way, in place of what is there.</summary>
    public void Sign(string release, params IEnumerable<ArchiveKey> keys) =>
        File.WriteAllText(InReleasePath, ArchiveKey.ClearSign(release, keys.DefaultIfEmpty(Key), Form.Hash, Form.Date.UtcDateTime));

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    private async Task WriteIndexAsync(string path, byte[] content)
    {
        var file = Path.Combine(SuitePath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content);
        foreach (var extension in Form.IndexCompressions.Where(extension => extension.Length > 0))
        {
            await CompressAsync(file, extension);
        }
    }

    private static async Task CompressAsync(string file, string extension)
    {
        if (extension is "gz")
        {
            await using var stream = new GZipStream(File.Create($"{file}.gz"), CompressionLevel.Fastest);
            await stream.WriteAsync(await File.ReadAllBytesAsync(file));
            return;
        }

        var program = extension is "zst" ? "zstd" : extension;
        Tool.Require(program);
        (await new CommandLine(program, "-1", "-k", "-f", "-q", file).RunAsync()).ShouldSucceed();
    }

    private async Task<string> WriteReleaseAsync()
    {
        var files = new List<(string Path, byte[] Content)>();
        foreach (var file in Directory.EnumerateFiles(SuitePath, "Packages*", SearchOption.AllDirectories).Where(file => !file.Contains("by-hash", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            files.Add((Path.GetRelativePath(SuitePath, file).Replace('\\', '/'), await File.ReadAllBytesAsync(file)));
            if (Form.HasByHash)
            {
                var byHash = Path.Combine(Path.GetDirectoryName(file)!, "by-hash", "SHA256", Convert.ToHexStringLower(SHA256.HashData(files[^1].Content)));
                Directory.CreateDirectory(Path.GetDirectoryName(byHash)!);
                File.Copy(file, byHash, overwrite: true);
            }

            // As on a mirror: that an index is listed does not mean that it is there uncompressed.
            if (Path.GetExtension(file).Length == 0 && !Form.IndexCompressions.Contains(""))
            {
                File.Delete(file);
            }
        }

        var release = ReleaseText(files);
        await File.WriteAllTextAsync(Path.Combine(SuitePath, "Release"), release);
        return release;
    }

    private string ReleaseText(List<(string Path, byte[] Content)> files)
    {
        var text = new StringBuilder();
        Field("Origin", Form.Origin);
        Field("Label", Form.Origin);
        Field("Suite", Form.Suite);
        Field("Codename", Form.Codename);
        Field("Date", Form.Date.ToString("ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Field("Valid-Until", Form.ValidUntil?.ToString("ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Field("Acquire-By-Hash", Form.HasByHash ? "yes" : null);
        Field("No-Support-for-Architecture-all", Form.HasIndexOfAll ? null : "Packages");
        Field("Architectures", string.Join(' ', Form.Architectures.Prepend("all")));
        Field("Components", string.Join(' ', Form.Components.Select(component => Form.ComponentPrefix + component)));
        if (Form.HasOldSums)
        {
            Sums("MD5Sum", MD5.HashData);
            Sums("SHA1", SHA1.HashData);
        }

        Sums("SHA256", SHA256.HashData);
        return text.ToString();

        void Field(string name, string? value) => text.Append(value is null ? "" : $"{name}: {value}\n");

        void Sums(string name, Func<byte[], byte[]> hash)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}:\n");
            files.ForEach(file => text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexStringLower(hash(file.Content))} {file.Content.Length,16} {file.Path}\n"));
        }
    }

    private sealed record Stanza(string Text, string Architecture, string Component)
    {
        public bool IsIn(string component, string architecture, bool hasIndexOfAll) =>
            Component == component && (Architecture == architecture || (Architecture == "all" && !hasIndexOfAll));
    }
}
