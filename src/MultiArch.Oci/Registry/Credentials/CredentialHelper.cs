using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MultiArch.Oci.Registry.Credentials;

/// <summary>A program that keeps credentials: <c>docker-credential-&lt;name&gt;</c>.</summary>
/// <remarks>https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development</remarks>
/// <param name="name">As a docker configuration has it.</param>
internal sealed partial class CredentialHelper(string name, SearchPath path, TimeProvider time)
{
    /// <summary>Enough for one that asks a cloud; a build must not wait for one that asks a person.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Bytes. A cloud's token takes a few thousand.
    private const int MaxOutput = 128 * 1024;
    private const int MaxError = 4 * 1024;

    public string Program => $"docker-credential-{name}";

    /// <param name="server">What it is asked for: a host, or an address for Docker Hub.</param>
    /// <returns>Null when it knows none.</returns>
    /// <exception cref="FormatException">It is of no use; the message, a line with its full stop, says why and quotes no secret.</exception>
    public async Task<Credential?> GetAsync(string server, CancellationToken cancellationToken)
    {
        if (!Name().IsMatch(name))
        {
            throw new FormatException("Its name is none of a program: letters, digits and . _ - are allowed.");
        }

        using var process = Start(path.Find(Program) ?? throw new FormatException("It is not on PATH."));
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await TalkAsync(process, server, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FormatException($"It did not answer within {Limit.TotalSeconds:0} s.");
        }
        finally
        {
            Kill(process);
        }
    }

    private async Task<Credential?> TalkAsync(Process process, string server, CancellationToken cancellationToken)
    {
        var error = ReadAsync(process.StandardError.BaseStream, MaxError, cancellationToken);
        var output = ReadAsync(process.StandardOutput.BaseStream, MaxOutput, cancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(server), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want to know, and may answer all the same.
        }

        var answer = await output ?? throw new FormatException($"It answered with more than {MaxOutput} bytes.");
        var words = Encoding.UTF8.GetString(await error ?? []);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == 0)
        {
            return Decode(answer);
        }

        // The helpers write their errors where the answer would be: only this one, whose words are known, is read there.
        return Encoding.UTF8.GetString(answer).Contains(NotFound, StringComparison.Ordinal) || words.Contains(NotFound, StringComparison.Ordinal)
            ? null
            : throw new FormatException($"It ended with exit code {process.ExitCode}{Quote(words)}.");
    }

    private const string NotFound = "credentials not found in native keychain";

    private Credential? Decode(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var (user, secret) = (Member("Username"), Member("Secret"));
            return secret.Length == 0 ? null
                : user.Length == 0 ? throw new FormatException("It answered with a secret and no user.")
                : Credential.Of(user, secret, $"the credential helper {Program}");

            string Member(string member) => document.RootElement.GetProperty(member).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("It answered with something else than Username and Secret in JSON."); // Which may be a secret.
        }
    }

    private static string Quote(string words) =>
        words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] ? $": {OneLine.Of(first).TrimEnd('.')}" : "";

    /// <returns>Null when there is more than <paramref name="limit"/> bytes.</returns>
    private static async Task<byte[]?> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        var isWhole = true;
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            // What is too much is read too, or the program would wait for us and we for it.
            isWhole &= content.Length + read <= limit;
            if (isWhole)
            {
                content.Write(buffer, 0, read);
            }
        }

        return isWhole ? content.ToArray() : null;
    }

    private static Process Start(string program)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, ["get"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                CreateNoWindow = true,
            })!; // null only with UseShellExecute
        }
        catch (Win32Exception e)
        {
            throw new FormatException($"It cannot be started: {OneLine.Of(e.Message).TrimEnd('.')}.");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended.
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
