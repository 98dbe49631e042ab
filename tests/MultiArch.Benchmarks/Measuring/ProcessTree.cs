using System.Globalization;

namespace MultiArch.Benchmarks.Measuring;

/// <summary>The live descendants of this process, from /proc.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Children(int processId)
    {
        var children = new List<int>();
        foreach (var thread in Entries($"/proc/{processId}/task"))
        {
            foreach (var child in Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                children.Add(int.Parse(child, CultureInfo.InvariantCulture));
            }
        }

        return children;
    }

    /// <summary>Bytes: the sum of the resident sets of all descendants.</summary>
    public static long ResidentSetOfDescendants(int processId) =>
        Children(processId).Sum(child => ResidentSet(child) + ResidentSetOfDescendants(child));

    public static string Name(int processId) => Read($"/proc/{processId}/comm").Trim();

    private static long ResidentSet(int processId) =>
        Read($"/proc/{processId}/statm").Split(' ') is [_, var pages, ..] ? long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (IOException)
        {
            return []; // It has ended.
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended.
        }
    }
}
