using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;

namespace MultiArch.Build;

/// <summary>Where a publish puts its image. In the SDK's order: an archive, a registry, an engine on this machine, and else a layout.</summary>
internal sealed class Destination : IDisposable
{
    private readonly Func<string, string, string> _nextStep;

    private Destination(IImageStore store, string name, Func<string, string, string> nextStep)
    {
        Store = store;
        Name = name;
        _nextStep = nextStep;
    }

    public IImageStore Store { get; }

    /// <summary>What people see, and what comes before <c>@digest</c>: registry and repository, or a path.</summary>
    public string Name { get; }

    /// <exception cref="MultiArchException">The destination cannot be had.</exception>
    public static async Task<Destination> OpenAsync(DestinationSettings settings, RegistryTransport transport, CancellationToken cancellationToken)
    {
        if (settings.ArchivePath.Length > 0)
        {
            var path = settings.ArchivePath;
            ArchivePlace.CheckFile(path);
            var image = settings.Registry.Length > 0 ? new ImageReference(settings.Registry, settings.Repository) : ImageReference.OnDockerHub(settings.Repository);
            return new Destination(ImageArchive.Create(path, image, settings.WorkFolder), path, (_, _) => $"Load it: podman load -i {Quote(path)}, or docker load -i {Quote(path)}");
        }

        if (settings.Registry.Length > 0)
        {
            var repository = new ImageReference(settings.Registry, settings.Repository);
            return new Destination(new RegistryClient(repository, transport), repository.Name, (platforms, run) => $"Run it on {platforms}: docker run --rm {run}");
        }

        if (settings.LocalRegistry.Length > 0)
        {
            var engine = await LocalEngines.OnPath().OpenAsync(settings.LocalRegistry, settings.Repository, settings.WorkFolder, cancellationToken);
            return new Destination(engine, engine.Name, (platforms, run) => $"Run it on {platforms}: {engine.Command} run --rm {run}");
        }

        return new Destination(ImageLayout.Create(settings.LayoutFolder), Path.TrimEndingDirectorySeparator(settings.LayoutFolder), (_, _) => "Push it: add -p:ContainerRegistry=<registry>.");
    }

    /// <summary>What to do with the image.</summary>
    /// <param name="platforms">In words.</param>
    /// <param name="run">The arguments of a <c>run</c>: ports, and the image's name with its tag.</param>
    public string NextStep(string platforms, string run) => _nextStep(platforms, run);

    public void Dispose() => (Store as IDisposable)?.Dispose();

    /// <summary>As one types it into a shell.</summary>
    private static string Quote(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+@%".Contains(c, StringComparison.Ordinal)) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>What the project says about the destination; empty where it says nothing.</summary>
/// <param name="Repository">Valid, and needed by all but a layout.</param>
/// <param name="ArchivePath">Absolute; the file.</param>
/// <param name="LocalRegistry"><c>Docker</c>, <c>Podman</c>, or <see cref="LocalEngines.Any"/>.</param>
/// <param name="LayoutFolder">Absolute.</param>
/// <param name="WorkFolder">Absolute; for what is collected before it is stored.</param>
internal sealed record DestinationSettings(string Registry, string Repository, string ArchivePath, string LocalRegistry, string LayoutFolder, string WorkFolder);
