using System.Globalization;
using MultiArch.Debian.Bases;
using MultiArch.Debian.DebFiles;
using MultiArch.Debian.RootFileSystem;
using MultiArch.Oci;
using MultiArch.Oci.Images;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian;

/// <summary>Puts packages into the plan of an image: their layers lie below the app's.</summary>
public static class PackageLayers
{
    /// <summary>Where Debian's <c>update-ca-certificates</c> looks for authorities of a machine's own.</summary>
    private const string OwnAuthorities = "usr/local/share/ca-certificates/";

    /// <param name="generatedFolder">As of <see cref="SystemLayerOptions"/>.</param>
    /// <exception cref="MultiArchException">As of <see cref="SystemLayers.Arrange"/>, or a certificate's file cannot be read.</exception>
    public static ImagePlan Complete(
        ImagePlan image, PackagePlan plan, BaseSystem system, IReadOnlyList<ExtractedPackage> packages, string generatedFolder, IProgress<PackageEvent> progress)
    {
        var authorities = FindAuthorities(image).Select(file => new AuthorityFile(file.Source!, Read(file.Source!))).ToList();
        if (packages.Count == 0 && authorities.Count == 0)
        {
            return image;
        }

        var arranged = SystemLayers.Arrange(system.Tree, packages, new SystemLayerOptions(generatedFolder)
        {
            Filter = new FileFilter(plan.ExcludedFiles),
            Authorities = authorities,
            OtherFiles = [.. image.Layers.SelectMany(layer => layer.Files)],
        });
        foreach (var warning in arranged.Warnings)
        {
            progress.Report(new PackageEvent.Warning(warning.Code, warning.Message));
        }

        // A runtime that lays down lib/x would put a directory where the system has the link /lib.
        return image with
        {
            Layers = [.. arranged.Layers, .. image.Layers.Select(layer => layer with { Files = [.. layer.Files.Select(file => arranged.Tree.Resolve(file.Path) is { Fault: null } place ? file with { Path = place.Path } : file)] })],
            Settings = system.IsScratch && packages.Count > 0 && image.Settings.User is null ? image.Settings with { User = SystemFiles.AppId.ToString(CultureInfo.InvariantCulture) } : image.Settings,
        };
    }

    /// <summary>Files of the image that its bundle of certificates takes in; each has a source.</summary>
    public static IEnumerable<LayerFile> FindAuthorities(ImagePlan image) => image.Layers.SelectMany(layer => layer.Files).Where(IsAuthority);

    private static bool IsAuthority(LayerFile file) =>
        file is { Type: LayerEntryType.File, Source: not null }
        && file.Path.StartsWith(OwnAuthorities, StringComparison.Ordinal)
        && file.Path.EndsWith(".crt", StringComparison.OrdinalIgnoreCase);

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MultiArchException(DiagnosticCodes.CannotRead, $"'{path}' cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Make it readable for the user who publishes, or leave it out.", e);
        }
    }
}
