using System.Globalization;
using System.Text;

namespace MultiArch.Testing;

/// <summary>Reads HTTP/1.1 requests from a connection, one after the other.</summary>
internal sealed class RequestReader(Stream stream)
{
    // Who speaks TLS here is told so at once, as by other servers.
    private const byte TlsHandshake = 0x16;

    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next request without its body; null when the connection has ended.</summary>
    public async Task<ReceivedRequest?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        if (await ReadUntilAsync("\r\n\r\n"u8.ToArray(), cancellationToken) is not { } head)
        {
            return null;
        }

        var lines = head.Split("\r\n");
        var parts = lines[0].Split(' ');
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .GroupBy(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(values => values.Key, values => string.Join(", ", values), StringComparer.OrdinalIgnoreCase);
        return new ReceivedRequest(parts[0], parts[1], headers, []);
    }

    /// <param name="limit">Bytes after which no more is read; null for all.</param>
    public async Task<byte[]> ReadBodyAsync(ReceivedRequest head, int? limit, CancellationToken cancellationToken)
    {
        if (head.Headers.GetValueOrDefault("Transfer-Encoding") is "chunked")
        {
            return await ReadChunksAsync(limit ?? int.MaxValue, cancellationToken);
        }

        return await ReadAsync(Math.Min(Length(head), limit ?? int.MaxValue), cancellationToken);
    }

    public static int Length(ReceivedRequest head) => int.Parse(head.Headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);

    private async Task<byte[]> ReadChunksAsync(int limit, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        while (body.Length < limit)
        {
            var line = await ReadUntilAsync("\r\n"u8.ToArray(), cancellationToken) ?? throw new EndOfStreamException();
            var length = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await ReadAsync((int)Math.Min(length, limit - body.Length), cancellationToken));
            if (body.Length < limit)
            {
                await ReadAsync(2, cancellationToken);
            }

            if (length == 0)
            {
                break;
            }
        }

        return body.ToArray();
    }

    private async Task<string?> ReadUntilAsync(byte[] end, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_buffer.AsSpan(_start, _end - _start).IndexOf(end) is >= 0 and var length)
            {
                var text = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + end.Length;
                return text;
            }

            MakeRoom();
            if (await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken) is > 0 and var read)
            {
                _end += read;
                if (_buffer[_start] == TlsHandshake)
                {
                    await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
                    return null;
                }
            }
            else
            {
                return null;
            }
        }
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
    }

    private async Task<byte[]> ReadAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        var buffered = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, buffered).CopyTo(bytes);
        _start += buffered;
        await stream.ReadExactlyAsync(bytes.AsMemory(buffered), cancellationToken);
        return bytes;
    }
}
