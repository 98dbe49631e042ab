using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;
using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Publishing;

/// <summary>One platform on its way through a publish: its plan, its base, and its files as they were when they were read.</summary>
/// <param name="BaseStore">Holds the base's blobs; null for <c>scratch</c>.</param>
/// <param name="Recipes">In the order of <see cref="ImagePlan.Layers"/>.</param>
internal sealed record PlatformImage(ImagePlan Plan, Platform Platform, BaseImage Base, IImageStore? BaseStore, IReadOnlyList<LayerRecipe> Recipes);
