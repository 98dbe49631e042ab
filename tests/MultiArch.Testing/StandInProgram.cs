namespace MultiArch.Testing;

/// <summary>A script in the place of a program: notes the arguments of every call, and does what a test says.</summary>
public sealed class StandInProgram : IDisposable
{
    private readonly TempDirectory _folder = new();

    /// <param name="name">What it is called.</param>
    /// <param name="body">Shell; <c>$HERE</c> is a folder of its own.</param>
    public StandInProgram(string name, string body)
    {
        Path = _folder.Write($"bin/{name}", $"""
            #!/bin/sh
            HERE='{_folder.Path}'
            echo "$*" >> "$HERE/calls"
            {body}

            """);
        TempDirectory.MakeExecutable(Path);
    }

    public string Path { get; }

    /// <summary>The arguments of each call so far.</summary>
    public IReadOnlyList<string> Calls => File.Exists(this["calls"]) ? File.ReadAllLines(this["calls"]) : [];

    /// <summary>A file in the folder that the script knows as <c>$HERE</c>.</summary>
    public string this[string file] => _folder[file];

    public void Dispose() => _folder.Dispose();
}
