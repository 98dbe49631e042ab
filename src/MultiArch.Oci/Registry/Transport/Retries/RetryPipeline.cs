using Polly;
using Polly.Retry;

namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Waits and tries again, with Polly, which is loaded when this is made.</summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<RetriedOperation> Operation = new("operation");

    private readonly ResiliencePipeline _pipeline;

    public RetryPipeline(RegistryOptions options)
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = options.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries.Attempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is RegistryException && Of(arguments.Context).Delay is not null),
                DelayGenerator = arguments => ValueTask.FromResult(Of(arguments.Context).Delay),
                OnRetry = arguments =>
                {
                    options.Progress?.Report(Of(arguments.Context).Announce(arguments.RetryDelay));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Goes on with an operation whose first attempt has failed: for Polly, that failure is the first outcome.</summary>
    public async Task<T> ContinueAsync<T>(RetriedOperation attempts, Func<int, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(attempts.Action, cancellationToken);
        try
        {
            context.Properties.Set(Operation, attempts);
            var isFirst = true;
            var outcome = await _pipeline.ExecuteOutcomeAsync(
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

    private static RetriedOperation Of(ResilienceContext context) =>
        context.Properties.TryGetValue(Operation, out var attempts) ? attempts : throw new InvalidOperationException("No operation stands in the context.");
}
