using System.Text;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Which repository the image gets: one is made of a name that is none, as the .NET SDK does, so that a project keeps its image's name when it changes over.</summary>
internal static class RepositoryName
{
    /// <param name="registry">ContainerRegistry; empty for none.</param>
    /// <param name="repository">ContainerRepository; empty, or equal to the assembly's name, to make one of that.</param>
    /// <param name="isNeeded">Whether the image has a name where it goes.</param>
    /// <returns>Empty only where none is needed. Without a registry it may name one itself, for docker and podman take such a name, and an archive keeps it for them.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidRepository"/>.</exception>
    public static string Choose(string registry, string repository, string assemblyName, bool isNeeded)
    {
        var name = repository.Length > 0 ? repository : assemblyName;
        if (HoldsRegistry(name) && !ImageReference.IsRepository(name))
        {
            return registry.Length == 0 ? name : throw new MultiArchException(
                DiagnosticCodes.InvalidRepository,
                $"ContainerRepository '{name}' names a registry, and so does ContainerRegistry '{registry}'. Set ContainerRepository to '{name[(name.IndexOf('/') + 1)..]}'.");
        }

        if (Normalize(name) is { } normalized)
        {
            return normalized;
        }

        if (repository.Length > 0 && repository != assemblyName)
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRepository,
                $"ContainerRepository '{repository}' is not a repository: {ImageReference.RepositoryRule}. Set it to something like me/app.");
        }

        return !isNeeded ? "" : throw new MultiArchException(
            DiagnosticCodes.InvalidRepository,
            $"No repository can be named after the assembly '{assemblyName}': {ImageReference.RepositoryRule}. Set ContainerRepository to something like me/app.");
    }

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
