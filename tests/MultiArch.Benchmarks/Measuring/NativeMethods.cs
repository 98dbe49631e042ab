using System.Runtime.InteropServices;

namespace MultiArch.Benchmarks.Measuring;

/// <summary>What Linux tells of processes and .NET does not.</summary>
internal static partial class NativeMethods
{
    private const int SetChildSubreaper = 36;
    private const int ResourceUsageOfChildren = -1;
    private const int BlockSize = 512;

    /// <summary>Orphans among our descendants become our children, so that waiting for them counts what they used.</summary>
    /// <remarks>https://man7.org/linux/man-pages/man2/pr_set_child_subreaper.2const.html</remarks>
    public static void BecomeSubreaper()
    {
        if (prctl(SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            throw new InvalidOperationException("prctl(PR_SET_CHILD_SUBREAPER) failed: only Linux has it.");
        }
    }

    /// <summary>What all descendants used that have ended and were waited for.</summary>
    /// <remarks>https://man7.org/linux/man-pages/man2/getrusage.2.html; ru_oublock counts bytes that became dirty pages of a disk, in blocks of 512.</remarks>
    public static (double User, double System, long Peak, long Written) UsageOfChildren()
    {
        var usage = new long[18];
        if (getrusage(ResourceUsageOfChildren, usage) != 0)
        {
            throw new InvalidOperationException("getrusage failed.");
        }

        return (usage[0] + (usage[1] / 1e6), usage[2] + (usage[3] / 1e6), usage[4] * 1024, usage[12] * BlockSize);
    }

    public static void Kill(int processId, int signal) => _ = kill(processId, signal);

    public static void Wait(int processId) => _ = waitpid(processId, out _, 0);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, [Out] long[] usage);

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);

    [LibraryImport("libc")]
    private static partial int waitpid(int processId, out int status, int options);
}
