using Microsoft.Build.Logging.StructuredLogger;

namespace MultiArch.Build.Tests;

/// <summary>What ran in a build, read from its binary log.</summary>
internal sealed class BinaryLog
{
    private readonly Microsoft.Build.Logging.StructuredLogger.Build _build;

    private BinaryLog(string file) => _build = Microsoft.Build.Logging.StructuredLogger.BinaryLog.ReadBuild(file);

    /// <param name="file">An absolute path.</param>
    public static BinaryLog Read(string file) => new(file);

    /// <summary>How often a task ran for a project.</summary>
    public int CountTasks(string task, string projectFile)
    {
        var count = 0;
        _build.VisitAllChildren<Microsoft.Build.Logging.StructuredLogger.Task>(run =>
            count += run.Name == task && run.GetNearestParent<Project>()?.Name == projectFile ? 1 : 0);
        return count;
    }

    /// <summary>How often a project was evaluated, with one set of global properties or another.</summary>
    public int CountEvaluations(string projectFile)
    {
        var count = 0;
        _build.VisitAllChildren<ProjectEvaluation>(evaluation => count += Path.GetFileName(evaluation.ProjectFile) == projectFile ? 1 : 0);
        return count;
    }

    /// <summary>The names of the tasks that ran in a process of their own.</summary>
    public IReadOnlySet<string> TasksInTaskHosts()
    {
        var names = new HashSet<string>();
        _build.VisitAllChildren<Microsoft.Build.Logging.StructuredLogger.Task>(task =>
        {
            if (task.FindChild<Message>(message => message.Text.Contains("in an external task host", StringComparison.Ordinal)) is not null)
            {
                names.Add(task.Name);
            }
        });
        return names;
    }

    /// <summary>The names of all targets and tasks that were run or skipped.</summary>
    public IReadOnlySet<string> Names()
    {
        var names = new HashSet<string>();
        _build.VisitAllChildren<Target>(target => names.Add(target.Name));
        _build.VisitAllChildren<Microsoft.Build.Logging.StructuredLogger.Task>(task => names.Add(task.Name));
        return names;
    }
}
