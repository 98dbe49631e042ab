namespace MultiArch.Oci.Registry.Credentials;

/// <summary>Where docker and podman keep their logins, in the order in which they are read.</summary>
internal static class DockerConfigFiles
{
    /// <summary>Bytes. Logins take a few hundred each.</summary>
    private const int MaxSize = 4 * 1024 * 1024;

    /// <summary>A file that may be there.</summary>
    /// <param name="Path">As its variable has it, or absolute.</param>
    /// <param name="IsLegacy">Whether it is a <c>.dockercfg</c>.</param>
    public readonly record struct Candidate(string Path, bool IsLegacy);

    public static IEnumerable<Candidate> Candidates(CredentialEnvironment environment)
    {
        var home = environment.HomeFolder;
        string?[] paths =
        [
            environment["REGISTRY_AUTH_FILE"],
            Below(environment["DOCKER_CONFIG"], "config.json"),
            Below(home, ".docker", "config.json"),
            Below(environment["XDG_RUNTIME_DIR"] is { } runtime ? Path.Combine(runtime, "containers") : environment.ContainersFolder, "auth.json"),
            Below(environment["XDG_CONFIG_HOME"] ?? Below(home, ".config"), "containers", "auth.json"),
        ];
        var candidates = paths.OfType<string>().Distinct().Select(path => new Candidate(path, IsLegacy: false));
        return Below(home, ".dockercfg") is { } legacy ? candidates.Append(new Candidate(legacy, IsLegacy: true)) : candidates;
    }

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="FormatException">It cannot be used; the message, a line with its full stop, says why.</exception>
    public static async Task<DockerConfig?> ReadAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(candidate.Path))
        {
            throw new FormatException("Its path is relative, and a build has no folder of its own.");
        }

        if (Directory.Exists(candidate.Path))
        {
            throw new FormatException("It is a folder.");
        }

        try
        {
            // Read to its end and not by its length: a shell's <(…) is a pipe.
            await using var file = new FileStream(candidate.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                content.Write(buffer, 0, read);
                if (content.Length > MaxSize)
                {
                    throw new FormatException($"It is larger than {MaxSize} bytes.");
                }
            }

            return DockerConfig.Parse(content.ToArray(), candidate.IsLegacy);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"It cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}.");
        }
    }

    private static string? Below(string? folder, params ReadOnlySpan<string> parts) => folder is null ? null : Path.Combine([folder, .. parts]);
}
