namespace MultiArch.Oci.Layers;

/// <summary>All files below a folder, as a layer shall hold them.</summary>
public static class FileTree
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
    };

    /// <summary>
    /// Lists files, links and empty folders in ordinal order, hidden ones included. A link is listed as a link and not followed; other
    /// folders are implied by what lies in them.
    /// </summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="prefix">The folder's place in the image, such as <c>app</c>; empty for the root.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.LinkLeavesImage"/>, <see cref="DiagnosticCodes.NotARegularFile"/>, <see cref="DiagnosticCodes.InvalidPath"/>,
    /// <see cref="DiagnosticCodes.FileVanished"/> or <see cref="DiagnosticCodes.CannotRead"/>, naming the file.
    /// </exception>
    public static IReadOnlyList<LayerFile> Read(string folder, string prefix)
    {
        if (!Path.IsPathFullyQualified(folder))
        {
            throw new ArgumentException($"'{folder}' is not an absolute path.", nameof(folder));
        }

        var files = new List<LayerFile>();
        var pending = new Stack<string[]>([[]]);
        while (pending.TryPop(out var parts))
        {
            var path = Path.Combine([folder, .. parts]);
            try
            {
                var before = files.Count + pending.Count;
                foreach (var child in new DirectoryInfo(path).EnumerateFileSystemInfos("*", Everything))
                {
                    Visit(child, [.. parts, child.Name]);
                }

                if (files.Count + pending.Count == before && parts.Length > 0)
                {
                    files.Add(LayerFile.Directory(InImage(parts)));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw SourceFile.Fault(path, e);
            }
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;

        void Visit(FileSystemInfo child, string[] parts)
        {
            var path = InImage(parts);
            ImagePath.ValidateName(child.Name, child.FullName, path);
            if (child.Attributes.HasFlag(FileAttributes.ReparsePoint) && child.LinkTarget is { } target)
            {
                files.Add(new LayerFile(path, child.FullName, ContainedLink.Resolve(folder, parts[..^1], child.FullName, target)));
            }
            else if (child is FileInfo file)
            {
                SourceFile.RequireRegular(file);
                files.Add(new LayerFile(path, child.FullName));
            }
            else
            {
                pending.Push(parts);
            }
        }

        string InImage(string[] parts) => string.Join('/', prefix.Length == 0 ? parts : [prefix, .. parts]);
    }

    /// <summary>Bytes of a file; 0 for a link or a folder.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.FileVanished"/> or <see cref="DiagnosticCodes.CannotRead"/>.</exception>
    public static long SizeOf(LayerFile file)
    {
        if (file is not { Type: LayerEntryType.File, Source: { } source })
        {
            return 0;
        }

        try
        {
            return new FileInfo(source).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Fault(source, e);
        }
    }
}
