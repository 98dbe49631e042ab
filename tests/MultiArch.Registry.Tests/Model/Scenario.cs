using MultiArch.Testing.InMemory;

namespace MultiArch.Registry.Tests.Model;

/// <summary>One registry, what is published there, and what goes wrong; all of it follows from the seed.</summary>
internal sealed record Scenario(int Seed)
{
    /// <summary>What a client asks in one publish or another. The rest, such as a look at an upload's progress, it may never need.</summary>
    public static readonly IReadOnlyList<RequestKind> Asked =
    [
        RequestKind.Token, RequestKind.HeadBlob, RequestKind.GetBlob, RequestKind.Mount, RequestKind.StartUpload, RequestKind.PatchUpload, RequestKind.PutBlob,
        RequestKind.HeadManifest, RequestKind.GetManifest, RequestKind.PutManifest, RequestKind.PutTag,
    ];

    private static readonly (RequestKind Request, FaultKind Fault)[] Pairs =
        [.. Asked.SelectMany(request => Enum.GetValues<FaultKind>().Select(fault => (request, fault)))];

    /// <summary>How many seeds it takes until each fault has met each kind of request.</summary>
    public static int Covering => 2 * Pairs.Length;

    public BasePlace Base { get; init; }

    /// <summary>Null: anybody may push.</summary>
    public LoginScheme? Scheme { get; init; }

    public bool RefusesDangling { get; init; }

    public bool SendsReadersElsewhere { get; init; }

    public bool SendsUploadsElsewhere { get; init; }

    /// <summary>Whether blobs have to come in chunks.</summary>
    public bool WantsChunks { get; init; }

    /// <summary>Whether the tags name another image before.</summary>
    public bool HasOldImage { get; init; }

    public double Density { get; init; }

    public (RequestKind Request, int At, FaultKind Fault, bool ForEver)? Certain { get; init; }

    /// <summary>The first seeds bring each pair of request and fault alone, the next ones among others, all further ones whatever they bring.</summary>
    public static Scenario Of(int seed)
    {
        var random = new Random(seed);
        var scenario = new Scenario(seed)
        {
            Base = (BasePlace)random.Next(3),
            Scheme = random.Next(3) switch { 0 => LoginScheme.Basic, 1 => LoginScheme.Bearer, _ => null },
            RefusesDangling = random.Next(2) == 0,
            SendsReadersElsewhere = random.Next(4) == 0,
            SendsUploadsElsewhere = random.Next(4) == 0,
            WantsChunks = random.Next(4) == 0,
            HasOldImage = random.Next(2) == 0,
        };
        if (seed < Covering)
        {
            var (request, fault) = Pairs[seed % Pairs.Length];
            return scenario.ThatAsks(request) with { Certain = (request, 0, fault, false), Density = seed < Pairs.Length ? 0 : 0.05 };
        }

        var (forEver, onWhat) = Pairs[random.Next(Pairs.Length)];
        return scenario with
        {
            Density = new[] { 0.02, 0.05, 0.1, 0.2, 0.5 }[random.Next(5)],
            Certain = random.Next(10) == 0 ? (forEver, random.Next(4), onWhat, true) : null,
        };
    }

    public FaultSchedule CreateFaults() => new(Seed, Density) { Certain = Certain };

    private Scenario ThatAsks(RequestKind request) => request switch
    {
        RequestKind.Token => this with { Scheme = LoginScheme.Bearer },
        RequestKind.Mount => this with { Base = BasePlace.SameRegistry },
        RequestKind.GetBlob => this with { Base = BasePlace.OtherRegistry },
        RequestKind.GetManifest => this with { Base = BasePlace.SameRegistry },
        RequestKind.PatchUpload => this with { WantsChunks = true },
        _ => this,
    };
}

internal enum BasePlace
{
    /// <summary>There is none: the image begins from scratch.</summary>
    Nowhere,

    SameRegistry,

    OtherRegistry,
}
