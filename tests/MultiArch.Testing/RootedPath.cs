namespace MultiArch.Testing;

/// <summary>Reads paths as a process sees them whose root folder is <paramref name="root"/>: an absolute link stays inside it.</summary>
public sealed class RootedPath(string root)
{
    private const int MaxLinks = 40;

    /// <summary>The path outside of a path inside. What does not exist is named as if it did.</summary>
    public string Resolve(string path)
    {
        var resolved = new List<string>();
        var pending = new Stack<string>(Parts(path).Reverse());
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (part is "..")
            {
                resolved = [.. resolved.SkipLast(1)];
                continue;
            }

            if (new FileInfo(Outside([.. resolved, part])).LinkTarget is not { } target)
            {
                resolved.Add(part);
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"'{path}' in '{root}' goes through more than {MaxLinks} symbolic links.");
            }

            if (target.StartsWith('/'))
            {
                resolved.Clear();
            }

            foreach (var step in Parts(target).Reverse())
            {
                pending.Push(step);
            }
        }

        return Outside(resolved);
    }

    private string Outside(IEnumerable<string> parts) => Path.Combine([root, .. parts]);

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(part => part is not ("" or "."));
}
