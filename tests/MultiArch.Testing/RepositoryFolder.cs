namespace MultiArch.Testing;

/// <summary>The working copy whose tests run.</summary>
public static class RepositoryFolder
{
    /// <summary>The absolute path of the folder that holds the solution.</summary>
    public static string Path { get; } = Find();

    /// <summary>What tests make once and keep between runs; git ignores it.</summary>
    public static string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "MultiArch.Build.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds MultiArch.Build.sln.");
        }

        return folder.FullName;
    }
}
