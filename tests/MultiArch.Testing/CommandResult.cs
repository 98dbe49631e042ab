namespace MultiArch.Testing;

/// <summary>What a program said, and how it ended.</summary>
/// <param name="Output">Both streams, their lines in the order in which they came.</param>
public sealed record CommandResult(CommandLine Command, int ExitCode, string StandardOutput, string StandardError, string Output)
{
    /// <summary>Fails the test, with the whole output, unless the exit code is 0.</summary>
    public CommandResult ShouldSucceed()
    {
        if (ExitCode != 0)
        {
            Assert.Fail($"Exit code {ExitCode}: {Command}{Environment.NewLine}{Output}");
        }

        return this;
    }

    /// <summary>Fails the test, with the whole output, if the exit code is 0.</summary>
    public CommandResult ShouldFail()
    {
        if (ExitCode == 0)
        {
            Assert.Fail($"Exit code 0, and a failure was expected: {Command}{Environment.NewLine}{Output}");
        }

        return this;
    }
}
