using MultiArch.Oci.Formats;
using MultiArch.Oci.Layers;

namespace MultiArch.Oci.Images;

/// <summary>Base, layers and settings in; config and manifest out. No I/O, so equal input is equal bytes.</summary>
public static class ImageAssembler
{
    private const string CreatedBy = "MultiArch.Build";

    /// <param name="layers">In the order of <see cref="ImagePlan.Layers"/>.</param>
    public static AssembledImage Assemble(BaseImage @base, ImagePlan plan, IReadOnlyList<Layer> layers, ImageFormat format)
    {
        var settings = plan.Settings;
        var container = @base.Config.Config ?? new ContainerConfig();
        var (environment, variables) = MergeEnvironment(container.Env ?? [], settings.Environment);
        var (entrypoint, cmd) = settings.Command.Resolve(container.Entrypoint ?? []);
        var ports = (container.ExposedPorts?.Keys ?? []).Concat(ExposedPorts.FromEnvironment(variables)).Concat(settings.Ports);

        var config = @base.Config with
        {
            Created = settings.Created,
            Config = container with
            {
                User = settings.User ?? (variables.GetValueOrDefault("APP_UID") is { Length: > 0 } uid ? uid : container.User),
                ExposedPorts = OrNull(ports.Distinct().Order(StringComparer.Ordinal).ToDictionary(port => port, _ => EmptyObject.Value)),
                Env = environment.Count > 0 ? environment : null,
                Entrypoint = entrypoint.Count > 0 ? entrypoint : null,
                Cmd = cmd.Count > 0 ? cmd : null,
                WorkingDir = settings.WorkingDirectory,
                Labels = OrNull(MergeLabels(@base, settings)),
            },
            RootFS = @base.Config.RootFS with { DiffIds = [.. @base.Config.RootFS.DiffIds, .. layers.Select(layer => layer.DiffId)] },
            History = [.. HistoryOf(@base), .. layers.Select(layer => new History(settings.Created, null, CreatedBy, layer.Title))],
        };

        var configDocument = config.ToDocument(format);
        var descriptors = @base.Layers.Concat(layers.Select(layer => layer.Descriptor)).Select(layer => InFamily(layer, format)).ToList();
        var manifest = new ImageManifest(
            format is ImageFormat.Docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
            configDocument.Describe(),
            descriptors,
            ImageAnnotations.Arrange(settings.Annotations, format));
        return new AssembledImage(plan.RuntimeIdentifier, config.Platform, configDocument, manifest.ToDocument(), manifest);
    }

    /// <summary>The bytes of a layer are the same in both families; only its media type differs.</summary>
    private static Descriptor InFamily(Descriptor layer, ImageFormat format) => layer with
    {
        MediaType = (format, layer.MediaType) switch
        {
            (ImageFormat.Docker, MediaTypes.OciLayerGzip) => MediaTypes.DockerLayerGzip,
            (ImageFormat.Docker, MediaTypes.OciLayer) => MediaTypes.DockerLayer,
            (ImageFormat.Docker, MediaTypes.OciLayerZstd) => throw new MultiArchException(
                DiagnosticCodes.InvalidImageFormat,
                $"The base image's layer {layer.Digest} is compressed with zstd, for which Docker's format has no media type. Set ContainerImageFormat to OCI."),
            (ImageFormat.Oci, MediaTypes.DockerLayerGzip) => MediaTypes.OciLayerGzip,
            (ImageFormat.Oci, MediaTypes.DockerLayer) => MediaTypes.OciLayer,
            _ => layer.MediaType,
        },
    };

    private static (List<string> Entries, Dictionary<string, string> Variables) MergeEnvironment(
        IReadOnlyList<string> inherited,
        IReadOnlyList<KeyValuePair<string, string>> own)
    {
        var names = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inherited.Select(ParseVariable).Concat(own))
        {
            if (!values.ContainsKey(name))
            {
                names.Add(name);
            }

            values[name] = value;
        }

        return ([.. names.Select(name => $"{name}={values[name]}")], values);
    }

    private static KeyValuePair<string, string> ParseVariable(string entry) =>
        entry.IndexOf('=') is >= 0 and var equals ? new(entry[..equals], entry[(equals + 1)..]) : new(entry, "");

    private static SortedDictionary<string, string> MergeLabels(BaseImage @base, ImageSettings settings)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in @base.Config.Config?.Labels ?? new Dictionary<string, string>())
        {
            labels[name] = value;
        }

        if (settings.GeneratedLabels.HasFlag(GeneratedLabels.Created))
        {
            labels["org.opencontainers.image.created"] = labels["org.opencontainers.artifact.created"] = settings.Created;
        }

        if (settings.GeneratedLabels.HasFlag(GeneratedLabels.BaseName) && @base.Reference is BaseReference.Image { Location: ImageLocation.Registry { Image: var image } })
        {
            labels["org.opencontainers.image.base.name"] = image.ToString();
        }

        if (settings.GeneratedLabels.HasFlag(GeneratedLabels.BaseDigest) && @base.Digest is { } digest)
        {
            labels["org.opencontainers.image.base.digest"] = digest.ToString();
        }

        foreach (var (name, value) in settings.Labels)
        {
            labels[name] = value;
        }

        return labels;
    }

    /// <summary>The specification wants one entry for each layer; a base that keeps no such book gets one here.</summary>
    private static IEnumerable<History> HistoryOf(BaseImage @base) =>
        @base.Config.History is { } history && history.Count(entry => entry.EmptyLayer is not true) == @base.Layers.Count
            ? history
            : @base.Layers.Select(_ => new History(Comment: "layer of the base image"));

    private static T? OrNull<T>(T dictionary)
        where T : class, System.Collections.ICollection => dictionary.Count > 0 ? dictionary : null;
}
