using MultiArch.Debian.Archive;

namespace MultiArch.Build.Tests;

[TestClass]
public sealed class PackageEventLogTests
{
    [TestMethod]
    public void A_host_that_is_waited_for_is_told_once()
    {
        var build = new RecordingBuild();
        var log = new PackageEventLog(new SomeTask { BuildEngine = build }.Log, build);
        foreach (var (host, what) in new[] { ("a.test", "the index of bookworm"), ("a.test", "the index of bookworm-updates"), ("b.test", "the package libc6 2.36-9"), ("a.test", "the index of bookworm") })
        {
            log.Report(new ArchiveEvent.Retrying(host, what, $"{host} cannot be reached: Connection refused.", TimeSpan.FromSeconds(0.54)));
        }

        CollectionAssert.AreEqual(
            new[]
            {
                "  the index of bookworm: a.test cannot be reached: Connection refused. Trying again in 0.5 s",
                "  the package libc6 2.36-9: b.test cannot be reached: Connection refused. Trying again in 0.5 s",
            },
            build.Important.ToArray());
    }

    private sealed class SomeTask : Microsoft.Build.Utilities.Task
    {
        public override bool Execute() => true;
    }
}
