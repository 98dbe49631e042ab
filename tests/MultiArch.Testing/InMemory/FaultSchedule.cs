using System.Collections.Concurrent;

namespace MultiArch.Testing.InMemory;

/// <summary>Which request meets which fault.</summary>
/// <remarks>
/// A request is known by its kind and by how many of that kind came before it, so that one seed gives the same faults whichever of two
/// concurrent transfers is the faster.
/// </remarks>
/// <param name="seed">Equal seeds, equal faults.</param>
/// <param name="density">How likely a request meets a fault; 0 to 1.</param>
public sealed class FaultSchedule(int seed = 0, double density = 0)
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private readonly ConcurrentDictionary<RequestKind, int> _counts = new();
    private readonly ConcurrentQueue<(RegistryCall Call, FaultKind? Fault)> _calls = new();

    /// <summary>Nothing ever goes wrong.</summary>
    public static FaultSchedule None => new();

    /// <summary>What surely happens: to the request of a kind, counted from 0, and with <c>ForEver</c> to all that follow.</summary>
    public (RequestKind Request, int At, FaultKind Fault, bool ForEver)? Certain { get; init; }

    /// <summary>The faults among which the seed chooses.</summary>
    public IReadOnlyList<FaultKind> Among { get; init; } = Kinds;

    /// <summary>What was asked and what happened to it, in order.</summary>
    public IReadOnlyList<(RegistryCall Call, FaultKind? Fault)> Calls => [.. _calls];

    public FaultKind? Next(RegistryCall call)
    {
        var count = _counts.AddOrUpdate(call.Kind, 0, (_, before) => before + 1);
        var fault = Find(call.Kind, count);
        _calls.Enqueue((call, fault));
        return fault;
    }

    private FaultKind? Find(RequestKind request, int count)
    {
        if (Certain is { } certain && certain.Request == request && (certain.At == count || (certain.ForEver && count > certain.At)))
        {
            return certain.Fault;
        }

        var chance = Mix((((ulong)(uint)seed << 32) | (uint)count) ^ ((ulong)request << 24));
        return (chance >> 11) * (1.0 / (1UL << 53)) < density ? Among[(int)(Mix(chance) % (ulong)Among.Count)] : null;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds have nothing in common, and it is the same everywhere.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
