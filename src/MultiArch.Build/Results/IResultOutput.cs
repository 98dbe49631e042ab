using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Results;

/// <summary>One place where others read what was published.</summary>
internal interface IResultOutput
{
    /// <summary>A path, or what else it is, for people.</summary>
    string Target { get; }

    /// <summary>Absolute paths of the files that hold this result and no other.</summary>
    IEnumerable<string> Files => [];

    /// <summary>Absolute paths of the files of others to which this result is added: a pipe or a terminal will do too.</summary>
    IEnumerable<string> SharedFiles => [];

    /// <summary>Says beforehand what could not be said later.</summary>
    /// <param name="name">What will come before <c>@digest</c>.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidResultFile"/>.</exception>
    void Check(string name)
    {
    }

    /// <exception cref="MultiArchException">It could not be written; the message names the file and the reason.</exception>
    /// <exception cref="IOException">The same, in the system's words.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, in the system's words.</exception>
    Task WriteAsync(ImageReport report);
}
