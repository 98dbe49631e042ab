namespace MultiArch.Oci.Contents;

/// <summary>All paths of an image, or of some of its layers, as a container sees them.</summary>
/// <remarks>Paths are relative and divided by <c>/</c>; a slash at either end says nothing. Not safe for threads while it is changed.</remarks>
public sealed class MergedTree
{
    // Linux gives up with ELOOP after as many.
    private const int MaxLinks = 40;

    private readonly Node _root = new(TreeEntry.ImpliedDirectory);

    /// <summary>Paths, without the root.</summary>
    public int Count { get; private set; }

    /// <summary>What a path names, links among its parents followed; a link that it names itself is the answer.</summary>
    public TreeEntry? Find(string path) => Walk(path, followsLast: false).Node?.Entry;

    /// <summary>What a program that opens the path gets: every link is followed.</summary>
    public TreeEntry? Follow(string path) => Walk(path, followsLast: true).Node?.Entry;

    /// <summary>The kept bytes of a file, links followed; null when there is no file or its bytes were not kept.</summary>
    public byte[]? ReadFile(string path) => Follow(path)?.Content?.ToArray();

    /// <summary>Names in a directory, links followed, in ordinal order; none when there is no directory.</summary>
    public IEnumerable<string> List(string folder) => Walk(folder, followsLast: true).Node?.Children.Keys.AsEnumerable() ?? [];

    /// <summary>Follows a path as a kernel would whose root this is: <c>..</c> behind a link means what it means there, and none leads above the root.</summary>
    public ResolvedPath Resolve(string path, bool followsLast = false)
    {
        var (real, node, fault) = Walk(path, followsLast);
        return new ResolvedPath(real, node?.Entry, fault);
    }

    /// <summary>Every path below the root with what lies there, parents before their children, names of one directory in ordinal order.</summary>
    public IEnumerable<(string Path, TreeEntry Entry)> Entries() => Below(_root, "");

    /// <summary>Puts an entry where a path leads; missing parents are made. A directory keeps what lies in it, anything else replaces it.</summary>
    /// <returns>The path without links among its parents.</returns>
    /// <exception cref="FormatException">The path leads nowhere.</exception>
    public string Put(string path, TreeEntry entry) => Put(path, entry, layer: 0);

    public MergedTree Copy()
    {
        var copy = new MergedTree();
        foreach (var (path, entry) in Entries())
        {
            copy.Put(path, entry);
        }

        copy._root.Entry = _root.Entry;
        return copy;
    }

    internal string Put(string path, TreeEntry entry, int layer)
    {
        var (real, _, fault) = Walk(path, followsLast: false);
        if (fault is not null)
        {
            throw new FormatException($"'{OneLine.Of(path)}' cannot be there: {fault}");
        }

        var at = _root;
        var parts = Split(real);
        foreach (var part in parts.SkipLast(1))
        {
            at = Child(at, part, TreeEntry.ImpliedDirectory, layer);
        }

        var node = parts.Length == 0 ? _root : Child(at, parts[^1], entry, layer);
        if (node.Entry.Type is TreeEntryType.Directory && entry.Type is not TreeEntryType.Directory)
        {
            Count -= Size(node) - 1;
            node.Clear();
        }

        (node.Entry, node.Layer) = (entry, layer);
        return real;
    }

    /// <summary>Removes what lower layers have at a path, or with <paramref name="keepsDirectory"/> in that directory.</summary>
    internal void Remove(string path, int layer, bool keepsDirectory)
    {
        var (real, node, _) = Walk(path, followsLast: false);
        if (node is null)
        {
            return;
        }

        Prune(node, layer);
        if (!keepsDirectory && node.Layer < layer && node.Children.Count == 0 && Split(real) is [.. var parents, var name])
        {
            Walk(string.Join('/', parents), followsLast: false).Node!.Children.Remove(name); // it was walked through a moment ago
            Count--;
        }
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static int Size(Node node) => 1 + node.Children.Values.Sum(Size);

    private static IEnumerable<(string Path, TreeEntry Entry)> Below(Node root, string prefix)
    {
        var pending = new Stack<(string Path, Node Node)>();
        Push(prefix, root);
        while (pending.TryPop(out var next))
        {
            yield return (next.Path, next.Node.Entry);
            Push(next.Path + "/", next.Node);
        }

        void Push(string path, Node node)
        {
            foreach (var (name, child) in node.Children.Reverse())
            {
                pending.Push((path + name, child));
            }
        }
    }

    private void Prune(Node node, int layer)
    {
        foreach (var (name, child) in node.Children.ToList())
        {
            Prune(child, layer);
            if (child.Layer < layer && child.Children.Count == 0)
            {
                node.Children.Remove(name);
                Count--;
            }
        }
    }

    private Node Child(Node parent, string name, TreeEntry entry, int layer)
    {
        if (!parent.Children.TryGetValue(name, out var child))
        {
            child = new Node(entry) { Layer = layer };
            parent.Add(name, child);
            Count++;
        }

        return child;
    }

    private (string Path, Node? Node, string? Fault) Walk(string path, bool followsLast)
    {
        var at = new List<(string Name, Node? Node)>();
        var rest = new Stack<string>(Split(path).Reverse());
        var links = 0;
        while (rest.TryPop(out var part))
        {
            switch (part)
            {
                case ".":
                    continue;
                case "..":
                    at.RemoveRange(Math.Max(0, at.Count - 1), Math.Min(1, at.Count));
                    continue;
            }

            var parent = at.Count == 0 ? _root : at[^1].Node;
            if (parent is { Entry.Type: not TreeEntryType.Directory })
            {
                return (Real(), null, $"'{Real()}' is no directory");
            }

            var child = parent?.Children.GetValueOrDefault(part);
            if (child?.Entry.LinkTarget is not { } target || (rest.Count == 0 && !followsLast))
            {
                at.Add((part, child));
                continue;
            }

            if (++links > MaxLinks)
            {
                return (Real(), null, "its links go in a circle");
            }

            if (target.StartsWith('/'))
            {
                at.Clear();
            }

            foreach (var next in Split(target).Reverse())
            {
                rest.Push(next);
            }
        }

        return (Real(), at.Count == 0 ? _root : at[^1].Node, null);

        string Real() => string.Join('/', at.Select(step => step.Name));
    }

    private sealed class Node(TreeEntry entry)
    {
        // What is no directory, as most are, has this one.
        private static readonly SortedDictionary<string, Node> None = new(StringComparer.Ordinal);

        public TreeEntry Entry { get; set; } = entry;

        /// <summary>The number of the layer that brought it.</summary>
        public int Layer { get; set; }

        public SortedDictionary<string, Node> Children { get; private set; } = None;

        public void Add(string name, Node child)
        {
            Children = ReferenceEquals(Children, None) ? new(StringComparer.Ordinal) : Children;
            Children.Add(name, child);
        }

        public void Clear() => Children = None;
    }
}
