using System.Text;
using MultiArch.Debian.DebFiles;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Says in the image which packages it holds, where scanners look: a file for each, so that layers stay independent of each other.</summary>
/// <remarks>
/// As distroless images do, https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md: the control file as it is, one paragraph,
/// and the sums. Trivy and Syft read both, also beside a base's <c>var/lib/dpkg/status</c>.
/// </remarks>
internal static class PackageRecords
{
    private const string Folder = "var/lib/dpkg/status.d";

    public static void Make(Placement placement, IEnumerable<ExtractedPackage> packages, GeneratedFiles files)
    {
        foreach (var package in packages)
        {
            Make(package.Name, package.ControlText);
            if (package.Md5Sums is { } sums)
            {
                Make($"{package.Name}.md5sums", sums);
            }

            void Make(string name, string content) => placement.Make(
                new LayerFile($"{Folder}/{name}", files.Write(Encoding.UTF8.GetBytes(content)), Mode: 0b110_100_100), package, package.IsForAll);
        }
    }
}
