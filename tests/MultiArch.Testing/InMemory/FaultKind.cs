namespace MultiArch.Testing.InMemory;

/// <summary>What a <see cref="FaultyRegistry"/> does to a request.</summary>
public enum FaultKind
{
    /// <summary>Nothing is done; the connection is reset when the head has come.</summary>
    ResetBeforeBody,

    /// <summary>Nothing is done; the connection is reset in the middle of the body.</summary>
    ResetInBody,

    /// <summary>All is done; the connection is reset before a word of the answer: the lost 201.</summary>
    LostAnswer,

    /// <summary>All is done; the answer breaks off.</summary>
    TruncatedAnswer,

    /// <summary>Nothing is done, and nothing comes.</summary>
    Stall,

    /// <summary>All is done, and nothing comes.</summary>
    StallAfterwards,

    /// <summary>500, and nothing is done.</summary>
    InternalError,

    /// <summary>500, although all is done.</summary>
    InternalErrorAfterwards,

    /// <summary>502 with a page of the proxy's.</summary>
    BadGateway,

    /// <summary>503 with <c>Retry-After</c>.</summary>
    Unavailable,

    /// <summary>429 with <c>Retry-After</c>.</summary>
    TooManyRequests,

    /// <summary>401, and no token of before counts any more.</summary>
    ExpiredToken,

    /// <summary>404, and every upload session is gone.</summary>
    SessionGone,

    /// <summary>All is done; the answer names another digest, or holds other bytes.</summary>
    WrongDigest,

    /// <summary>405.</summary>
    NotAllowed,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>413 with a page of the proxy's.</summary>
    TooLarge,

    /// <summary>All is done, and the answer comes twice.</summary>
    DuplicateAnswer,

    /// <summary>All is done twice, as by a proxy that tries again; the answer is the second one.</summary>
    Replayed,

    /// <summary>What is written is answered as if it were done, and is not; what is read is answered as if it were not there.</summary>
    Forgotten,

    /// <summary>200 with a page for people.</summary>
    Page,
}
