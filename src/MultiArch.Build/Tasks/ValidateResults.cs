using Microsoft.Build.Framework;

namespace MultiArch.Build.Tasks;

/// <summary>Finds what is wrong with the places for results, while nothing has been built.</summary>
[MSBuildMultiThreadableTask]
public sealed class ValidateResults : ResultsTask
{
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        ReadOutputs().Check(name: "");
        return Task.CompletedTask;
    }
}
