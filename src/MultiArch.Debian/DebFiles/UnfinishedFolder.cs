using System.Security.Cryptography;

namespace MultiArch.Debian.DebFiles;

/// <summary>A folder that gets its name when it is whole, and is gone otherwise.</summary>
internal sealed class UnfinishedFolder : IDisposable
{
    private const int MaxAttempts = 5;

    private readonly string _final;
    private bool _isFinished;

    private UnfinishedFolder(string path, string final) => (Path, _final) = (path, final);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <exception cref="Oci.MultiArchException"><see cref="Oci.DiagnosticCodes.CannotWrite"/>.</exception>
    public static UnfinishedFolder Create(string parent, string name)
    {
        var path = System.IO.Path.Combine(parent, $"{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial");
        try
        {
            Directory.CreateDirectory(path);
            return new UnfinishedFolder(path, System.IO.Path.Combine(parent, name));
        }
        catch (Exception e) when (Oci.Storage.DiskErrors.IsDiskError(e))
        {
            throw Oci.Storage.DiskErrors.CannotWrite(parent, e);
        }
    }

    /// <summary>Takes the name. What has it already stays if it is whole, since somebody may read it at this moment, and goes otherwise.</summary>
    /// <returns>The folder's name, absolute.</returns>
    public string Finish(Predicate<string> isWhole)
    {
        for (var attempt = 0; !_isFinished; attempt++)
        {
            try
            {
                if (Directory.Exists(_final))
                {
                    if (isWhole(_final))
                    {
                        break;
                    }

                    var old = Path + ".old";
                    Directory.Move(_final, old);
                    Directory.Delete(old, recursive: true);
                }

                Directory.Move(Path, _final);
                _isFinished = true;
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // Another process has put its own there, or taken the old one away, between two steps.
            }
        }

        return _final;
    }

    public void Dispose()
    {
        if (_isFinished)
        {
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (Oci.Storage.DiskErrors.IsDiskError(e))
        {
            // What stopped the work is the error to report.
        }
    }
}
