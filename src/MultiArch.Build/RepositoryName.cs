using System.Text;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Makes a repository of a name that is none, as the .NET SDK does: a project keeps its image's name when it changes over.</summary>
internal static class RepositoryName
{
    /// <summary>
    /// Lower case for upper, and a dash for every other character that is no letter, digit, <c>_</c>, <c>-</c> or <c>/</c>: a dot too, though
    /// a repository may have dots, and <c>Contoso.Web</c> becomes <c>contoso-web</c>.
    /// </summary>
    /// <returns>Null if no repository comes out.</returns>
    public static string? Normalize(string name)
    {
        if (ImageReference.IsRepository(name))
        {
            return name;
        }

        var repository = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            repository.Append(character switch
            {
                >= 'A' and <= 'Z' => (char)(character | 0x20),
                (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '/' => character,
                _ => '-',
            });
        }

        return ImageReference.IsRepository(repository.ToString()) ? repository.ToString() : null;
    }

    /// <summary>Whether the name is <c>registry/repository</c>: its first part has a dot, or is <c>localhost</c>, or an address in brackets.</summary>
    public static bool HoldsRegistry(string name) =>
        name.IndexOf('/') is > 0 and var slash
        && name[..slash] is var registry
        && (registry.Contains('.') || registry[0] == '[' || registry == "localhost" || registry.StartsWith("localhost:", StringComparison.Ordinal))
        && ImageReference.IsRegistry(registry)
        && ImageReference.IsRepository(name[(slash + 1)..]);
}
