namespace MultiArch.Oci.Storage;

/// <summary>Turns what a file system refuses into one line that names the folder.</summary>
internal static class DiskErrors
{
    public static MultiArchException CannotWrite(string folder, Exception cause) => new(
        DiagnosticCodes.CannotWrite,
        $"Cannot write to '{folder}': {OneLine.Sentence(cause.Message)} Free space there, or correct its permissions, and publish again.",
        cause);

    public static bool IsDiskError(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
