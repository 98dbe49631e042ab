using System.Security.Cryptography;
using MultiArch.Oci.Formats;

namespace MultiArch.Oci.Storage;

/// <summary>Hands on the bytes of a blob and fails, before it says "end", if they are not what the descriptor says.</summary>
/// <param name="origin">Named in the error: a reference or a file.</param>
/// <param name="code">The code of that error.</param>
internal sealed class VerifyingStream(Stream inner, Descriptor expected, string origin, string code) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;
    private bool _verified;

    public override long Length => expected.Size;

    public override long Position { get => _count; set => throw new NotSupportedException(); }

    /// <summary>The stream itself if it verifies the same already: nothing is hashed twice.</summary>
    public static Stream Over(Stream stream, Descriptor expected, string origin, string code) =>
        stream is ReadOnlyStream own && own.Verifies(expected.Digest, expected.Size) ? stream : new VerifyingStream(stream, expected, origin, code);

    public override bool Verifies(Digest digest, long size) => digest == expected.Digest && size == expected.Size;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Account(buffer[..read], isEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Account(buffer.Span[..read], isEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Account(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _hash.AppendData(bytes);
        _count += bytes.Length;
        if (_count > expected.Size || (isEnd && _count < expected.Size))
        {
            throw Mismatch(_count > expected.Size ? $"has more than its {expected.Size} bytes" : $"ends after {_count} of {expected.Size} bytes");
        }

        if (isEnd && !_verified)
        {
            var actual = Digest.FromHash(_hash.GetCurrentHash());
            if (actual != expected.Digest)
            {
                throw Mismatch($"holds other bytes: {actual}");
            }

            _verified = true;
        }
    }

    private MultiArchException Mismatch(string what) =>
        new(code, $"The blob {expected.Digest} of {origin} {what}. Nothing of it was used; ask its publisher for a sound copy.");
}
