namespace MultiArch.Oci.Layers;

/// <summary>What a layer of ours holds, from what changes least to what changes at every build: their order in the image, the first at the bottom.</summary>
public enum LayerKind
{
    /// <summary>.NET itself, in a self-contained app.</summary>
    Runtime,

    /// <summary>What packages bring for every platform alike.</summary>
    Packages,

    /// <summary>What packages bring for one platform.</summary>
    Native,

    /// <summary>What a project puts beside its published files.</summary>
    Files,

    /// <summary>What referenced projects make, and other referenced assemblies.</summary>
    References,

    /// <summary>What is published as it stands: static web assets, settings, data.</summary>
    Content,

    /// <summary>What the project's own build makes, and all that nobody knows more of.</summary>
    App,
}
