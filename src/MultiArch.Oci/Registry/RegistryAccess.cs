namespace MultiArch.Oci.Registry;

/// <summary>What is to be done in a repository.</summary>
public enum RegistryAccess
{
    Pull,

    /// <summary>Includes to pull.</summary>
    Push,
}
