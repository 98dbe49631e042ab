namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>One operation on its way through its attempts: whether there is another one, when, and what is said when there is none.</summary>
/// <param name="host">The registry, for people.</param>
internal sealed class RetriedOperation(RegistryOptions options, string host, string action)
{
    // A typing mistake is told within three seconds; a registry that is just being started gets two more chances.
    private static readonly RetryLimits FirstContact = RetryLimits.Default with { Attempts = 3, Budget = TimeSpan.FromSeconds(3) };

    private readonly RetryLimits _limits = options.Retries;
    private readonly TimeProvider _time = options.Time;
    private readonly long _started = options.Time.GetTimestamp();
    private RegistryException? _failure;
    private long _firstFailed;
    private DateTimeOffset? _notBefore;

    public string Action => action;

    /// <summary>How many have failed.</summary>
    public int Failed { get; private set; }

    /// <summary>How long to wait for the next attempt; null when there is none.</summary>
    public TimeSpan? Delay { get; private set; }

    public RegistryException Failure => _failure ?? throw new InvalidOperationException("Nothing has failed.");

    public void Fail(RegistryException failure)
    {
        _failure = failure;
        if (Failed++ == 0)
        {
            _firstFailed = _time.GetTimestamp();
        }

        Delay = Plan(failure.Retry);
    }

    public RegistryEvent.Retrying Announce(TimeSpan delay) => new(host, Failure.Reason, delay, Failed + 1, Limits(Failure.Retry).Attempts);

    /// <summary>The last failure, as the operation's.</summary>
    public RegistryException End()
    {
        var message = Failure.Message;
        if (_notBefore is { } time)
        {
            message += $" It wants no request before {time:u}.";
        }

        if (Failed > 1)
        {
            message += $" It was tried {Failed} times in {_time.GetElapsedTime(_started).TotalSeconds:0.#} s.";
        }

        return new RegistryException(Failure.Code, message, Retry.Never, Failure)
        {
            Reason = Failure.Reason,
            Status = Failure.Status,
            Errors = Failure.Errors,
        };
    }

    private TimeSpan? Plan(Retry retry)
    {
        if (!retry.IsWorthwhile || _limits.Attempts <= 1)
        {
            return null;
        }

        var limits = Limits(retry);
        var left = limits.Budget - _time.GetElapsedTime(_firstFailed);
        if (retry.After is { } after && after > left)
        {
            _notBefore = _time.GetUtcNow() + after;
            return null;
        }

        var delay = Wait(limits, retry.After);
        return Failed < limits.Attempts && delay <= left ? delay : null;
    }

    private RetryLimits Limits(Retry retry) => !retry.IsFirstContact ? _limits : _limits with
    {
        Attempts = Math.Min(_limits.Attempts, FirstContact.Attempts),
        Budget = _limits.Budget < FirstContact.Budget ? _limits.Budget : FirstContact.Budget,
    };

    /// <summary>Anything from nothing to twice the step ("full jitter"), so that many who failed together do not come back together.</summary>
    /// <remarks>https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/</remarks>
    private TimeSpan Wait(RetryLimits limits, TimeSpan? after)
    {
        if (after is { } asked)
        {
            return asked + (Random.Shared.NextDouble() * limits.Step);
        }

        var longest = 2 * limits.Step * Math.Pow(2, Failed - 1);
        return Random.Shared.NextDouble() * (longest < limits.LongestStep ? longest : limits.LongestStep);
    }
}
