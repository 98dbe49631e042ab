namespace MultiArch.Oci.Layers;

/// <summary>Decides whether a symlink still works when its folder lies somewhere else.</summary>
internal static class ContainedLink
{
    // Linux gives up with ELOOP after as many.
    private const int MaxLinks = 40;

    /// <summary>Follows a link step by step, as a kernel would, so that <c>..</c> behind another link means what it means there.</summary>
    /// <param name="root">The folder that is packed.</param>
    /// <param name="directory">The parts of the link's own directory below the root.</param>
    /// <returns>The text of the link in the image: relative, with <c>/</c>.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.LinkLeavesImage"/>.</exception>
    public static string Resolve(string root, string[] directory, string link, string target)
    {
        var at = new List<string>(directory);
        var remaining = new Stack<string>();
        var links = 0;
        Follow(target);
        while (remaining.TryPop(out var part))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when at.Count == 0:
                    throw Refuse($"leaves the folder '{root}'");
                case "..":
                    at.RemoveAt(at.Count - 1);
                    break;
                default:
                    Enter(part);
                    break;
            }
        }

        var text = Path.IsPathRooted(target) ? Path.GetRelativePath(Path.Combine([root, .. directory]), target) : target;
        return text.Replace(Path.DirectorySeparatorChar, '/');

        void Enter(string part)
        {
            var path = Path.Combine([root, .. at, part]);
            if (new FileInfo(path).LinkTarget is { } next)
            {
                if (++links == MaxLinks)
                {
                    throw Refuse("leads in a circle");
                }

                Follow(next);
            }
            else if (Path.Exists(path))
            {
                at.Add(part);
            }
            else
            {
                throw Refuse("leads nowhere");
            }
        }

        void Follow(string text)
        {
            if (Path.IsPathRooted(text))
            {
                at.Clear();
                text = BelowRoot(text) ?? throw Refuse($"leaves the folder '{root}'");
            }

            foreach (var part in text.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse())
            {
                remaining.Push(part);
            }
        }

        string? BelowRoot(string path)
        {
            var folder = Path.TrimEndingDirectorySeparator(root);
            return path.Equals(folder, StringComparison.Ordinal) ? ""
                : path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path[(folder.Length + 1)..]
                : null;
        }

        MultiArchException Refuse(string what) => new(
            DiagnosticCodes.LinkLeavesImage,
            $"The link '{link}' to '{target}' {what}, so it would not work in the image. Put the file itself in its place, or leave the link out of what is published.");
    }
}
