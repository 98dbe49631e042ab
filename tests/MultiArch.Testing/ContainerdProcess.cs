namespace MultiArch.Testing;

/// <summary>A real containerd with images and a socket of its own, gone when the test is. Its Kubernetes part is off: that wants a network.</summary>
public sealed class ContainerdProcess : IAsyncDisposable
{
    // Copies files, where the others mount: nothing is left mounted below the folder that goes.
    private const string Snapshotter = "native";

    private readonly TempDirectory _folder;
    private readonly RunningCommand _process;

    private ContainerdProcess(TempDirectory folder, RunningCommand process)
    {
        _folder = folder;
        _process = process;
    }

    private string Socket => _folder["socket"];

    /// <summary>Starts it and returns when it answers. Ends the test like <see cref="Tool.Require"/> where there is no containerd or no right to use it.</summary>
    public static async Task<ContainerdProcess> StartAsync(CancellationToken cancellationToken)
    {
        Tool.Require("containerd", "ctr", "runc");
        Tool.RequireRoot();
        var folder = new TempDirectory();
        var configuration = folder.Write("config.toml", $"""
            version = 2
            root = "{folder["root"]}"
            state = "{folder["state"]}"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "{folder["socket"]}"

            """);
        var containerd = new ContainerdProcess(folder, new CommandLine("containerd", "--config", configuration).Start());
        try
        {
            while ((await containerd.RunAsync("version")).ExitCode != 0)
            {
                Assert.IsFalse(containerd._process.HasExited, containerd._process.Output);
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }

            return containerd;
        }
        catch
        {
            await containerd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>ctr</c>.</summary>
    public Task<CommandResult> RunAsync(params IEnumerable<string> arguments) => new CommandLine("ctr", ["--address", Socket, .. arguments]).RunAsync();

    /// <summary>Pulls one platform from a registry that speaks http, and unpacks it, which checks every diffID.</summary>
    public Task<CommandResult> PullAsync(string reference, string platform) =>
        RunAsync("images", "pull", "--plain-http", "--snapshotter", Snapshotter, "--platform", platform, reference);

    /// <summary>Starts what the image says, and nothing else.</summary>
    public Task<CommandResult> RunImageAsync(string reference, string platform, string name) =>
        RunAsync("run", "--rm", "--net-host", "--snapshotter", Snapshotter, "--platform", platform, reference, name);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
