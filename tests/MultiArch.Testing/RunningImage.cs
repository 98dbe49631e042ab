using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MultiArch.Testing;

/// <summary>A pulled image that runs: started as its own config says, never by a command of the test.</summary>
/// <remarks>
/// It has the machine's network. A web app is told its port by <c>ASPNETCORE_HTTP_PORTS</c>, so an image that sets
/// <c>ASPNETCORE_URLS</c>, which .NET prefers, needs that overridden as well.
/// </remarks>
public sealed class RunningImage : IAsyncDisposable
{
    private static readonly TimeSpan NativeDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EmulatedDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly RunningCommand _process;
    private readonly HttpClient _client;

    private RunningImage(RunningCommand process, Uri address)
    {
        _process = process;
        Address = address;

        // A proxy that the machine is told to use has nothing to do with its loopback address.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(1),
        };
    }

    /// <summary><c>http://127.0.0.1:port/</c>.</summary>
    public Uri Address { get; }

    /// <summary>What the image has written so far, on both streams.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a web app and waits until it answers, whatever the status. An emulated one that dies before is started once more.</summary>
    /// <param name="environment">Added to the image's variables, as <c>docker run --env</c> does.</param>
    /// <param name="port">The port that the image listens on, if <c>ASPNETCORE_HTTP_PORTS</c> is nothing to it; else a free one is chosen.</param>
    /// <param name="deadline">Until the first answer: 60 s, or 3 min under emulation, when it is not given.</param>
    /// <param name="useBinfmt">False starts qemu by name, as on a machine where binfmt_misc cannot be mounted.</param>
    public static async Task<RunningImage> StartAsync(
        PulledImage image,
        IReadOnlyDictionary<string, string>? environment = null,
        int? port = null,
        TimeSpan? deadline = null,
        bool useBinfmt = true,
        CancellationToken cancellationToken = default)
    {
        var isEmulated = Emulator.IsNeededFor(image.Platform);
        var patience = deadline ?? (isEmulated ? EmulatedDeadline : NativeDeadline);
        for (var attempt = 1; ; attempt++)
        {
            var listening = port ?? FindFreePort();
            var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
            {
                ["ASPNETCORE_HTTP_PORTS"] = listening.ToString(CultureInfo.InvariantCulture),
            };
            var command = ImageProcess.Create(image, variables, useBinfmt, patience);
            var running = new RunningImage(command.Start(), new Uri($"http://127.0.0.1:{listening}/"));
            try
            {
                if (await running.IsAnsweringAsync(patience, cancellationToken))
                {
                    return running;
                }
            }
            catch
            {
                await running.DisposeAsync();
                throw;
            }

            var (hasExited, exitCode) = running._process.HasExited ? (true, running._process.ExitCode) : (false, 0);
            await running.DisposeAsync();

            // qemu crashes now and then under .NET, and another process may have taken the port since it was found free.
            var mayTryAgain = attempt == 1 && hasExited
                && (isEmulated || running.Output.Contains("address already in use", StringComparison.OrdinalIgnoreCase));
            if (!mayTryAgain)
            {
                var how = hasExited ? $"ended with exit code {exitCode} before it answered" : $"did not answer within {patience}";
                Assert.Fail($"{image.Reference} for {image.Platform} {how}: {command}{Environment.NewLine}{running.Output}");
            }
        }
    }

    /// <summary>Runs an image that ends by itself. An emulated one that a signal ends is run once more.</summary>
    /// <param name="environment">Added to the image's variables.</param>
    /// <param name="useBinfmt">False starts qemu by name.</param>
    public static async Task<CommandResult> RunToEndAsync(
        PulledImage image,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null,
        bool useBinfmt = true,
        CancellationToken cancellationToken = default)
    {
        const int firstSignal = 128;
        var isEmulated = Emulator.IsNeededFor(image.Platform);
        var command = ImageProcess.Create(
            image, environment ?? new Dictionary<string, string>(), useBinfmt, timeout ?? (isEmulated ? EmulatedDeadline : NativeDeadline));
        var result = await command.RunAsync(cancellationToken);
        return isEmulated && result.ExitCode > firstSignal ? await command.RunAsync(cancellationToken) : result;
    }

    /// <param name="path">Such as <c>/health</c>.</param>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken = default) => _client.GetAsync(path, cancellationToken);

    /// <summary>The body of a successful answer; any other fails the test with what the image has written.</summary>
    public async Task<string> GetStringAsync(string path, CancellationToken cancellationToken = default)
    {
        using var response = await GetAsync(path, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            Assert.Fail($"GET {path}: {(int)response.StatusCode} {body}{Environment.NewLine}{Output}");
        }

        return body;
    }

    /// <summary>Kills the image's processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
    }

    private async Task<bool> IsAnsweringAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            while (!_process.HasExited)
            {
                try
                {
                    using var response = await _client.GetAsync("/", deadline.Token);
                    return true;
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !deadline.IsCancellationRequested)
                {
                    await Task.Delay(PollInterval, deadline.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The deadline.
        }

        return false;
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
