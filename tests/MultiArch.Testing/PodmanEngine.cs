namespace MultiArch.Testing;

/// <summary>The real podman, with images of its own that go with it, set up so that it starts containers inside a container too.</summary>
public sealed class PodmanEngine : IDisposable
{
    private readonly TempDirectory _folder = new();

    private PodmanEngine()
    {
        _folder.Write("containers.conf", $"""
            [containers]
            default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "none"
            tmp_dir = "{_folder["tmp"]}"

            """);
        _folder.Write("storage.conf", $"""
            [storage]
            driver = "overlay"
            graphroot = "{_folder["images"]}"
            runroot = "{_folder["run"]}"

            """);
        _folder.Write("bin/podman", $"""
            #!/bin/sh
            export CONTAINERS_CONF='{_folder["containers.conf"]}' CONTAINERS_STORAGE_CONF='{_folder["storage.conf"]}'
            exec '{Tool.Find("podman")}' "$@"

            """);
        TempDirectory.MakeExecutable(Program);
    }

    /// <summary>A program that is called podman; its folder can stand first in <c>PATH</c>.</summary>
    public string Program => _folder["bin/podman"];

    /// <summary>Ends the test like <see cref="Tool.Require"/> where there is no podman or no right to use it.</summary>
    public static PodmanEngine Create()
    {
        Tool.Require("podman", "runc");
        Tool.RequireRoot();
        return new PodmanEngine();
    }

    public Task<CommandResult> RunAsync(params IEnumerable<string> arguments) => new CommandLine(Program, arguments).RunAsync();

    public void Dispose() => _folder.Dispose();
}
