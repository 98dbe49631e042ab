using System.Globalization;
using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Layers;

namespace MultiArch.Build;

/// <summary>Reads the items <c>MultiArchFile</c>: files that a project puts into the image beside what it publishes.</summary>
internal static class MultiArchFiles
{
    private const int MaxMode = 0b111_111_111_111;

    /// <summary>Decides path, mode and owner. Whether the sources exist is not asked: a build may be yet to make them.</summary>
    /// <param name="workingDirectory">What a relative <c>TargetPath</c> is relative to: absolute, in the image.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.InvalidTargetPath"/>, <see cref="DiagnosticCodes.InvalidMode"/>, <see cref="DiagnosticCodes.InvalidOwner"/>,
    /// <see cref="DiagnosticCodes.SourceIsFolder"/>, <see cref="DiagnosticCodes.PathTwice"/> or <see cref="DiagnosticCodes.InvalidPath"/>.
    /// </exception>
    public static LayerPlan Read(ITaskItem[] items, string workingDirectory)
    {
        var plan = new LayerPlan(Layering.TitleOf(LayerKind.Files), [.. items.Select(item => ReadFile(item, workingDirectory))]);
        plan.Validate();
        return plan;
    }

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.SourceMissing"/>.</exception>
    public static void RequireSources(ITaskItem[] items)
    {
        if (items.FirstOrDefault(item => !Exists(SourceOf(item))) is { } missing)
        {
            throw new MultiArchException(
                DiagnosticCodes.SourceMissing,
                $"MultiArchFile '{missing.ItemSpec}' does not exist: there is no file '{SourceOf(missing)}'. Correct its Include, or let the target that makes it run before the publish ends.");
        }
    }

    private static LayerFile ReadFile(ITaskItem item, string workingDirectory)
    {
        var source = SourceOf(item);
        if (Directory.Exists(source))
        {
            throw new MultiArchException(
                DiagnosticCodes.SourceIsFolder,
                $"MultiArchFile '{item.ItemSpec}' is a folder. Name its files, Include=\"{item.ItemSpec.TrimEnd('/', '\\')}/**\", with a TargetPath that ends with '/'.");
        }

        var (uid, gid) = ReadOwner(item);
        return new LayerFile(ReadPath(item, workingDirectory), source, Mode: ReadMode(item), Uid: uid, Gid: gid);
    }

    private static string SourceOf(ITaskItem item) => item.GetMetadata("FullPath");

    /// <summary>A link exists, for .NET, wherever it leads.</summary>
    private static bool Exists(string path)
    {
        try
        {
            return File.Exists(File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        }
        catch (IOException)
        {
            return false; // links in a circle
        }
    }

    private static string ReadPath(ITaskItem item, string workingDirectory)
    {
        // RecursiveDir, which a TargetPath may name too, has the separators of the system that builds.
        var target = item.GetMetadata("TargetPath").Replace('\\', '/');
        if (target.EndsWith('/'))
        {
            target += item.GetMetadata("RecursiveDir").Replace('\\', '/') + Path.GetFileName(item.ItemSpec);
        }

        var path = (target.StartsWith('/') ? target : $"{workingDirectory.TrimEnd('/')}/{target}")[1..];
        return target.Length > 0 && !path.Split('/').Any(part => part is "" or "." or "..")
            ? path
            : throw new MultiArchException(
                DiagnosticCodes.InvalidTargetPath,
                $"MultiArchFile '{item.ItemSpec}' has the TargetPath '{item.GetMetadata("TargetPath")}', which names no place in an image. "
                + "Give a path without '.' and '..', such as /etc/app.conf; one that ends with '/' is a folder, a relative one lies below ContainerWorkingDirectory.");
    }

    private static int? ReadMode(ITaskItem item)
    {
        var text = item.GetMetadata("Mode");
        if (text.Length == 0)
        {
            return null;
        }

        // A decimal 493 or a 7 is a slip, not a mode: three digits at least, as chmod's manual shows them.
        var mode = text.Length is >= 3 and <= 5 && text.All(digit => digit is >= '0' and <= '7') ? Convert.ToInt32(text, 8) : int.MaxValue;
        return mode <= MaxMode
            ? mode
            : throw new MultiArchException(DiagnosticCodes.InvalidMode, $"MultiArchFile '{item.ItemSpec}' has the Mode '{text}', which is none. Write it in octal, such as 0644, 0755 or 04755.");
    }

    private static (int Uid, int Gid) ReadOwner(ITaskItem item)
    {
        var text = item.GetMetadata("Owner");
        return text.Split(':') switch
        {
            [""] => (0, 0),
            [var user] when IsId(user, out var uid) => (uid, uid),
            [var user, var group] when IsId(user, out var uid) && IsId(group, out var gid) => (uid, gid),
            _ => throw new MultiArchException(
                DiagnosticCodes.InvalidOwner,
                $"MultiArchFile '{item.ItemSpec}' has the Owner '{text}', which is none. Write numbers, uid or uid:gid, such as 1654 or 1654:0: a layer has no list of names."),
        };
    }

    private static bool IsId(string text, out int id) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
