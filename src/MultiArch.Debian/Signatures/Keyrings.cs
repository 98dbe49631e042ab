using System.Collections.Concurrent;
using System.Text;
using MultiArch.Debian.Sources;
using MultiArch.Oci;

namespace MultiArch.Debian.Signatures;

/// <summary>The keyrings of a system: of a base image, or of this machine. Read when they are asked for.</summary>
/// <remarks>
/// As apt has it: those that a source names in <c>Signed-By</c>; without it, <c>/etc/apt/trusted.gpg.d</c> and <c>/etc/apt/trusted.gpg</c>.
/// https://manpages.debian.org/bookworm/apt/apt-secure.8.en.html.
/// </remarks>
/// <param name="system">For messages: <c>the base image</c>, <c>this machine</c>.</param>
public sealed class Keyrings(IRootFiles root, string system)
{
    private const string Parts = "etc/apt/trusted.gpg.d";

    private readonly ConcurrentDictionary<string, IReadOnlyList<SigningKey>> _files = new(StringComparer.Ordinal);
    private Keyring? _trusted;

    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.KeyringUnusable"/>.</exception>
    internal Keyring For(PackageSource source)
    {
        if (source.SignedBy is not { } signedBy)
        {
            return Trusted();
        }

        if (signedBy.Block is { } block)
        {
            var name = $"in Signed-By of {source.Origin}";
            return new Keyring(KeyringFile.Read(Encoding.UTF8.GetBytes(block), name), [name], []);
        }

        var named = signedBy.Files.Count == 0 ? Trusted() : new Keyring([.. signedBy.Files.SelectMany(file => ReadNamed(file, source))], [.. signedBy.Files], []);
        return signedBy.Fingerprints.Count == 0 ? named : named.Only(signedBy.Fingerprints);
    }

    private IReadOnlyList<SigningKey> ReadNamed(string path, PackageSource source) => Read(path.TrimStart('/')) ?? throw new MultiArchException(
        DiagnosticCodes.KeyringUnusable,
        $"The keyring '{OneLine.Of(path)}', which the source '{source}' of {source.Origin} names, is not on {system}. Install the package that has it, or correct Signed-By.");

    private Keyring Trusted()
    {
        if (_trusted is { } trusted)
        {
            return trusted;
        }

        var keys = new List<SigningKey>();
        var names = new List<string>();
        var faults = new List<string>();
        foreach (var path in AptFile.Names(root.List(Parts), ".gpg", ".asc").Select(name => $"{Parts}/{name}").Append("etc/apt/trusted.gpg"))
        {
            try
            {
                if (Read(path) is { } found)
                {
                    keys.AddRange(found);
                    names.Add($"/{path}");
                }
            }
            catch (MultiArchException e)
            {
                faults.Add(e.Message); // Told if no other keyring has the key.
            }
        }

        return _trusted = new Keyring(keys, names, faults);
    }

    /// <returns>Null when there is no such file.</returns>
    private IReadOnlyList<SigningKey>? Read(string path)
    {
        if (_files.TryGetValue(path, out var known))
        {
            return known;
        }

        return root.ReadFile(path) is not { } bytes ? null
            : bytes.Length == 0 ? []
            : _files.GetOrAdd(path, _ => KeyringFile.Read(bytes, $"'/{path}' of {system}"));
    }
}
