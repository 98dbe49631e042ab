namespace MultiArch.Oci.Contents;

/// <summary>Where a path leads in an image.</summary>
/// <param name="Path">Without a link among its parents; parts that do not exist stay as they were written. Empty for the root.</param>
/// <param name="Entry">Null when nothing lies there.</param>
/// <param name="Fault">Why the path leads nowhere, for a message: <c>its links go in a circle</c>; null when it leads somewhere.</param>
public sealed record ResolvedPath(string Path, TreeEntry? Entry, string? Fault = null);
