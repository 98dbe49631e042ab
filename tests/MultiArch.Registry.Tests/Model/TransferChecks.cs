using System.Globalization;
using System.Text.RegularExpressions;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Storage;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>Compares what a publish says of its transfers, and how often it tried, with what the registry was asked.</summary>
/// <param name="attempts">How often one thing may be tried.</param>
internal sealed partial class TransferChecks(FaultyRegistry target, IReadOnlyList<(RegistryCall Call, FaultKind? Fault)> calls, int attempts)
{
    // What is missing when it is read back is stored once more, and a manifest is once more when what it names was missing: less than what
    // two layers of retries would make of it, which multiply.
    private const int MaxRounds = 3;

    /// <summary>Sent is what was sent, mounted what was mounted, and reused is neither.</summary>
    public IEnumerable<string> Counts(PublishReport? report) =>
        from layer in (report?.Images ?? []).SelectMany(image => image.Layers)
        let digest = layer.Descriptor.Digest.ToString()
        let isMountAsked = calls.Any(call => call.Call is { Kind: RequestKind.Mount, Repository: ModelImage.Repository } && call.Call.Subject == digest)
        let isTrue = layer.Write switch
        {
            BlobWrite.Uploaded => Uploads(digest) > 0,
            BlobWrite.Mounted => isMountAsked && Uploads(digest) == 0,
            _ => Uploads(digest) == 0,
        }
        where !isTrue
        select $"{digest} was reported as {layer.Write}, with {Uploads(digest)} uploads";

    /// <summary>What a failed publish says that it has stored, is there; unless the registry said so and it was not.</summary>
    public IEnumerable<string> Stored(PublishEvent.Interrupted? told) =>
        calls.Any(call => call.Fault is FaultKind.Forgotten) ? [] :
            from blob in told?.Stored ?? []
            where target.Content.Blob(ModelImage.Repository, blob.Digest.ToString()) is null
            select $"{blob.Digest} was told as stored and is not there";

    /// <summary>No upload is left open of which the client knew, and which it may close.</summary>
    /// <param name="silences">How often an answer came too late to be heard.</param>
    public IEnumerable<string> OpenUploads(bool isElsewhere, int silences, bool isFailed)
    {
        if (isElsewhere)
        {
            yield break;
        }

        // Of these the client never learned, or it was told that they are finished, or it could not close them.
        var excused = silences + calls.Count(call => call.Fault is not null && call.Call.Kind is RequestKind.StartUpload or RequestKind.Mount or RequestKind.CancelUpload)
            + calls.Count(call => call.Fault is FaultKind.Forgotten && call.Call.Kind is RequestKind.PutBlob);
        // The first failure ends what is under way side by side, whose answers nobody waits for.
        var concurrent = isFailed ? 4 : 0;
        if (target.Content.OpenUploads > excused + concurrent)
        {
            yield return $"it left {target.Content.OpenUploads} uploads open, {excused} of them without its fault";
        }
    }

    /// <summary>One layer of retries: nothing is written more often than it says, for all rounds together.</summary>
    public IEnumerable<string> Repetitions(Exception? failure)
    {
        if (failure is not null && Tried().Match(failure.Message) is { Success: true } tried && int.Parse(tried.Groups[1].Value, CultureInfo.InvariantCulture) > attempts)
        {
            yield return $"it tried more often than {attempts} times: {failure.Message}";
        }

        // A request that is answered with 401 is sent again, with another token, in the same attempt.
        var writes = target.Requests
            .Where(request => request.Method is "PUT" && request.Origin == target.Origin)
            .GroupBy(request => request.Query("digest").FirstOrDefault() ?? request.Path)
            .Select(group => (What: group.Key, IsTag: RegistryCall.Of(group.First()).Kind is RequestKind.PutTag, Count: group.Count()));
        var renewed = calls.Count(call => call.Fault is FaultKind.ExpiredToken) + 1;
        foreach (var (what, isTag, count) in writes)
        {
            if (count > (attempts * (isTag ? 1 : MaxRounds)) + renewed)
            {
                yield return $"{what} was written {count} times, where each may be tried {attempts} times";
            }
        }
    }

    private int Uploads(string digest) => target.Requests.Count(request => request.Method is "PUT" && request.Query("digest").FirstOrDefault() == digest);

    [GeneratedRegex(@"tried (\d+) times")]
    private static partial Regex Tried();
}
