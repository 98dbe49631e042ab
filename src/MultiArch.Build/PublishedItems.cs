using System.Text;
using MultiArch.Oci.Publishing;
using TaskItem = Microsoft.Build.Utilities.TaskItem;

namespace MultiArch.Build;

/// <summary>What a publish has made, as the items that targets read.</summary>
/// <param name="name">What comes before <c>@digest</c>.</param>
internal sealed class PublishedItems(PublishReport report, string name)
{
    /// <summary>One for each platform.</summary>
    public TaskItem[] Images =>
        [.. report.Images.Select(image => new TaskItem($"{name}@{image.Manifest.Digest}", new Dictionary<string, string>
        {
            ["RuntimeIdentifier"] = image.RuntimeIdentifier ?? "",
            ["Platform"] = image.Platform.ToString(),
            ["Digest"] = image.Manifest.Digest.ToString(),
            ["MediaType"] = image.Manifest.MediaType,
            ["BaseDigest"] = image.BaseDigest?.ToString() ?? "",
        }))];

    /// <summary>One for each platform, with the metadata of the SDK's item of that name, each document as its exact text.</summary>
    public TaskItem[] Containers =>
        [.. report.Images.Select(image => new TaskItem($"{name}@{image.Manifest.Digest}", new Dictionary<string, string>
        {
            ["Manifest"] = Encoding.UTF8.GetString(image.Manifest.Bytes.Span),
            ["Configuration"] = Encoding.UTF8.GetString(image.Config.Bytes.Span),
            ["ManifestDigest"] = image.Manifest.Digest.ToString(),
            ["ManifestMediaType"] = image.Manifest.MediaType,
        }))];

    public string IndexDocument => report.Index is { } index ? Encoding.UTF8.GetString(index.Bytes.Span) : "";

    /// <summary>What the tags point at: the index, or the only manifest.</summary>
    public TaskItem Target(string nextStep) => new($"{name}@{report.Target.Digest}", new Dictionary<string, string>
    {
        ["Digest"] = report.Target.Digest.ToString(),
        ["MediaType"] = report.Target.MediaType,
        ["Tags"] = string.Join(';', report.Tags),
        ["NextStep"] = nextStep,
    });
}
