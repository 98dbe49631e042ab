namespace MultiArch.Benchmarks.Measuring;

/// <summary>What one command cost, with all its descendants.</summary>
/// <param name="Wall">Seconds from its start to its end; what outlives it, such as a compiler server, is not waited for.</param>
/// <param name="User">CPU seconds in user mode, of all processes, those that outlive the command included.</param>
/// <param name="System">CPU seconds in the kernel, likewise.</param>
/// <param name="Peak">Bytes: the largest process's highest resident set.</param>
/// <param name="PeakOfAll">Bytes: the highest sum of all resident sets that was seen at one time. Pages that processes share count in each.</param>
/// <param name="Written">Bytes written to files on disk.</param>
/// <param name="Steal">CPU seconds that the host gave to others meanwhile.</param>
/// <param name="Others">CPU seconds that other processes of this machine used meanwhile; a registry among them.</param>
/// <param name="Load">The load average of the last minute when it began.</param>
public sealed record Measurement(
    double Wall,
    double User,
    double System,
    long Peak,
    long PeakOfAll,
    long Written,
    double Steal,
    double Others,
    double Load)
{
    public double Cpu => User + System;
}
