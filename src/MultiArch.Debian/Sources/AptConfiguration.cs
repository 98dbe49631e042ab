using MultiArch.Oci;

namespace MultiArch.Debian.Sources;

/// <summary>What apt of a system would read: its sources, and which distribution it is.</summary>
/// <param name="Release">Null when the system does not say.</param>
public sealed record AptConfiguration(SourceList List, OsRelease? Release)
{
    private const string Parts = "etc/apt/sources.list.d";

    /// <param name="system">For messages: <c>the base image</c>, <c>this machine</c>.</param>
    /// <param name="isLocal">Whether it is this machine, so that <c>file:</c> in a source means what it says.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAptSources"/>.</exception>
    public static AptConfiguration Read(IRootFiles root, string system, bool isLocal)
    {
        var list = ReadFile("etc/apt/sources.list");
        foreach (var name in AptFile.Names(root.List(Parts), ".list", ".sources"))
        {
            list = list.With(ReadFile($"{Parts}/{name}"));
        }

        return new AptConfiguration(list, OsRelease.Read(root));

        SourceList ReadFile(string path) => AptFile.ReadText(root, path) is not { } text ? SourceList.Empty
            : path.EndsWith(".sources", StringComparison.Ordinal) ? Deb822Sources.Parse(text, $"/{path} of {system}", isLocal)
            : OneLineSources.Parse(text, $"/{path} of {system}", isLocal);
    }
}
