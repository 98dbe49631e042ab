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

    public static LocalEngines OnPath() => new(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>Says what can be said before anything is compiled, and starts no program.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public void Require(string name) => FindPrograms(name);

    /// <param name="name">The value of LocalRegistry: <c>Docker</c>, <c>Podman</c> or <see cref="Any"/>.</param>
    /// <param name="workFolder">Absolute.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.UnknownLocalRegistry"/> or <see cref="DiagnosticCodes.NoLocalEngine"/>.</exception>
    public async Task<LocalEngine> OpenAsync(string name, string repository, string workFolder, CancellationToken cancellationToken)
    {
        var (docker, podman) = FindPrograms(name);
        if (docker is null)
        {
            return LocalEngine.Podman(podman!, repository, workFolder); // one of both was found
        }

        var (answers, isPodman) = await AskAsync(docker, cancellationToken);
        return podman is not null && (isPodman || !answers) ? LocalEngine.Podman(podman, repository, workFolder)
            : isPodman ? LocalEngine.Podman(docker, repository, workFolder)
            : LocalEngine.Docker(docker, repository, workFolder);
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

    /// <returns>Those that the name allows; at least one.</returns>
    private (EngineProgram? Docker, EngineProgram? Podman) FindPrograms(string name)
    {
        var isAny = Is(name, Any);
        if (!isAny && !Is(name, Docker) && !Is(name, Podman))
        {
            throw new MultiArchException(DiagnosticCodes.UnknownLocalRegistry, $"LocalRegistry '{name}' is neither Docker nor Podman. Set it to one of them, or leave it out.");
        }

        var docker = Is(name, Podman) ? null : Find("docker");
        var podman = Is(name, Docker) ? null : Find("podman");
        return docker is null && podman is null
            ? throw Missing(isAny ? "neither docker nor podman is on PATH" : $"{(Is(name, Docker) ? "docker" : "podman")} is not on PATH")
            : (docker, podman);
    }

    private EngineProgram? Find(string name) => new SearchPath(path).Find(name) is { } found ? new EngineProgram(found) : null;
}
