using MultiArch.Oci.Registry.Transport;

namespace MultiArch.Oci.Registry.Uploads;

/// <summary>We and the registry do not agree on what has arrived of an upload, so that it has to be begun anew.</summary>
/// <param name="failure">What to say when that does not help.</param>
/// <param name="isStale">Whether the registry seems to tell what was, so that a new upload had better not listen.</param>
internal sealed class OutOfStepException(RegistryException failure, bool isStale) : Exception(failure.Message, failure)
{
    public RegistryException Failure => failure;

    public bool IsStale => isStale;
}
