namespace MultiArch.Oci.Layers;

/// <summary>What a path in a layer is. The numbers are part of a recipe's identity.</summary>
public enum LayerEntryType
{
    Directory = 0,
    File = 1,
    Symlink = 2,

    /// <summary>A further name of a file of the same layer.</summary>
    HardLink = 3,
}
