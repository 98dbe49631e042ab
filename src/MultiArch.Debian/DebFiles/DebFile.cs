using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Storage;

namespace MultiArch.Debian.DebFiles;

/// <summary>Reads Debian's package files.</summary>
public static class DebFile
{
    private const string FormatMember = "debian-binary";

    /// <summary>
    /// Unpacks a package below a folder, into a folder of its own that has its name only when it is whole. After any failure nothing is left.
    /// What was unpacked before is found by <see cref="ExtractedPackages"/>, which is how to call this.
    /// </summary>
    /// <param name="path">Absolute; of the .deb.</param>
    /// <param name="expected">What it has to be; hash, name, version and architecture are compared.</param>
    /// <param name="folder">Absolute; made if it is missing.</param>
    /// <exception cref="MultiArchException">
    /// <see cref="DiagnosticCodes.PackageDamaged"/>, <see cref="DiagnosticCodes.PackageIsAnother"/> or <see cref="DiagnosticCodes.CannotWrite"/>.
    /// </exception>
    public static Task<ExtractedPackage> ExtractAsync(string path, PackageIdentity expected, string folder, DebLimits limits, CancellationToken cancellationToken) =>
        // Decompression is the processor's work; nothing in it waits.
        Task.Run(() => Extract(path, expected, folder, limits, cancellationToken), cancellationToken);

    private static ExtractedPackage Extract(string path, PackageIdentity expected, string folder, DebLimits limits, CancellationToken cancellationToken)
    {
        using var work = UnfinishedFolder.Create(folder, expected.Sha256.Hex);
        try
        {
            using var file = Open(path);
            CheckHash(file, expected);
            var (control, data) = Members(file);
            var said = ControlMember.Read(file, control, limits, cancellationToken);
            Compare(said, expected);
            var content = Directory.CreateDirectory(ExtractedPackages.ContentOf(work.Path)).FullName;
            var entries = new DataMember(content).Read(file, data, limits.MaxEntries, MaxDataSize(said, limits), cancellationToken);
            var package = new ExtractedPackage(expected, said.Control, said.Text, said.Md5Sums, said.Scripts, entries, content);
            PackageManifest.Write(package, work.Path);
            var final = work.Finish(whole => ExtractedPackages.Read(whole, expected, cancellationToken) is not null);
            return package with { ContentFolder = ExtractedPackages.ContentOf(final) };
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e) && e is not EndOfStreamException)
        {
            throw DiskErrors.CannotWrite(folder, e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or MultiArchException))
        {
            // Decompressors have many exceptions for what is damaged: System.ArgumentOutOfRangeException is one of them.
            throw new MultiArchException(
                DiagnosticCodes.PackageDamaged,
                $"The package {expected} is not laid down: {OneLine.Of(e.Message).TrimEnd('.')}. Nothing of it was used; tell whoever keeps the archive that it comes from, or take another version.",
                e);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024);
        }
        catch (Exception e) when (DiskErrors.IsDiskError(e))
        {
            throw new MultiArchException(DiagnosticCodes.CannotRead, $"The package file '{path}' cannot be read: {OneLine.Of(e.Message).TrimEnd('.')}. Make it readable for the user who publishes.", e);
        }
    }

    private static void CheckHash(FileStream file, PackageIdentity expected)
    {
        var actual = Digest.FromHash(SHA256.HashData(file));
        if (actual != expected.Sha256)
        {
            throw new InvalidDataException($"its file has the SHA-256 {actual.Hex} and not {expected.Sha256.Hex}");
        }

        file.Position = 0;
    }

    private static (ArMember Control, ArMember Data) Members(FileStream file)
    {
        // https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html: these three in this order, and others only as _name between or behind them.
        var members = ArReader.Read(file).Where(member => !member.Name.StartsWith('_')).ToList();
        if (members is not [{ Name: FormatMember } format, { Name: var control }, { Name: var data }] || !IsTar(control, "control") || !IsTar(data, "data"))
        {
            throw new InvalidDataException($"its members are not those of a package, but {OneLine.Of(string.Join(", ", members.Select(member => member.Name)), 100)}");
        }

        using var stream = new MemberStream(file, format);
        var version = new byte[2];
        return stream.ReadAtLeast(version, version.Length, throwOnEndOfStream: false) == version.Length && version.AsSpan().SequenceEqual("2."u8)
            ? (members[1], members[2])
            : throw new InvalidDataException("it is of another format than 2");
    }

    private static bool IsTar(string name, string stem) => name == $"{stem}.tar" || name.StartsWith($"{stem}.tar.", StringComparison.Ordinal);

    private static void Compare(ControlMember said, PackageIdentity expected)
    {
        var faults = new StringBuilder();
        Compare("Package", expected.Name);
        Compare("Version", expected.Version);
        Compare("Architecture", expected.Architecture);
        if (faults.Length > 0)
        {
            throw new MultiArchException(
                DiagnosticCodes.PackageIsAnother,
                $"The package {expected} is not laid down: its file says {faults}. Tell whoever keeps the archive that it comes from, or take another version.");
        }

        void Compare(string field, string value)
        {
            if (said.Control[field] != value)
            {
                faults.Append(faults.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{field}: {OneLine.Of(said.Control[field] ?? "nothing", 80)}");
            }
        }
    }

    private static long MaxDataSize(ControlMember said, DebLimits limits) =>
        long.TryParse(said.Control["Installed-Size"], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) && kibibytes < limits.MaxDataSize / 1024
            ? Math.Min(limits.MaxDataSize, (kibibytes * 1024 * limits.DataSizeFactor) + limits.DataSizeSlack)
            : limits.MaxDataSize;
}
