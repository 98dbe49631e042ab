using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What begins and ends with all tests.</summary>
[TestClass]
public sealed class TestRun
{
    [AssemblyCleanup]
    public static void StopTheServers()
    {
        BuildServer.StopAll();
        CompilerServer.Stop();
    }
}
