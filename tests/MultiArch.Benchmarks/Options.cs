namespace MultiArch.Benchmarks;

/// <summary>What the command line of a measuring run asks for.</summary>
/// <param name="Only">Names of cases; empty for all.</param>
/// <param name="Quick">One run of each, kept apart: to see that all works.</param>
internal sealed record Options(IReadOnlyList<string> Only, bool Quick)
{
    /// <returns>Null when the arguments mean nothing.</returns>
    public static Options? Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options([], Quick: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--only" when i + 1 < arguments.Count:
                    options = options with { Only = arguments[++i].Split(',') };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
