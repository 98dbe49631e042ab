using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MultiArch.Testing;

/// <summary>A real nginx in front of a registry, on loopback ports of its own, gone when the test is.</summary>
public sealed class NginxProcess : IDisposable
{
    // nginx takes no port 0, and between finding a free one and taking it another program may.
    private const int MaxStarts = 10;

    private readonly TempDirectory _directory;
    private readonly Process _process;

    private NginxProcess(TempDirectory directory, Process process, string address)
    {
        _directory = directory;
        _process = process;
        Address = address;
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address { get; }

    /// <summary>Starts nginx and returns when it listens.</summary>
    /// <param name="registry">Host and port of the registry behind it.</param>
    /// <param name="certificate">With its key; null for plain http.</param>
    public static async Task<NginxProcess> StartAsync(
        string registry, NginxFault fault, CancellationToken cancellationToken, X509Certificate2? certificate = null)
    {
        Tool.Require("nginx");
        var directory = new TempDirectory();
        try
        {
            var tls = certificate is null ? default : TestCertificateAuthority.Write(certificate, directory, "server");
            for (var i = 0; i < MaxStarts; i++)
            {
                var (port, other) = (FreePort(), FreePort());
                if (await ListenAsync(Configure(directory, registry, fault, port, other, tls), cancellationToken) is { } process)
                {
                    return new NginxProcess(directory, process, $"127.0.0.1:{port}");
                }
            }

            throw new InvalidOperationException("nginx finds no free port.");
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configure(
        TempDirectory folder, string registry, NginxFault fault, int port, int other, (string Certificate, string Key) tls) => folder.Write("nginx.conf", $$"""
        daemon off;
        master_process off;
        pid {{folder["nginx.pid"]}};
        error_log stderr notice;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path {{folder["body"]}};
          proxy_temp_path {{folder["proxy"]}};
          fastcgi_temp_path {{folder["fastcgi"]}};
          uwsgi_temp_path {{folder["uwsgi"]}};
          scgi_temp_path {{folder["scgi"]}};
          client_max_body_size 0;
          proxy_request_buffering off;
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;

          # Only what has a body to bring, or asks where to bring it, is held back.
          map $request_method $writer { PUT all; POST all; PATCH all; default ""; }
          limit_req_zone $writer zone=writers:1m rate=8r/s;

          server {
            listen 127.0.0.1:{{port}}{{(tls.Key is null ? "" : " ssl")}}{{(fault.IsHttp2 ? " http2" : "")}};
            {{(tls.Key is null ? "" : $"ssl_certificate {tls.Certificate}; ssl_certificate_key {tls.Key};")}}
            {{fault.Server}}
            location / {
              {{fault.Location}}
              proxy_pass http://{{registry}};
            }
            location ~ ^/v2/.+/blobs/sha256: {
              {{fault.Location}}
              {{fault.Blobs.Replace("OTHER", $"127.0.0.1:{other}", StringComparison.Ordinal)}}
              proxy_pass http://{{registry}};
            }
          }

          # As an object store, which knows no Authorization beside its own signatures.
          server {
            listen 127.0.0.1:{{other}};
            location / {
              if ($http_authorization) { return 400; }
              {{fault.Other}}
              proxy_pass http://{{registry}};
            }
          }
        }
        """);

    /// <returns>Null when it ended before it listened.</returns>
    private static async Task<Process?> ListenAsync(string configuration, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(configuration)!;
        var process = Process.Start(new ProcessStartInfo(Tool.Find("nginx")!, ["-c", configuration, "-p", folder])
        {
            RedirectStandardError = true,
        })!;
        try
        {
            var output = new List<string>();
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                output.Add(line);
                // The last line before it serves; by then it holds its ports.
                if (line.Contains("event method", StringComparison.Ordinal))
                {
                    _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return process;
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            process.Dispose();
            return output.Any(line => line.Contains("Address already in use", StringComparison.Ordinal))
                ? null
                : throw new InvalidOperationException($"nginx ended before it listened:\n{string.Join('\n', output)}");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }
}

/// <summary>What nginx does wrong, as directives.</summary>
/// <param name="Location">Of every request.</param>
public sealed record NginxFault(string Location = "")
{
    /// <summary>Nothing; but behind TLS it does not tell the registry of it, so that uploads are sent on to http.</summary>
    public static NginxFault None { get; } = new();

    /// <summary>413 to a body above a size.</summary>
    public static NginxFault TooLarge(string size) => new() { Server = $"client_max_body_size {size};" };

    /// <summary>429 with <c>Retry-After</c> to who writes too fast.</summary>
    public static NginxFault TooManyRequests { get; } =
        new("limit_req zone=writers burst=1 nodelay; limit_req_status 429; error_page 429 @429;") { Server = "location @429 { add_header Retry-After 1 always; return 429; }" };

    /// <summary>503 without a word of when to come back, to who writes too fast.</summary>
    public static NginxFault Unavailable { get; } = new("limit_req zone=writers burst=1 nodelay; limit_req_status 503;");

    /// <summary>Who writes too fast is hung up on.</summary>
    public static NginxFault Cut { get; } = new("limit_req zone=writers burst=1 nodelay; limit_req_status 444;");

    /// <summary>405 to a <c>HEAD</c>, and no <c>Docker-Content-Digest</c>.</summary>
    public static NginxFault NoHead { get; } = new("if ($request_method = HEAD) { return 405; } proxy_hide_header Docker-Content-Digest;");

    /// <summary>No <c>Docker-Content-Digest</c>.</summary>
    public static NginxFault NoDigest { get; } = new("proxy_hide_header Docker-Content-Digest;");

    /// <summary>Blobs are read elsewhere.</summary>
    public static NginxFault OtherOrigin { get; } = new() { Blobs = "if ($request_method = GET) { return 307 http://OTHER$request_uri; }" };

    /// <summary>413 to a body above a size, and 417 to whoever asks whether to send it, which this nginx answers by HTTP/1.1 alone.</summary>
    public static NginxFault TooLargeByHttp2(string size) => new("if ($http_expect) { return 417; }") { Server = $"client_max_body_size {size};", IsHttp2 = true };

    /// <summary>Whether HTTP/2 is spoken, where there is TLS.</summary>
    public bool IsHttp2 { get; init; }

    /// <summary>Of the server.</summary>
    public string Server { get; init; } = "";

    /// <summary>Of that other origin.</summary>
    public string Other { get; init; } = "";

    /// <summary>Of blobs by digest; <c>OTHER</c> is another origin's host and port.</summary>
    public string Blobs { get; init; } = "";
}
