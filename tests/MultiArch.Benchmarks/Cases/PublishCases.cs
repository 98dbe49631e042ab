using MultiArch.Benchmarks.Measuring;
using MultiArch.Benchmarks.Registries;

namespace MultiArch.Benchmarks.Cases;

/// <summary>Nothing is built yet, packages are restored: a framework-dependent app for two platforms.</summary>
internal sealed class CleanPublish() : PublishCase("clean-publish", runs: 5, Workspace.FrameworkBase, properties: "")
{
    protected override Task PrepareAsync(SampleApp app, Run run, Func<Task> publish) => RestoreAndCleanAsync(app, run, publish);

    protected override Contender? Floor(SampleApp app) => Plain(app, ContenderNames.PlainPublish, app.RemoveBuild, "publish", "-c", "Release");
}

/// <summary>The same for a self-contained app, whose packing and sending weigh more.</summary>
internal sealed class CleanSelfContainedPublish() : PublishCase("clean-self-contained-publish", runs: 3, Workspace.PlainBase, SampleApp.SelfContained)
{
    protected override Task PrepareAsync(SampleApp app, Run run, Func<Task> publish) => RestoreAndCleanAsync(app, run, publish);

    protected override Contender? Floor(SampleApp app) => Plain(app, ContenderNames.PlainPublish, app.RemoveBuild, "publish", "-c", "Release", "-r", "linux-x64");
}

/// <summary>Published a moment ago, and nothing has changed since.</summary>
internal sealed class UnchangedPublish() : PublishCase("unchanged-publish", runs: 5, Workspace.FrameworkBase, properties: "")
{
    protected override bool KeepsRegistry => true;

    protected override async Task PrepareAsync(SampleApp app, Run run, Func<Task> publish)
    {
        if (run.Number == 1)
        {
            // The second makes up for what a first publish leaves unfinished, for all alike.
            await publish();
            await publish();
        }
    }

    protected override bool ListsWrittenFiles => true;

    protected override Contender? Floor(SampleApp app)
    {
        var isBuilt = false;
        return new Contender(
            ContenderNames.NoOpBuild,
            async _ =>
            {
                if (!isBuilt)
                {
                    await ProcessMeter.MeasureAsync(app.Dotnet("build", "-c", "Release"));
                    isBuilt = true;
                }
            },
            _ => app.Dotnet("build", "-c", "Release"),
            _ => Task.CompletedTask);
    }
}

/// <summary>Published a moment ago, and then one line of the app has changed; self-contained.</summary>
internal sealed class OneLineChange() : PublishCase("one-line-change", runs: 3, Workspace.PlainBase, SampleApp.SelfContained)
{
    protected override bool KeepsRegistry => true;

    protected override bool CountsBytes => true;

    protected override async Task PrepareAsync(SampleApp app, Run run, Func<Task> publish)
    {
        if (run.Number == 1)
        {
            await publish();
        }

        app.Change(run.Number);
    }
}

/// <summary>A build machine that has the sources, the packages and nothing else; one line has changed since the image in the registry was made.</summary>
internal sealed class ColdRunner() : PublishCase("cold-runner", runs: 3, Workspace.PlainBase, SampleApp.SelfContained)
{
    protected override bool KeepsRegistry => true;

    protected override bool CountsBytes => true;

    protected override async Task PrepareAsync(SampleApp app, Run run, Func<Task> publish)
    {
        if (run.Number == 1)
        {
            await publish();
        }

        app.Change(run.Number);
        app.RemoveAll();
        await app.RestoreAsync();
    }
}

/// <summary>From one platform to four: a framework-dependent app without executables, on a base with two more platforms.</summary>
internal sealed class MorePlatforms() : PublishCase("more-platforms", runs: 3, Workspace.FrameworkBase, SampleApp.FourPlatforms, Workspace.FourPlatforms)
{
    private static readonly string[] RuntimeIdentifiers = ["linux-x64", "linux-arm64", "linux-arm", "linux-s390x"];

    public override IReadOnlyList<int> Scales { get; } = [1, 2, 3, 4];

    protected override IReadOnlyList<string> RuntimeIdentifiersOf(Run run) => RuntimeIdentifiers[..run.Scale];

    protected override Task PrepareAsync(SampleApp app, Run run, Func<Task> publish) => RestoreAndCleanAsync(app, run, publish);
}

/// <summary><c>dotnet publish</c> with our package, and with the .NET SDK's PublishContainer.</summary>
internal abstract class PublishCase(string name, int runs, string baseRepository, string properties, string baseTag = "latest") : BenchmarkCase(name, runs)
{
    private static readonly Dictionary<string, string> Platforms = new()
    {
        ["linux-x64"] = "linux/amd64",
        ["linux-arm64"] = "linux/arm64",
        ["linux-arm"] = "linux/arm",
        ["linux-s390x"] = "linux/s390x",
    };

