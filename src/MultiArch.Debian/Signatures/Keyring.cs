using Org.BouncyCastle.Bcpg.OpenPgp;

namespace MultiArch.Debian.Signatures;

/// <summary>The keys whose signature counts for a source.</summary>
/// <param name="Names">Of the files that they stand in, for messages.</param>
/// <param name="Faults">Files that could not be read, though others could; each a sentence.</param>
internal sealed record Keyring(IReadOnlyList<SigningKey> Keys, IReadOnlyList<string> Names, IReadOnlyList<string> Faults)
{
    /// <summary>Whoever says that they made the signature: several copies of a key, as a rule.</summary>
    public IReadOnlyList<SigningKey> IssuersOf(PgpSignature signature) => [.. Keys.Where(key => key.IsIssuerOf(signature))];

    public Keyring Only(IReadOnlyList<string> fingerprints) => this with
    {
        Keys = [.. Keys.Where(key => fingerprints.Any(key.IsNamedBy))],
        Names = [.. fingerprints.Select(fingerprint => $"{fingerprint} in {string.Join(", ", Names)}")],
    };
}
