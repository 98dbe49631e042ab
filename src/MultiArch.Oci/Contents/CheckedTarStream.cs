namespace MultiArch.Oci.Contents;

/// <summary>
/// Hands on a tar and looks at its headers first: that they are not too many or too long, that the tar ends, and that nothing but zeros
/// stands behind its end. A reader of tars stops there, and allocates what a header asks for.
/// </summary>
/// <param name="content">Left open.</param>
internal sealed class CheckedTarStream(Stream content, TarLimits limits) : ReadOnlyStream
{
    private const int BlockSize = TarSize.Block;
    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int TypeOffset = 156;

    private readonly byte[] _header = new byte[BlockSize];
    private int _headerCount;
    private long _body;
    private long _attributesRest;
    private MemoryStream? _attributes;
    private long? _nextSize;
    private bool _isEnded;
    private int _entries;
    private long _count;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        Account(buffer[..read], isEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        Account(buffer.Span[..read], isEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    private void Account(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _count += bytes.Length;
        if (_count > limits.MaxBytes)
        {
            throw new InvalidDataException($"it has more than {limits.MaxBytes} bytes when unpacked");
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[(_isEnded ? PassEnd(bytes) : _body > 0 ? PassBody(bytes) : PassHeader(bytes))..];
        }

        if (isEnd && !_isEnded && (limits.RequiresEnd || _body > 0 || _headerCount > 0))
        {
            throw new InvalidDataException(_entries == 0 && _headerCount > 0 ? "it is no tar" : "it is cut off");
        }
    }

    private static int PassEnd(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExcept((byte)0) ? throw new InvalidDataException("something stands behind its end") : bytes.Length;

    private int PassBody(ReadOnlySpan<byte> bytes)
    {
        var passed = (int)Math.Min(_body, bytes.Length);
        if (_attributes is not null)
        {
            var kept = (int)Math.Min(_attributesRest, passed);
            _attributes.Write(bytes[..kept]);
            _attributesRest -= kept;
        }

        _body -= passed;
        if (_body == 0 && _attributes is not null)
        {
            _nextSize = TarSize.FindInAttributes(_attributes.ToArray());
            _attributes = null;
        }

        return passed;
    }

    private int PassHeader(ReadOnlySpan<byte> bytes)
    {
        var passed = Math.Min(BlockSize - _headerCount, bytes.Length);
        bytes[..passed].CopyTo(_header.AsSpan(_headerCount));
        _headerCount += passed;
        if (_headerCount == BlockSize)
        {
            _headerCount = 0;
            _isEnded = !_header.AsSpan().ContainsAnyExcept((byte)0);
            if (!_isEnded)
            {
                ReadHeader();
            }
        }

        return passed;
    }

    private void ReadHeader()
    {
        if (++_entries > limits.MaxEntries)
        {
            throw new InvalidDataException($"it has more than {limits.MaxEntries} entries");
        }

        if (_entries == 1 && !TarHeader.IsLikely(_header))
        {
            throw new InvalidDataException("it is no tar");
        }

        var type = (char)_header[TypeOffset];
        var size = TarSize.Read(_header.AsSpan(SizeOffset, SizeLength));
        switch (type)
        {
            case 'L' or 'K' or 'x' or 'g' when size > limits.MaxMetadata:
                throw new InvalidDataException($"a name or its attributes have {size} bytes");
            case 'x':
                (_attributes, _attributesRest) = (new MemoryStream(), size);
                break;
            case 'L' or 'K' or 'g':
                break;
            case 'S':
                throw new InvalidDataException("it has a sparse file");
            default:
                size = _nextSize ?? size;
                _nextSize = null;
                break;
        }

        if (size > 0 && type is >= '1' and <= '6')
        {
            throw new InvalidDataException("a folder, link or device has content");
        }

        _body = checked((size + BlockSize - 1) / BlockSize * BlockSize);
        if (_body == 0 && _attributes is not null)
        {
            _attributes = null;
        }
    }
}
