namespace MultiArch.Oci.Publishing;

/// <summary>Work that goes on side by side, bounded by what each piece waits for.</summary>
internal static class Jobs
{
    /// <summary>Returns when all are done. The first failure stops the others, and comes out when they have stopped.</summary>
    public static Task RunAsync(IReadOnlyCollection<Func<CancellationToken, Task>> jobs, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs.Count), CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(jobs, options, async (job, token) => await job(token));
    }
}
