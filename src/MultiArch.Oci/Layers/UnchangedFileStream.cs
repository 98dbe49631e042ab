using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MultiArch.Oci.Layers;

/// <summary>
/// A file as its entry describes it: exactly as many bytes, and at their end an error if the file is shorter, longer or other than when
/// the recipe was read. Claims to seek, because only then a tar writer believes <see cref="Length"/>.
/// </summary>
internal sealed class UnchangedFileStream(string path, long size, Digest content) : ReadOnlyStream
{
    private const int MaxBufferSize = 128 * 1024;

    private readonly SafeFileHandle _file = SourceFile.OpenHandle(path);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;
    private bool _isVerified;

    public override bool CanSeek => true;

    public override long Length => size;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Account(buffer, RandomAccess.Read(_file, buffer, _count));
        }
        catch (IOException e)
        {
            throw SourceFile.Fault(path, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads at once: .NET would have the thread pool do the same.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        // A byte more than the file has, so that its end is found when it has not grown.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(size - _count + 1, MaxBufferSize));
        try
        {
            while (Read(buffer) is > 0 and var read)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads on to the end, for a consumer that stopped at <see cref="Length"/>.</summary>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.FileChanged"/>.</exception>
    public Task VerifyEndAsync(CancellationToken cancellationToken) => _isVerified ? Task.CompletedTask : CopyToAsync(Null, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Account(Span<byte> buffer, int read)
    {
        _hash.AppendData(buffer[..read]);
        _count += read;
        var isEnd = read == 0 && buffer.Length > 0;
        if (_count > size || (isEnd && _count < size))
        {
            throw Changed(_count > size ? $"it has grown beyond {size} bytes" : $"it ends after {_count} of {size} bytes");
        }

        if (isEnd && !_isVerified)
        {
            _isVerified = true;
            if (Digest.FromHash(_hash.GetHashAndReset()) != content)
            {
                throw Changed("it has other content");
            }
        }

        return read;
    }

    private MultiArchException Changed(string how) => new(
        DiagnosticCodes.FileChanged,
        $"'{path}' changed while it was packed: {how}. Publish again, and let nothing write to the output meanwhile.");
}
