using MultiArch.Oci.Layers;
using MultiArch.Testing;

namespace MultiArch.Oci.Tests.Layers;

/// <summary>A plan with one of everything that a tar can stumble over.</summary>
internal static class FixedPlan
{
    /// <summary>A path of 140 bytes that fits USTAR split at its last slash.</summary>
    public static string SplitPath { get; } = $"app/{new string('d', 60)}/{new string('s', 75)}";

    /// <summary>A path of 300 bytes, which fits nothing but GNU.</summary>
    public static string LongPath { get; } = $"app/{new string('e', 100)}/{new string('f', 100)}/{new string('g', 94)}";

    /// <summary>A name of 120 bytes without a place to split.</summary>
    public static string LongName { get; } = new('n', 120);

    public static string LongTarget { get; } = new('t', 130);

    public static LayerPlan In(TempDirectory folder) => new("app",
    [
        new("app/readme.txt", folder.Write("readme.txt", "Hello\n")),
        new("app/start.sh", folder.Write("start.sh", "#!/bin/sh\nexec true\n")),
        new("app/secret", folder.Write("secret", "s"), Mode: Convert.ToInt32("400", 8), Uid: 1654, Gid: 1655),
        new("app/nothing", folder.Write("nothing", "")),
        new("app/grüße-日本-🙂.txt", folder.Write("unicode", "ü")),
        new("app/with space:and colon", folder.Write("odd", "odd")),
        new(SplitPath, folder.Write("split", "split")),
        new(LongPath, folder.Write("long", "long")),
        new(LongName, folder.Write("name", "name")),
        new("opt/big-owner", folder.Write("owner", "owner"), Uid: 3_000_000, Gid: 3_000_001),
        LayerFile.Symlink("app/link", "readme.txt"),
        LayerFile.Symlink("app/long-link", LongTarget),
        LayerFile.Directory("var/empty"),
        LayerFile.Directory($"var/{new string('v', 120)}"),
        LayerFile.Directory("tmp") with { Mode = Convert.ToInt32("1777", 8) },
    ]);
}
