namespace MultiArch.Debian.RootFileSystem;

/// <summary>Directories that have another mode than the rest on every system, also where no package says so.</summary>
internal static class StandardDirectories
{
    public const int Sticky = 0b001_111_111_111;

    public const int Private = 0b111_000_000;

    public const int Plain = 0b111_101_101;

    public static int ModeOf(string path) => path switch
    {
        "tmp" or "var/tmp" => Sticky,
        "root" => Private,
        _ => Plain,
    };
}
