using Microsoft.Win32.SafeHandles;

namespace MultiArch.Oci.Layers;

/// <summary>Files of this machine as something to pack: regular ones only, and every fault has its code.</summary>
internal static class SourceFile
{
    /// <summary>Opens a file, or what a link names.</summary>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.FileVanished"/>, <see cref="DiagnosticCodes.CannotRead"/> or <see cref="DiagnosticCodes.NotARegularFile"/>.
    /// </exception>
    public static FileStream Open(string path) => new(OpenHandle(path), FileAccess.Read, bufferSize: 0);

    /// <inheritdoc cref="Open"/>
    public static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            // What does not exist counts as a link here, and the error is the same.
            var file = new FileInfo(path);
            RequireRegular(file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file);

            // A lock would not keep other programs out, so none is taken: a change is found by its hash.
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, e);
        }
    }

    /// <summary>Refuses what is no regular file, without opening it: opening a FIFO waits for its writer.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.NotARegularFile"/>.</exception>
    public static void RequireRegular(FileInfo file)
    {
        if (!file.Exists && Directory.Exists(file.FullName))
        {
            throw NotRegular(file.FullName, "a folder");
        }

        if (SpecialFile.KindOf(file) is { } kind)
        {
            throw NotRegular(file.FullName, kind);
        }
    }

    public static MultiArchException Fault(string path, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? Vanished(path, e)
        : new MultiArchException(
            DiagnosticCodes.CannotRead,
            $"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Make it readable for the user who publishes, or leave it out of what is published.",
            e);

    private static MultiArchException Vanished(string path, Exception e) => new(
        DiagnosticCodes.FileVanished,
        $"'{path}' is no longer there. Publish again, and let nothing clean or rebuild the output meanwhile.",
        e);

    private static MultiArchException NotRegular(string path, string kind) => new(
        DiagnosticCodes.NotARegularFile,
        $"'{path}' is {kind}; an image holds files, folders and links. Remove it, or leave it out of what is published.");
}
