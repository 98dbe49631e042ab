using MultiArch.Oci;
using MultiArch.Oci.Publishing.Combining;

namespace MultiArch.Build.Combining;

/// <summary>What the project says of the index that parts become; empty where it says nothing.</summary>
/// <param name="Tags">Separated by <c>;</c>.</param>
internal sealed record CombineSettings(string Registry, string Repository, string Tag, string Tags, bool Append, bool PushByDigest)
{
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CombineNeedsRegistry"/>.</exception>
    public static void CheckDestination(string registry, string localRegistry, string archiveOutputPath)
    {
        var elsewhere = archiveOutputPath.Length > 0 ? $"ContainerArchiveOutputPath '{OneLine.Of(archiveOutputPath)}'"
            : localRegistry.Length > 0 && registry.Length == 0 ? $"LocalRegistry '{OneLine.Of(localRegistry)}'"
            : null;
        if (elsewhere is not null)
        {
            throw new MultiArchException(
                DiagnosticCodes.CombineNeedsRegistry,
                $"A combine makes its index in a registry, where its images are, and {elsewhere} asks for another place. Leave it out; 'skopeo copy --all' brings what was combined there.");
        }
    }

    /// <summary>All that can be said before a registry is asked.</summary>
    /// <exception cref="MultiArchException">A name is none, or two settings exclude each other.</exception>
    public CombineNames ReadNames(IReadOnlyList<CombineSource> sources, IReadOnlyDictionary<string, string> annotations)
    {
        if (Append && PushByDigest)
        {
            throw new MultiArchException(
                DiagnosticCodes.AppendNeedsTag, "MultiArchAppend adds platforms to what a tag names, and MultiArchPushByDigest leaves all tags where they are. Leave one of them out.");
        }

        var names = CombineNames.Of(sources, Registry, Repository, ImageTags.Read(Tag, Tags), annotations);
        Check(names);
        return names;
    }

    private static void Check(CombineNames names)
    {
        var (registry, repository) = (names.Repository.Registry, names.Repository.Repository);
        if (!ImageReference.IsRegistry(registry))
        {
            throw new MultiArchException(DiagnosticCodes.InvalidRegistry, $"ContainerRegistry '{OneLine.Of(registry)}' is not a registry. Set it to something like ghcr.io or localhost:5000.");
        }

        if (!ImageReference.IsRepository(repository))
        {
            throw new MultiArchException(
                DiagnosticCodes.InvalidRepository, $"ContainerRepository '{OneLine.Of(repository)}' is not a repository: {ImageReference.RepositoryRule}. Set it to something like me/app.");
        }

        ImageTags.Check(names.Tags);
    }
}
