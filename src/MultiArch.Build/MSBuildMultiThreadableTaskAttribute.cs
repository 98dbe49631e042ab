namespace Microsoft.Build.Framework;

/// <summary>Says of a task that it holds no process state, so that <c>-mt</c> runs it on a thread of the build and not in a process beside it.</summary>
/// <remarks>
/// MSBuild knows the attribute by this full name, whatever assembly declares it; Microsoft.Build.Framework 18.0.2 does not yet. Each
/// concrete task has it: it is not inherited. A task that has it takes absolute paths only.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
