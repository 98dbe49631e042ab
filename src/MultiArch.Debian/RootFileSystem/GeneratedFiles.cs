using System.Security.Cryptography;
using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Files that no package has, each under its hash in a folder.</summary>
/// <param name="folder">Absolute; made with the first file.</param>
internal sealed class GeneratedFiles(string folder)
{
    /// <returns>The absolute path of a file with these bytes.</returns>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.CannotWrite"/>.</exception>
    public string Write(ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder, Digest.Of(content).Hex);
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            {
                return path;
            }

            Directory.CreateDirectory(folder);
            var partial = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial";
            File.WriteAllBytes(partial, content);
            File.Move(partial, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw DiskErrors.CannotWrite(folder, e);
        }
    }
}
