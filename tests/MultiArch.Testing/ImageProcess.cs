using MultiArch.Oci.Formats;

namespace MultiArch.Testing;

/// <summary>The command line that starts a pulled image as its config says: Entrypoint and Cmd, Env, WorkingDir and User.</summary>
internal static class ImageProcess
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // Mounts are made in a mount namespace of their own: when the process ends, none is left. $0 to $2 are programs of this machine,
    // because PATH is already the image's.
    private const string EnterRoot =
        """
        "$0" --rbind /dev "$2/dev" && unshare=$1 root=$2 directory=$3 user=$4 group=$5 && shift 5 &&
        exec "$unshare" --pid --fork --kill-child --mount-proc=/proc --root="$root" --wd="$directory" --setgid "$group" --setuid "$user" -- "$@"
        """;

    /// <param name="useBinfmt">False starts qemu by name even where the kernel would start it.</param>
    public static CommandLine Create(PulledImage image, IReadOnlyDictionary<string, string> environment, bool useBinfmt, TimeSpan timeout)
    {
        Tool.RequireRoot();
        var config = image.Config.Config ?? new ContainerConfig();
        var command = CommandOf(image, useBinfmt);
        return image.Client is PullClient.Buildah
            ? WithBuildah(image, environment, command, timeout)
            : InRoot(image, config, environment, command, timeout);
    }

    private static CommandLine WithBuildah(
        PulledImage image, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command, TimeSpan timeout)
    {
        var run = image.BuildahRun(environment, command);
        // In a process namespace of its own, so that nothing outlives buildah, whose chroot isolation has none.
        return new CommandLine(
            "unshare", ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "--", run.Program, .. run.Arguments])
        {
            WorkingDirectory = run.WorkingDirectory,
            Environment = run.Environment,
            Timeout = timeout,
        };
    }

    private static CommandLine InRoot(
        PulledImage image, ContainerConfig config, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command, TimeSpan timeout)
    {
        var user = ImageUser.Resolve(config.User, image.RootFileSystem);
        var directory = string.IsNullOrEmpty(config.WorkingDir) ? "/" : config.WorkingDir;

        // What every container runtime makes when the image lacks it.
        foreach (var folder in new[] { "/dev", "/proc", directory })
        {
            Directory.CreateDirectory(image[folder]);
        }

        return new CommandLine(
            "unshare",
            [
                "--mount", "--propagation", "private", "--", Tool.Find("sh")!, "-c", EnterRoot, Tool.Find("mount")!, Tool.Find("unshare")!,
                image.RootFileSystem, directory, $"{user.UserId}", $"{user.GroupId}", .. command,
            ])
        {
            InheritsEnvironment = false,
            Environment = EnvironmentOf(config, user, environment),
            Timeout = timeout,
        };
    }

    private static Dictionary<string, string?> EnvironmentOf(ContainerConfig config, ImageUser user, IReadOnlyDictionary<string, string> added)
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = DefaultPath, ["HOME"] = user.Home };
        foreach (var entry in config.Env ?? [])
        {
            var (name, value) = entry.Split('=', 2) is [var left, var right] ? (left, right) : (entry, "");
            environment[name] = value;
        }

        foreach (var (name, value) in added)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static IReadOnlyList<string> CommandOf(PulledImage image, bool useBinfmt)
    {
        var command = image.Command;
        if (command is [])
        {
            Assert.Fail($"The image {image.Reference} for {image.Platform} has neither Entrypoint nor Cmd: there is nothing to start.");
        }

        if (!Emulator.IsNeededFor(image.Platform) || (useBinfmt && Emulator.IsRegistered(image.Platform)))
        {
            return command;
        }

        var emulator = Emulator.ProgramFor(image.Platform);
        Tool.Require(emulator);
        File.Copy(Tool.Find(emulator)!, Path.Combine(image.RootFileSystem, emulator), overwrite: true);
        return [$"/{emulator}", "-0", command[0], FindProgram(image, command[0]), .. command.Skip(1)];
    }

    /// <summary>qemu takes a path where the kernel takes one too, but a shell or a container runtime would search PATH.</summary>
    private static string FindProgram(PulledImage image, string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return name;
        }

        const string variable = "PATH=";
        var path = image.Config.Config?.Env?.LastOrDefault(entry => entry.StartsWith(variable, StringComparison.Ordinal))?[variable.Length..] ?? DefaultPath;
        return path.Split(':').Select(folder => $"{folder}/{name}").FirstOrDefault(candidate => File.Exists(image[candidate])) ?? name;
    }
}
