using System.Diagnostics.CodeAnalysis;
using System.Collections;
using System.Reflection;
using Microsoft.Build.Framework;

namespace MultiArch.Build.Tests;

/// <summary>The build that a task believes to be in: keeps what it says.</summary>
internal sealed class RecordingBuild : IBuildEngine
{
    public List<string> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Messages { get; } = [];

    /// <summary>Those that a person sees who asks for nothing more.</summary>
    public List<string> Important { get; } = [];

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "test.proj";

    public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => throw new NotSupportedException();

    public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add($"{e.Code}: {e.Message}");

    public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add($"{e.Code}: {e.Message}");

    public void LogMessageEvent(BuildMessageEventArgs e)
    {
        Messages.Add($"{e.Code}: {e.Message}");
        if (e.Importance is MessageImportance.High)
        {
            Important.Add(e.Message ?? "");
        }
    }

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    /// <summary>The same build with a code in <c>WarningsAsErrors</c>.</summary>
    public IBuildEngine TreatingAsError(string code)
    {
        var engine = DispatchProxy.Create<IBuildEngine8, Strict>();
        ((Strict)engine).Inner = this;
        ((Strict)engine).Code = code;
        return engine;
    }

    [SuppressMessage("Performance", "CA1852", Justification = "A proxy derives from it.")]
    internal class Strict : DispatchProxy
    {
        public RecordingBuild? Inner { get; set; }

        public string Code { get; set; } = "";

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod switch
        {
            { Name: nameof(IBuildEngine8.ShouldTreatWarningAsError) } => args is [string code] && code == Code,
            { DeclaringType: { } declaring } when declaring == typeof(IBuildEngine) => targetMethod.Invoke(Inner, args),
            _ => throw new NotSupportedException(targetMethod?.Name),
        };
    }
}
