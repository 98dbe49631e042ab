using MultiArch.Benchmarks.Measuring;

namespace MultiArch.Benchmarks.Cases;

/// <summary>One way to do a case's work.</summary>
/// <param name="Prepare">Brings about what the case begins with; not measured.</param>
/// <param name="Command">Does the work.</param>
/// <param name="Verify">Throws unless the work was done; adds facts.</param>
public sealed record Contender(string Name, Func<Run, Task> Prepare, Func<Run, MeasuredCommand> Command, Func<Run, Task> Verify);
