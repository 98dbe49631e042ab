namespace MultiArch.Oci.Registry.Transport.Retries;

/// <summary>Tries operations again that may go better the next time. The only layer that does: what is sent within one is sent once.</summary>
internal sealed class RetrySchedule(RegistryOptions options)
{
    /// <summary>Runs an operation until it succeeds, fails for good, or has used up its attempts or its time.</summary>
    /// <param name="action">As <see cref="RegistryRequest.Action"/>.</param>
    /// <param name="operation">Given the number of the attempt, from 1. Only its <see cref="RegistryException"/>s are looked at.</param>
    /// <exception cref="RegistryException">The last failure, which says how often and for how long it was tried.</exception>
    public async Task<T> RunAsync<T>(
        RepositoryAddress address, string action, Func<int, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var attempts = new RetriedOperation(options, address.Registry, action);
        try
        {
            return await operation(1, cancellationToken);
        }
        catch (RegistryException e) when (e.Retry.IsWorthwhile && options.Retries.Attempts > 1)
        {
            attempts.Fail(e);
        }

        // Apart, so that Polly is loaded only when something has failed.
        return await RetryPipeline.ContinueAsync(options, attempts, operation, cancellationToken);
    }
}
