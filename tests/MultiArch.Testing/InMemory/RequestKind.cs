namespace MultiArch.Testing.InMemory;

/// <summary>What a client may ask of a registry.</summary>
public enum RequestKind
{
    /// <summary><c>GET /v2/</c>, and whatever is no question to a registry.</summary>
    Other,
    Token,
    HeadBlob,
    GetBlob,
    Mount,
    StartUpload,
    PatchUpload,
    PutBlob,
    UploadStatus,
    CancelUpload,
    HeadManifest,
    GetManifest,

    /// <summary>By digest.</summary>
    PutManifest,
    PutTag,
}
