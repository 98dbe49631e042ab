using Polly;
using Polly.Retry;

namespace MultiArch.Debian.Archive;

/// <summary>Tries to get a file again where that may help. The only layer that does.</summary>
internal static class ArchiveRetries
{
    /// <summary>Whoever is busy is free soon; a network that is not there, or a name that is misspelt, stays so.</summary>
    private const int AttemptsWithNobodyThere = 2;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    public static async Task<T> RunAsync<T>(ArchiveOptions options, ArchiveRequest request, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var attempts = 0;
        try
        {
            return await Build(options, request).ExecuteAsync(
                async token =>
                {
                    attempts++;
                    return await attempt(token);
                },
                cancellationToken);
        }
        catch (ArchiveException e) when (e.IsWorthRetrying)
        {
            throw e.After(attempts);
        }
    }

    private static ResiliencePipeline Build(ArchiveOptions options, ArchiveRequest request) => options.Attempts <= 1 ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = options.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                MaxDelay = LongestDelay,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is ArchiveException { IsWorthRetrying: true } failure
                    && (!failure.IsNobodyThere || arguments.AttemptNumber + 1 < AttemptsWithNobodyThere)),
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as ArchiveException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    var reason = (arguments.Outcome.Exception as ArchiveException)?.Reason ?? "";
                    options.Progress?.Report(new ArchiveEvent.Retrying(request.Host, request.What, reason, arguments.RetryDelay));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
}
