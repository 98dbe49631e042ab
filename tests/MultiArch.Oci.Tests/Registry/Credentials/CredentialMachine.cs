using System.Text;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Registry.Credentials;

/// <summary>A machine of a test's own: its variables, its home, its programs, and what is told of them.</summary>
internal sealed class CredentialMachine : IProgress<RegistryEvent>, IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<StandInProgram> _programs = [];

    public CredentialMachine() => Directory.CreateDirectory(Home);

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public string Home => _folder["home"];

    public string ContainersFolder => _folder["run"];

    public ImageReference? Target { get; init; }

    public IReadOnlyCollection<string> Bases { get; init; } = ["docker.io", "ghcr.io"];

    public List<RegistryEvent> Events { get; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <param name="path">Relative to the home.</param>
    public string Write(string path, string content) => _folder.Write($"home/{path}", content);

    public string WriteElsewhere(string path, string content) => _folder.Write(path, content);

    /// <param name="name">As it stands in a configuration.</param>
    /// <param name="body">Shell.</param>
    public StandInProgram Helper(string name, string body)
    {
        var program = new StandInProgram($"docker-credential-{name}", body);
        _programs.Add(program);
        Variables["PATH"] = string.Join(Path.PathSeparator, _programs.Select(found => Path.GetDirectoryName(found.Path)).Append("/usr/bin").Append("/bin"));
        return program;
    }

    public Keychain Open() => new(new CredentialEnvironment(Variables, Home) { ContainersFolder = ContainersFolder }, Target, Time, this) { Bases = Bases };

    public async Task<Credential?> FindAsync(string image, RegistryAccess access = RegistryAccess.Pull)
    {
        using var keychain = Open();
        return await keychain.FindAsync(ImageReference.Parse(image), access, refused: null, CancellationToken.None);
    }

    public void Report(RegistryEvent value) => Events.Add(value);

    public void Dispose()
    {
        _programs.ForEach(program => program.Dispose());
        _folder.Dispose();
    }

    /// <summary>A configuration with one login.</summary>
    public static string Login(string key, string user, string password) => Auths((key, Entry(user, password)));

    /// <summary>A configuration with entries.</summary>
    public static string Auths(params IEnumerable<(string Key, string Entry)> entries) => "{" + Member(entries) + "}";

    /// <summary>The entries alone, for a configuration that has more.</summary>
    public static string Member(params IEnumerable<(string Key, string Entry)> entries) =>
        "\"auths\":{" + string.Join(',', entries.Select(entry => $"\"{entry.Key}\":{entry.Entry}")) + "}";

    public static string Entry(string user, string password = "x") => "{\"auth\":\"" + Base64($"{user}:{password}") + "\"}";

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
