using MultiArch.Oci.Storage;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>What the first request of an upload has led to: a session, or that there is nothing to send.</summary>
internal readonly record struct UploadStart(UploadSession? Session, BlobWrite Outcome = BlobWrite.Uploaded)
{
    public static UploadStart Done(BlobWrite outcome) => new(Session: null, outcome);
}
