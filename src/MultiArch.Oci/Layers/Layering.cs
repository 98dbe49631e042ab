namespace MultiArch.Oci.Layers;

/// <summary>How one platform's files are split into layers: by these files alone, so that a platform published alone gets the same ones.</summary>
/// <param name="MaxLayers">1 or more; empty layers are never made.</param>
public sealed record Layering(int MaxLayers = Layering.DefaultMaxLayers)
{
    public const int DefaultMaxLayers = 8;

    /// <summary>
    /// Bytes of files below which a layer is not worth its requests. Whether a layer is folded depends on its own files, so the answer
    /// changes only when one of them does and the layer is sent anyway.
    /// </summary>
    public const int TinySize = 64 * 1024;

    /// <summary>
    /// When there are too many: first together what changes together. Nothing that changes at every build joins what seldom changes, but
    /// for the last.
    /// </summary>
    private static readonly (LayerKind From, LayerKind Into)[] Folds =
    [
        (LayerKind.Native, LayerKind.Packages),
        (LayerKind.References, LayerKind.App),
        (LayerKind.Content, LayerKind.App),
        (LayerKind.Files, LayerKind.Packages),
        (LayerKind.Packages, LayerKind.Runtime),
        (LayerKind.Runtime, LayerKind.App),
    ];

    public static Layering OneLayer { get; } = new(1);

    /// <param name="sizeOf">Bytes.</param>
    /// <returns>From the bottom up.</returns>
    public IReadOnlyList<LayerPlan> Split(IEnumerable<(LayerKind Kind, LayerFile File)> files, Func<LayerFile, long> sizeOf)
    {
        var layers = files.GroupBy(file => file.Kind, file => file.File).ToDictionary(layer => layer.Key, layer => layer.ToList());
        foreach (var kind in layers.Keys.Where(IsFoldedWhenTiny).Where(kind => layers[kind].Sum(sizeOf) < TinySize).ToList())
        {
            Fold(layers, kind, LayerKind.App);
        }

        foreach (var (from, into) in Folds)
        {
            if (layers.Count <= MaxLayers)
            {
                break;
            }

            Fold(layers, from, into);
        }

        return [.. layers.OrderBy(layer => layer.Key).Select(layer => new LayerPlan(TitleOf(layer.Key), layer.Value))];
    }

    public static string TitleOf(LayerKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What somebody has named file by file stays apart.</summary>
    private static bool IsFoldedWhenTiny(LayerKind kind) => kind is not (LayerKind.App or LayerKind.Files);

    private static void Fold(Dictionary<LayerKind, List<LayerFile>> layers, LayerKind from, LayerKind into)
    {
        if (layers.Remove(from, out var files) && !layers.TryAdd(into, files))
        {
            layers[into].AddRange(files);
        }
    }
}
