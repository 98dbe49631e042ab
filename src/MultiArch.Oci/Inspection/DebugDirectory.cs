using System.Reflection.PortableExecutable;

namespace MultiArch.Oci.Inspection;

/// <summary>What a .NET assembly says about its symbols.</summary>
/// <remarks>https://github.com/dotnet/runtime/blob/v10.0.0/docs/design/specs/PE-COFF.md#codeview-debug-directory-entry-type-2</remarks>
public static class DebugDirectory
{
    /// <summary>The path of the PDB as the compiler wrote it, which may be a path of the machine that compiled.</summary>
    /// <param name="assemblyPath">An absolute path.</param>
    /// <returns>Null when the file is no .NET assembly, is broken, or names no PDB.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static string? ReadPdbPath(string assemblyPath)
    {
        using var file = new FileStream(assemblyPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            using var assembly = new PEReader(file);
            if (!assembly.HasMetadata)
            {
                return null;
            }

            return assembly.ReadDebugDirectory()
                .Where(entry => entry.Type is DebugDirectoryEntryType.CodeView)
                .Select(entry => assembly.ReadCodeViewDebugDirectoryData(entry).Path)
                .FirstOrDefault(path => path.Length > 0);
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }
}
