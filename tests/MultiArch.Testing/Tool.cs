namespace MultiArch.Testing;

/// <summary>A program that a test needs and that is not part of .NET.</summary>
public static class Tool
{
    /// <summary>Ends the test as inconclusive, with the tool's name, when it is missing; in CI, where tests/run.sh has installed it, as failed.</summary>
    public static void Require(params IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => Find(name) is null))
        {
            EndTest($"The tool '{name}' is not installed. tests/run.sh installs what the tests need.");
        }
    }

    /// <summary>Ends the test like <see cref="Require"/> where it runs without the rights to start an image: unpacking owners, chroot, namespaces.</summary>
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            EndTest("Images are unpacked and started by root only. Run tests/run.sh as root.");
        }
    }

    /// <summary>The absolute path of a program on PATH; null when there is none.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static void EndTest(string message)
    {
        if (Environment.GetEnvironmentVariable("CI") is "true")
        {
            Assert.Fail(message);
        }

        Assert.Inconclusive(message);
    }
}
