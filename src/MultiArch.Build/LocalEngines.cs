using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>Finds docker or podman on this machine, by the rule of the .NET SDK.</summary>
/// <param name="path">The folders to look in, as in <c>PATH</c>.</param>
internal sealed class LocalEngines(string path)
{
    /// <summary>Docker, unless <c>docker</c> is podman under another name, or does not answer while there is a podman.</summary>
    public const string Any = "auto";

    private const string Docker = "Docker";
    private const string Podman = "Podman";

    /// <param name="name">The value of LocalRegistry: <c>Docker</c>, <c>Podman</c>, <see cref="Any"/> or empty, which mean any.</param>
    /// <param name="workFolder">Absolute.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.UnknownLocalRegistry"/> or <see cref="DiagnosticCodes.NoLocalEngine"/>.</exception>
    public async Task<LocalEngine> OpenAsync(string name, string repository, string workFolder, CancellationToken cancellationToken)
    {
        var (program, isPodman) = name.Length == 0 || Is(name, Any) ? await FindAnyAsync(cancellationToken)
            : Is(name, Docker) ? await FindDockerAsync(cancellationToken)
            : Is(name, Podman) ? (Find("podman") ?? throw Missing("podman is not installed"), true)
            : throw new MultiArchException(DiagnosticCodes.UnknownLocalRegistry, $"LocalRegistry '{name}' is neither Docker nor Podman. Set it to one of them, or leave it out.");
        return isPodman ? LocalEngine.Podman(program, repository, workFolder) : LocalEngine.Docker(program, repository, workFolder);
    }

    private static bool Is(string name, string known) => string.Equals(name, known, StringComparison.OrdinalIgnoreCase);

    private static MultiArchException Missing(string what) => new(
        DiagnosticCodes.NoLocalEngine,
        $"There is nothing on this machine to load the image into: {what}. Install podman or docker, or set ContainerRegistry or ContainerArchiveOutputPath.");

    /// <summary>With <c>docker version</c>, which asks the daemon too: a docker whose daemon is off serves nobody.</summary>
    private static async Task<(bool Answers, bool IsPodman)> AskAsync(EngineProgram docker, CancellationToken cancellationToken)
    {
        var version = await docker.TryRunAsync(["version"], input: null, cancellationToken);
        return (version.ExitCode == 0, version.Output.Contains("podman", StringComparison.OrdinalIgnoreCase));
    }

    private async Task<(EngineProgram Program, bool IsPodman)> FindAnyAsync(CancellationToken cancellationToken)
    {
        if (Find("docker") is not { } docker)
        {
            return (Find("podman") ?? throw Missing("neither docker nor podman is on PATH"), true);
        }

        var (answers, isPodman) = await AskAsync(docker, cancellationToken);
        return Find("podman") is { } podman && (isPodman || !answers) ? (podman, true) : (docker, isPodman);
    }

    private async Task<(EngineProgram Program, bool IsPodman)> FindDockerAsync(CancellationToken cancellationToken)
    {
        var docker = Find("docker") ?? throw Missing("docker is not installed");
        return (docker, (await AskAsync(docker, cancellationToken)).IsPodman);
    }

    private EngineProgram? Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, file))
            .Where(IsProgram)
            .Select(found => new EngineProgram(found))
            .FirstOrDefault();
    }

    private static bool IsProgram(string file) =>
        File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
