using System.Text;

namespace MultiArch.Debian.Signatures;

/// <summary>A text with its signatures behind it, taken apart: what was signed, and nothing that stands around it.</summary>
/// <remarks>
/// RFC 9580 §7, https://www.rfc-editor.org/rfc/rfc9580#name-cleartext-signature-framewo. More strict than it has to be: text before the first line or behind the last one,
/// other headers and unescaped dashes are refused, since one reader could take them for signed and another not.
/// </remarks>
/// <param name="Text">In lines without blanks at their ends, each with a line feed: what may be read once the signature is good.</param>
/// <param name="Signed">The bytes that are signed: the same lines with CR LF between them.</param>
/// <param name="Armor">The signatures, from BEGIN to END.</param>
internal sealed record ClearSignedDocument(string Text, byte[] Signed, byte[] Armor)
{
    private const string Start = "-----BEGIN PGP SIGNED MESSAGE-----";
    private const string SignatureStart = "-----BEGIN PGP SIGNATURE-----";
    private const string SignatureEnd = "-----END PGP SIGNATURE-----";

    /// <summary>Fails where bytes are no text, so that nothing signed is read as something else.</summary>
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">It is no such document; the message is the end of a sentence.</exception>
    public static ClearSignedDocument Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines;
        try
        {
            lines = Strict.GetString(bytes).Split('\n');
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("it is no text", e);
        }

        if (lines[0].TrimEnd(' ', '\t', '\r') != Start)
        {
            throw new FormatException("it does not begin as a signed text");
        }

        var at = SkipHeaders(lines);
        var text = new List<string>();
        while (at < lines.Length && Trim(lines[at]) != SignatureStart)
        {
            text.Add(Unescape(Trim(lines[at++])));
        }

        var armor = new List<string>();
        while (at < lines.Length && Trim(lines[at]) != SignatureEnd)
        {
            armor.Add(Trim(lines[at++]));
        }

        if (at == lines.Length)
        {
            throw new FormatException(armor.Count == 0 ? "it has no signature" : "its signature has no end");
        }

        if (lines.Skip(at + 1).Any(line => Trim(line).Length > 0))
        {
            throw new FormatException("text stands behind its signature");
        }

        return new ClearSignedDocument(
            string.Concat(text.Select(line => line + "\n")),
            Strict.GetBytes(string.Join("\r\n", text)), // None after the last line.
            Encoding.ASCII.GetBytes(string.Join('\n', [.. armor, SignatureEnd, ""])));
    }

    private static int SkipHeaders(string[] lines)
    {
        var at = 1;
        while (at < lines.Length && Trim(lines[at]).Length > 0)
        {
            if (!lines[at].StartsWith("Hash: ", StringComparison.Ordinal))
            {
                throw new FormatException("it has another header than Hash");
            }

            at++;
        }

        return at + 1;
    }

    private static string Trim(string line) => line.TrimEnd(' ', '\t', '\r');

    private static string Unescape(string line) =>
        line.StartsWith("- ", StringComparison.Ordinal) ? line[2..]
        : line.StartsWith('-') ? throw new FormatException("a line of it begins with a dash that is not escaped")
        : line;
}
