using System.Net;

namespace MultiArch.Oci.Registry.Transport;

/// <summary>A failure on the way to a registry or in its answer, with what a further attempt would be worth.</summary>
internal sealed class RegistryException(string code, string message, Retry retry, Exception? innerException = null)
    : MultiArchException(code, message, innerException)
{
    public Retry Retry { get; } = retry;

    /// <summary>What happened: the message without its next step, with its full stop.</summary>
    public string Reason { get; init; } = message;

    /// <summary>The status of the answer; null when none came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>What the registry named as its errors.</summary>
    public IReadOnlyList<RegistryError> Errors { get; init; } = [];

    /// <summary>Whether the registry named one of these errors.</summary>
    public bool Names(params ReadOnlySpan<string> codes)
    {
        foreach (var error in Errors)
        {
            if (codes.Contains(error.Code))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same, when who asked knows that the next attempt does not send the same request.</summary>
    public RegistryException WorthAnother() => new(Code, Message, Retry.Again, this) { Reason = Reason, Status = Status, Errors = Errors };

    /// <summary>Whether the host may speak https where http was tried, or the other way round.</summary>
    public bool MaySpeakOtherScheme { get; init; }
}

/// <summary>Whether to try again what failed.</summary>
/// <param name="IsWorthwhile">False where the same request gets the same answer.</param>
/// <param name="After">How long the registry wants to be left alone; null when it does not say.</param>
/// <param name="IsFirstContact">Whether the host may not exist at all: a typing mistake must not wait long.</param>
internal readonly record struct Retry(bool IsWorthwhile, TimeSpan? After = null, bool IsFirstContact = false)
{
    public static Retry Never => default;

    public static Retry Again => new(IsWorthwhile: true);
}
