using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Images;

namespace MultiArch.Build;

/// <summary>Reads the item ContainerAnnotation. Identity: the key. Metadata: <c>Value</c>, and <c>Scope</c>, an <see cref="AnnotationScope"/> or both with a comma.</summary>
internal static class AnnotationItems
{
    /// <summary>Those of one scope; of two with one key, the later.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidAnnotation"/>, whatever the scope of the item that is wrong.</exception>
    public static IReadOnlyDictionary<string, string> Read(ITaskItem[] items, AnnotationScope scope, ImageFormat format)
    {
        ImageAnnotations.Check(items.Select(item => item.ItemSpec), format);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items.Where(item => ScopesOf(item).HasFlag(scope)).ToList())
        {
            annotations[item.ItemSpec] = item.GetMetadata("Value");
        }

        return annotations;
    }

    private static AnnotationScope ScopesOf(ITaskItem item)
    {
        var text = item.GetMetadata("Scope");
        if (text.Length == 0)
        {
            return AnnotationScope.Manifest | AnnotationScope.Index;
        }

        // Enum.Parse would take numbers.
        return text.Split([',', ';'], StringSplitOptions.TrimEntries)
            .Aggregate(default(AnnotationScope), (scopes, name) => scopes | name.ToUpperInvariant() switch
            {
                "MANIFEST" => AnnotationScope.Manifest,
                "INDEX" => AnnotationScope.Index,
                _ => throw new MultiArchException(
                    DiagnosticCodes.InvalidAnnotation,
                    $"ContainerAnnotation '{item.ItemSpec}' has the Scope '{text}', which is unknown. Set it to Manifest, Index, or Manifest,Index; without it both are meant."),
            });
    }
}

/// <summary>Which documents carry an annotation.</summary>
[Flags]
internal enum AnnotationScope
{
    None = 0,

    /// <summary>Each platform's.</summary>
    Manifest = 1,

    /// <summary>The one that joins the platforms.</summary>
    Index = 2,
}
