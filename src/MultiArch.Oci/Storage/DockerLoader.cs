using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>Loads an image into docker: one OCI archive on the standard input of <c>docker load</c>, tags and all.</summary>
/// <remarks>
/// An index of several platforms needs docker's containerd image store. One platform is taken by every docker: the archive describes it in
/// docker's own words too.
/// </remarks>
internal sealed class DockerLoader(EngineProgram program, string repository) : IEngineLoader
{
    public string Name => repository;

    public string Command => "docker";

    public async Task LoadAsync(IImageStore images, Document image, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (!ArchiveContent.HasOnePlatform(image))
        {
            await RequireContainerdStoreAsync(cancellationToken);
        }

        var name = ImageReference.OnDockerHub(repository);
        var content = await ArchiveContent.DescribeAsync(images, image, [.. tags.Select(tag => name with { Tag = tag })], cancellationToken);
        await program.RunAsync(["load"], (input, token) => ArchiveWriter.WriteAsync(content, images, input, token), cancellationToken);
    }

    /// <summary>Asks first: docker's older store fails on an index with words about a file that is not there.</summary>
    private async Task RequireContainerdStoreAsync(CancellationToken cancellationToken)
    {
        var status = await program.RunAsync(["info", "--format", "{{json .DriverStatus}}"], input: null, cancellationToken);
        if (!status.Contains("io.containerd.snapshotter", StringComparison.Ordinal))
        {
            throw new MultiArchException(
                DiagnosticCodes.EngineTakesOnePlatform,
                $"Docker's image store takes images of one platform only, so '{repository}' was not loaded. Turn on the containerd image store in docker's settings, "
                + "publish one platform with -r, or set ContainerRegistry or ContainerArchiveOutputPath.");
        }
    }
}
