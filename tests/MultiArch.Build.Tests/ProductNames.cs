using Microsoft.Build.Framework;

namespace MultiArch.Build.Tests;

/// <summary>How to tell our targets and tasks from others' in a build.</summary>
internal static class ProductNames
{
    /// <summary>The tasks that the package brings.</summary>
    public static IReadOnlyList<Type> Tasks { get; } =
        [.. typeof(Build.Tasks.AsyncTask).Assembly.GetTypes().Where(type => typeof(ITask).IsAssignableFrom(type) && !type.IsAbstract)];

    public static bool AreOurs(string targetOrTask) =>
        targetOrTask.Contains("MultiArch", StringComparison.Ordinal) || Tasks.Any(task => task.Name == targetOrTask);
}
