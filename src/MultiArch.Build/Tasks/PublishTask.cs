using Microsoft.Build.Framework;
using MultiArch.Build.Results;
using MultiArch.Oci;
using MultiArch.Oci.Publishing;

namespace MultiArch.Build.Tasks;

/// <summary>Makes an image or an index under a name, and says so wherever somebody reads it.</summary>
public abstract class PublishTask : ResultsTask
{
    /// <summary>Leaves the tags where they are. One platform becomes a plain manifest, to be combined with others.</summary>
    public bool PushByDigest { get; set; }

    /// <summary>Identity: the key. Metadata: <c>Value</c>, <c>Scope</c>. Those of the index are read here, the others are in the plans.</summary>
    public ITaskItem[] Annotations { get; set; } = [];

    /// <summary>One item for each platform. Identity: <c>name@digest</c>. Metadata: <c>RuntimeIdentifier</c>, <c>Platform</c>, <c>Digest</c>, <c>MediaType</c>, <c>BaseDigest</c>.</summary>
    [Output]
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>
    /// What the tags point at: the index, or the only manifest. Identity: <c>name@digest</c>. Metadata: <c>Digest</c>, <c>MediaType</c>,
    /// <c>Tags</c> (separated by <c>;</c>), <c>NextStep</c>.
    /// </summary>
    [Output]
    public ITaskItem? Index { get; set; }

    /// <summary>Cannot be cancelled: the tags have moved, and what was published is told even if the build is cancelled now.</summary>
    /// <param name="nextStep">What to do with the image, in a sentence.</param>
    private protected async Task TellAsync(PublishReport report, ImageReport.Naming naming, string nextStep, ResultOutputs results)
    {
        var items = new PublishedItems(report, naming.Name);
        Images = items.Images;
        Index = items.Target(nextStep);
        foreach (var failure in await results.WriteAsync(ImageReport.Create(report, naming)))
        {
            Log.Error(DiagnosticCodes.ResultNotWritten, failure);
        }

        foreach (var line in PublishSummary.Lines(report, isRegistry: naming.Registry is not null))
        {
            Log.LogMessage(MessageImportance.High, "  {0}", line);
        }
    }
}
