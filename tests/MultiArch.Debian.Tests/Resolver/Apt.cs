using System.Text;
using System.Text.RegularExpressions;
using MultiArch.Debian.Resolver;
using MultiArch.Oci;
using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Resolver;

/// <summary>
/// This machine's apt, with folders of its own: the machine's sources, for any architecture and any system, and nothing of the machine is touched.
/// Indexes and answers are kept under artifacts/; an answer counts for the very same indexes only.
/// </summary>
internal sealed partial class Apt
{
    private static readonly Lazy<Task<Apt>> Shared = new(CreateAsync);

    // On the command line, which goes before what a machine's apt.conf.d says: images for containers keep no caches and compress indexes.
    private static readonly string[] Options =
        ["-q", "-o", "Acquire::GzipIndexes=false", "-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false", "-o", "Dir::Cache::pkgcache=pkgcache.bin", "-o", "Dir::Cache::srcpkgcache="];

    private readonly string _answers;
    private readonly string _lists;
    private readonly Dictionary<string, byte[][]> _texts = [];
    private readonly Dictionary<string, IReadOnlyList<PackageIndex>> _indexes = [];
    private readonly Dictionary<string, Digest> _digests = [];

    private Apt(string folder)
    {
        _lists = Path.Combine(folder, "lists");
        _answers = Path.Combine(folder, "answers");
        Directory.CreateDirectory(Path.Combine(_lists, "partial"));
        Directory.CreateDirectory(_answers);
    }

    public static string[] Architectures { get; } = ["amd64", "arm64"];

    /// <summary>One look for new indexes for all tests of a run.</summary>
    public static Task<Apt> GetAsync()
    {
        Tool.Require("apt-get");
        return Shared.Value;
    }

    public IReadOnlyList<PackageIndex> IndexesOf(string architecture) => _indexes[architecture];

    /// <summary>What an index says of a package, as it stands there.</summary>
    public string StanzaOf(string architecture, ResolvedPackage package)
    {
        var text = _texts[architecture][package.Index].AsSpan();
        var (name, version) = ($"Package: {package.Package.Name}\n", $"\nVersion: {package.Package.Version}\n");
        for (var start = 0; ; start++)
        {
            start += text[start..].IndexOf(Encoding.UTF8.GetBytes(name));
            var stanza = Encoding.UTF8.GetString(StanzaScan.StanzaAt(text, start));
            if ((start == 0 || text[start - 1] == '\n') && stanza.Contains(version, StringComparison.Ordinal))
            {
                return stanza;
            }
        }
    }

    /// <summary>A system for apt to ask about.</summary>
    /// <param name="status">The content of dpkg's file; empty for an empty system.</param>
    public AptSystem Install(string architecture, string status) => new(this, architecture, status);

    /// <returns>
    /// What it would install, as <c>name version</c> in ordinal order; null when it refuses, and when it could do so only by removing or upgrading something.
    /// </returns>
    internal async Task<IReadOnlyList<string>?> SimulateAsync(AptSystem system, string packages)
    {
        var key = Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', _digests[system.Architecture], Digest.Of(Encoding.UTF8.GetBytes(system.Status)), packages)));
        var answer = Path.Combine(_answers, key.Hex);
        if (!File.Exists(answer))
        {
            var result = await RunAsync(await system.GetConfigurationAsync(), ["-s", "--no-install-recommends", "install", .. packages.Split(' ')]);
            await File.WriteAllTextAsync(answer + ".new", $"{result.ExitCode}\n{result.StandardOutput}");
            File.Move(answer + ".new", answer);
        }

        var text = await File.ReadAllTextAsync(answer);
        return text.StartsWith("0\n", StringComparison.Ordinal) && !Changed().IsMatch(text)
            ? [.. Installed().Matches(text).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}").Order(StringComparer.Ordinal)]
            : null;
    }

    internal async Task<string> ConfigureAsync(string folder, string status, params IEnumerable<string> architectures)
    {
        var names = architectures.ToList();
        Directory.CreateDirectory(Path.Combine(folder, "cache", "archives", "partial"));
        await File.WriteAllTextAsync(Path.Combine(folder, "status"), status);
        var path = Path.Combine(folder, "apt.conf");
        await File.WriteAllTextAsync(path, $$"""
            APT::Architecture "{{names[0]}}";
            APT::Architectures { {{string.Join(' ', names.Select(name => $"\"{name}\";"))}} };
            APT::Sandbox::User "root";
            Acquire::Languages "none";
            Debug::NoLocking "true";
            Dir::Cache "{{folder}}/cache";
            Dir::Etc::Preferences "/nonexistent";
            Dir::Etc::PreferencesParts "/nonexistent";
            Dir::State::Lists "{{_lists}}";
            Dir::State::extended_states "{{folder}}/extended_states";
            Dir::State::status "{{folder}}/status";

            """);
        return path;
    }

    private static Task<CommandResult> RunAsync(string configuration, IEnumerable<string> arguments) => new CommandLine("apt-get", [.. Options, .. arguments])
    {
        Environment = new Dictionary<string, string?> { ["APT_CONFIG"] = configuration, ["LC_ALL"] = "C" },
        Timeout = TimeSpan.FromMinutes(10),
    }.RunAsync();

    private static async Task<Apt> CreateAsync()
    {
        var apt = new Apt(Path.Combine(RepositoryFolder.Artifacts, "test-apt"));
        using var folder = new TempDirectory();
        var update = await RunAsync(await apt.ConfigureAsync(folder.Path, "", Architectures), ["update"]);
        foreach (var architecture in Architectures)
        {
            string[] files = [.. Directory.EnumerateFiles(apt._lists, $"*_binary-{architecture}_Packages").Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                Assert.Inconclusive($"This machine's package sources give no index for {architecture}. {OneLine.Of(update.Output)}");
            }

            var texts = await Task.WhenAll(files.Select(file => File.ReadAllBytesAsync(file)));
            apt._texts[architecture] = texts;
            apt._indexes[architecture] = [.. texts.Select(text => PackageIndex.Parse(text))];
            apt._digests[architecture] = Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', texts.Select(text => Digest.Of(text)))));
        }

        return apt;
    }

    [GeneratedRegex(@"^Inst (\S+?)(?::\S+)? \((\S+) ", RegexOptions.Multiline)]
    private static partial Regex Installed();

    [GeneratedRegex(@"^(Remv |Inst \S+ \[)", RegexOptions.Multiline)]
    private static partial Regex Changed();
}
