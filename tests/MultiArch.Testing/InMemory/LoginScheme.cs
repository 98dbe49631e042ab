namespace MultiArch.Testing.InMemory;

/// <summary>How a registry wants to be told who asks.</summary>
public enum LoginScheme
{
    Basic,

    /// <summary>With a token for the password.</summary>
    Bearer,
}
