namespace MultiArch.Debian.RootFileSystem;

/// <summary>A file with certificates of authorities that a user wants trusted.</summary>
/// <param name="Origin">Where it is, for messages: a path on this machine.</param>
/// <param name="Content">PEM: one certificate or several, text between them, and nothing else.</param>
public sealed record AuthorityFile(string Origin, ReadOnlyMemory<byte> Content);
