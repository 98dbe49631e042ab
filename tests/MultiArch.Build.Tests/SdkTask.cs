using Microsoft.Build.Framework;
using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>A task of the installed SDK's container support, called by name.</summary>
internal sealed class SdkTask
{
    private readonly object _task;

    /// <param name="name">Without namespace: <c>ParseContainerProperties</c>.</param>
    public SdkTask(string name, params IEnumerable<(string Name, object Value)> parameters)
    {
        var type = InstalledSdk.Containers.GetType($"Microsoft.NET.Build.Containers.Tasks.{name}", throwOnError: true)!;
        _task = Activator.CreateInstance(type)!;
        ((ITask)_task).BuildEngine = Build;
        foreach (var (parameter, value) in parameters)
        {
            type.GetProperty(parameter)!.SetValue(_task, value);
        }
    }

    public RecordingBuild Build { get; } = new();

    public bool Execute() => ((ITask)_task).Execute();

    public T Read<T>(string parameter) => (T)_task.GetType().GetProperty(parameter)!.GetValue(_task)!;
}
