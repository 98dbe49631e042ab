using System.Text;
using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>Which fault met which kind of request: in how many publishes, and how many of these ended well.</summary>
internal sealed class FaultTable(IEnumerable<ModelOutcome> outcomes)
{
    private readonly Dictionary<(FaultKind Fault, RequestKind Request), (int Met, int Well)> _cells = outcomes
        .SelectMany(outcome => outcome.Calls
            .Where(call => call.Fault is not null)
            .Select(call => (Fault: call.Fault.GetValueOrDefault(), Request: call.Call.Kind))
            .Distinct()
            .Select(pair => (Pair: pair, IsWell: outcome.Failure is null)))
        .GroupBy(met => met.Pair)
        .ToDictionary(met => met.Key, met => (met.Count(), met.Count(one => one.IsWell)));

    /// <summary>The pairs that never met.</summary>
    public IEnumerable<string> Missing(IEnumerable<RequestKind> requests) =>
        from request in requests
        from fault in Enum.GetValues<FaultKind>()
        where !_cells.ContainsKey((fault, request))
        select $"{fault} × {request}";

    public override string ToString()
    {
        var requests = Enum.GetValues<RequestKind>().Where(request => _cells.Keys.Any(pair => pair.Request == request)).ToList();
        var text = new StringBuilder("Publishes that met a fault / that ended well all the same\n");
        text.AppendLine($"{"",-24}{string.Concat(requests.Select(request => $"{request,14}"))}");
        foreach (var fault in Enum.GetValues<FaultKind>())
        {
            text.AppendLine($"{fault,-24}{string.Concat(requests.Select(request =>
                $"{(_cells.TryGetValue((fault, request), out var cell) ? $"{cell.Met}/{cell.Well}" : "-"),14}"))}");
        }

        return text.ToString();
    }
}
