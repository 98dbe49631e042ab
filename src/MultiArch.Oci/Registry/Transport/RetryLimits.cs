namespace MultiArch.Oci.Registry.Transport;

/// <summary>How often and how long something is tried again.</summary>
/// <param name="Attempts">Of one operation, the first included.</param>
/// <param name="Budget">From the first failure of an operation until no further attempt is begun.</param>
/// <param name="Step">The mean of the first wait; each further one is twice as long.</param>
/// <param name="LongestStep">No wait is longer, unless the registry asks for it.</param>
public sealed record RetryLimits(int Attempts, TimeSpan Budget, TimeSpan Step, TimeSpan LongestStep)
{
    public static RetryLimits Default { get; } = new(6, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>Everything is tried once.</summary>
    public static RetryLimits None { get; } = new(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
}