    /// <summary>Whether the files that a publish of ours wrote are counted.</summary>
    protected virtual bool ListsWrittenFiles => false;

    protected virtual IReadOnlyList<string> RuntimeIdentifiersOf(Run run) => SampleApp.TwoPlatforms;

    /// <summary>Brings about what a run begins with.</summary>
    protected abstract Task PrepareAsync(SampleApp app, Run run, Func<Task> publish);

    /// <summary>Packages are restored, for each platform too, and nothing is built.</summary>
    protected static async Task RestoreAndCleanAsync(SampleApp app, Run run, Func<Task> publish)
    {
        if (run.Number == 1)
        {
            await publish();
        }

        app.RemoveBuild();
    }

    /// <summary>What .NET does without any image, for comparison.</summary>
    protected virtual Contender? Floor(SampleApp app) => null;

    protected sealed override async Task<IReadOnlyList<Contender>> CreateContendersAsync(Workspace workspace)
    {
        var ours = await SampleApp.CreateAsync(workspace, $"{Name}/ours", withPackage: true, properties);
        var sdk = await SampleApp.CreateAsync(workspace, $"{Name}/sdk", withPackage: false, properties);
        var floor = Floor(await SampleApp.CreateAsync(workspace, $"{Name}/floor", withPackage: false, properties));
        Contender[] contenders =
        [
            Contender(ContenderNames.Ours, ours, run => ours.PublishOurs(run, $"{baseRepository}:{baseTag}", RuntimeIdentifiersOf(run)), ListsWrittenFiles),
            Contender(ContenderNames.Sdk, sdk, run => sdk.PublishSdk(run, $"{baseRepository}:{baseTag}", RuntimeIdentifiersOf(run)), listsWrittenFiles: false),
        ];
        return floor is null ? contenders : [.. contenders, floor];
    }

    protected static Contender Plain(SampleApp app, string name, Action prepare, params string[] arguments) => new(
        name,
        _ =>
        {
            prepare();
            return Task.CompletedTask;
        },
        _ => app.Dotnet(arguments),
        _ => File.Exists(Directory.EnumerateFiles(app.Folder, "app.dll", SearchOption.AllDirectories).FirstOrDefault(file => file.Contains("/publish/", StringComparison.Ordinal)))
            ? Task.CompletedTask
            : throw new InvalidOperationException("Nothing was published."));

    /// <summary>What the .NET SDK writes at each publish, changed or not.</summary>
    private static bool IsWrittenByTheSdk(string file) =>
        Path.GetFileName(file) is "web.config" or "project.nuget.cache" || Path.GetFileName(file).StartsWith("PublishOutputs.", StringComparison.Ordinal);

    private Contender Contender(string name, SampleApp app, Func<Run, MeasuredCommand> publish, bool listsWrittenFiles)
    {
        IReadOnlyDictionary<string, DateTime>? before = null;
        HashSet<string> published = [];
        return new Contender(
            name,
            async run =>
            {
                await PrepareAsync(app, run, async () =>
                {
                    // What is left of it at the registry must help no publish that is to begin with nothing there.
                    var earlier = KeepsRegistry ? run : run with { Repository = $"{run.Repository}-earlier" };
                    await ProcessMeter.MeasureAsync(publish(earlier));
                    published = [.. (await ReadAsync(earlier)).Layers.Keys];
                });
                before = listsWrittenFiles ? app.FileTimes() : null;
            },
            publish,
            async run =>
            {
                var image = await ReadAsync(run);
                run.Facts["layerBytes"] = image.Size;
                if (CountsBytes)
                {
                    run.Facts["newLayerBytes"] = image.Layers.Where(layer => !published.Contains(layer.Key)).Sum(layer => layer.Value);
                    published = [.. image.Layers.Keys];
                }

                if (before is not null)
                {
                    var written = app.FileTimes().Where(file => !before.TryGetValue(file.Key, out var time) || time != file.Value).Select(file => file.Key);
                    var ours = written.Where(file => !IsWrittenByTheSdk(file)).ToList();
                    ours.ForEach(file => Console.WriteLine($"    written: {file}"));
                    run.Facts["filesWritten"] = ours.Count;
                }
            });
    }

    private Task<PushedImage> ReadAsync(Run run) => PushedImage.ReadAsync(
        run.Registry.Address,
        run.Repository,
        "latest",
        [.. RuntimeIdentifiersOf(run).Select(identifier => Platforms[identifier])],
        (baseRepository, baseTag));
}
