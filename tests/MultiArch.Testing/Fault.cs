namespace MultiArch.Testing;

/// <summary>What goes wrong with a reply.</summary>
public enum Fault
{
    None,

    /// <summary>The connection is reset in the middle of the request's body.</summary>
    CutRequest,

    /// <summary>The connection ends in the middle of the reply's body.</summary>
    CutBody,

    /// <summary>The connection ends in the middle of the reply, its head counted.</summary>
    CutReply,

    /// <summary>The request is read to its end, and the connection is reset before a word of the reply.</summary>
    Lost,

    /// <summary>Nothing comes, and the connection stays open.</summary>
    Stall,

    /// <summary>The head and the body come, with a length that promises more.</summary>
    StallBody,

    /// <summary>The head comes, and then a byte of the body every twentieth of a second.</summary>
    Drip,

    /// <summary>The reply comes twice, at once.</summary>
    Twice,
}
