using MultiArch.Oci;
using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Does what the script of ca-certificates does, and gives libssl the paths that only the package openssl has.</summary>
internal static class Authorities
{
    private const string PackagedFolder = "usr/share/ca-certificates/";
    private const string LibraryFolder = "usr/lib/ssl";

    /// <param name="ofBase">Where the base has its bundle.</param>
    public static void Make(Placement placement, ResolvedPath ofBase, SystemLayerOptions options, GeneratedFiles files)
    {
        var packaged = placement.Placed.Values
            .Where(placed => placed is { Package: not null, File.Source: not null } && placed.File.Path.StartsWith(PackagedFolder, StringComparison.Ordinal) && placed.File.Path.EndsWith(".crt", StringComparison.Ordinal))
            .OrderBy(placed => placed.File.Path, StringComparer.Ordinal)
            .ToList();
        if (packaged.Count > 0 || options.Authorities.Count > 0)
        {
            if (ofBase is { Entry: not null and { Content: null } } or { Fault: not null })
            {
                throw new MultiArchException(
                    DiagnosticCodes.PackageDoesNotFit,
                    $"Authorities cannot be added to the base image's: its '/{CertificateBundle.Path}' leads to '/{OneLine.Of(ofBase.Path)}', which is no list of certificates that is known here. Take another base image, or leave ca-certificates and files below /usr/local/share/ca-certificates out.");
            }

            var existing = ofBase.Entry?.Content?.ToArray();
            var bundle = CertificateBundle.Make(existing, packaged.Select(placed => File.ReadAllBytes(placed.File.Source!)), options.Authorities); // files have sources

            // What follows from packages for every architecture lies with them. A platform's base has a bundle of its own.
            placement.Make(
                new LayerFile(placement.Tree.Resolve(CertificateBundle.Path, followsLast: true).Path, files.Write(bundle), Mode: 0b110_100_100),
                package: null,
                isCommon: existing is null && packaged.All(placed => placed.IsCommon));
        }

        if (placement.Tree.Follow(CertificateBundle.Path) is not null && placement.Placed.Keys.Any(IsLibrary))
        {
            MakeLink("certs", "/etc/ssl/certs");
            MakeLink("cert.pem", $"/{CertificateBundle.Path}");
        }

        void MakeLink(string name, string target)
        {
            if (placement.Tree.Find($"{LibraryFolder}/{name}") is null)
            {
                placement.Make(LayerFile.Symlink($"{LibraryFolder}/{name}", target), package: null, isCommon: false);
            }
        }
    }

    private static bool IsLibrary(string path) => path[(path.LastIndexOf('/') + 1)..].StartsWith("libssl.so.", StringComparison.Ordinal);
}
