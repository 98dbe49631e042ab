using Polly;
using Polly.Retry;

namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Waits and tries again, with Polly, which is loaded when this is called: nothing of it may stand in a field or a signature.</summary>
internal static class RetryPipeline
{
    /// <summary>Goes on with an operation whose first attempt has failed: for Polly, that failure is the first outcome.</summary>
    public static async Task<T> ContinueAsync<T>(
        RegistryOptions options, RetriedOperation attempts, Func<int, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(attempts.Action, cancellationToken);
        try
        {
            var isFirst = true;
            var outcome = await Build(options, attempts).ExecuteOutcomeAsync(
                async (current, _) =>
                {
                    if (isFirst)
                    {
                        isFirst = false;
                        return Outcome.FromException<T>(attempts.Failure);
                    }

                    try
                    {
                        return Outcome.FromResult(await operation(attempts.Failed + 1, current.CancellationToken));
                    }
                    catch (Exception e)
                    {
                        if (e is RegistryException failure)
                        {
                            attempts.Fail(failure);
                        }

                        return Outcome.FromException<T>(e);
                    }
                },
                context,
                state: 0);

            if (outcome.Exception is RegistryException { Retry.IsWorthwhile: true })
            {
                throw attempts.End();
            }

            outcome.ThrowIfException();
            return outcome.Result!; // What the operation returned, null included.
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResiliencePipeline Build(RegistryOptions options, RetriedOperation attempts) =>
        new ResiliencePipelineBuilder { TimeProvider = options.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries.Attempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is RegistryException && attempts.Delay is not null),
                DelayGenerator = _ => ValueTask.FromResult(attempts.Delay),
                OnRetry = arguments =>
                {
                    options.Progress?.Report(attempts.Announce(arguments.RetryDelay));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
}
