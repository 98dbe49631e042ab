namespace MultiArch.Oci.Publishing.Combining;

/// <summary>Where a combined image goes and what names it: what was asked for comes first, then what the publishes of its parts have said, if all say the same.</summary>
/// <param name="Tags">In the order in which they move.</param>
/// <param name="Project">Null when no publish, or more than one project's, has told of it.</param>
public sealed record CombineNames(ImageReference Repository, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> IndexAnnotations, string? Project)
{
    private const string DefaultTag = "latest";

    /// <param name="registry">Empty for what the sources say; the others likewise.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CombineSourcesDisagree"/>.</exception>
    public static CombineNames Of(
        IReadOnlyList<CombineSource> sources, string registry, string repository, IReadOnlyList<string> tags, IReadOnlyDictionary<string, string> indexAnnotations)
    {
        IReadOnlyList<CombineSource> told = [.. sources.Where(source => source.Report is not null)];
        // References say where they are themselves, if nobody else does.
        var naming = told.Count > 0 ? told : sources;
        return new CombineNames(
            new ImageReference(
                registry.Length > 0 ? registry : Agreed(naming, source => source.Image.Registry, "the registry", "ContainerRegistry"),
                repository.Length > 0 ? repository : Agreed(naming, source => source.Image.Repository, "the repository", "ContainerRepository")),
            tags.Count > 0 ? tags : told.Count > 0 ? AgreedTags(told) : [DefaultTag],
            Annotations(told, indexAnnotations),
            told.Select(source => source.Report!.Project).Distinct().ToList() is [var project] ? project : null);
    }

    private static string Agreed(IReadOnlyList<CombineSource> sources, Func<CombineSource, string> value, string what, string property)
    {
        var first = sources[0];
        return sources.FirstOrDefault(source => value(source) != value(first)) is { } other
            ? throw Disagree($"'{OneLine.Of(first.Name)}' names {what} {value(first)}, and '{OneLine.Of(other.Name)}' names {value(other)}. Set {property} to say where the index goes.")
            : value(first);
    }

    /// <summary>Half of them may be of another version: then no tag is right.</summary>
    private static IReadOnlyList<string> AgreedTags(IReadOnlyList<CombineSource> told)
    {
        var first = told[0];
        var tags = first.Report!.TagsIntended;
        return told.FirstOrDefault(source => !source.Report!.TagsIntended.ToHashSet().SetEquals(tags)) is { } other
            ? throw Disagree(
                $"'{OneLine.Of(first.Name)}' is meant for the tags {OneLine.Of(string.Join(", ", tags))}, and '{OneLine.Of(other.Name)}' for {OneLine.Of(string.Join(", ", other.Report!.TagsIntended))}. "
                    + "Set ContainerImageTags, or publish both parts with the same.")
            : tags;
    }

    /// <summary>Over what the parts say, what was asked for.</summary>
    private static SortedDictionary<string, string> Annotations(IReadOnlyList<CombineSource> told, IReadOnlyDictionary<string, string> asked)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var from = new Dictionary<string, CombineSource>();
        foreach (var source in told)
        {
            foreach (var (key, value) in source.Report!.IndexAnnotations.Where(annotation => !asked.ContainsKey(annotation.Key)))
            {
                if (annotations.TryGetValue(key, out var other) && other != value)
                {
                    throw Disagree(
                        $"'{OneLine.Of(from[key].Name)}' gives the index the annotation {OneLine.Of(key)} '{OneLine.Of(other)}', and '{OneLine.Of(source.Name)}' gives it '{OneLine.Of(value)}'. "
                            + "Publish both parts with the same, or say it with a ContainerAnnotation where they are combined.");
                }

                annotations[key] = value;
                from[key] = source;
            }
        }

        foreach (var (key, value) in asked)
        {
            annotations[key] = value;
        }

        return annotations;
    }

    private static MultiArchException Disagree(string message) => new(DiagnosticCodes.CombineSourcesDisagree, message);
}
