using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;
using MultiArch.Oci.Audit;

namespace MultiArch.Build;

/// <summary>Tells who waits for a large image what is being read.</summary>
internal sealed class VerificationLog(TaskLoggingHelper log) : IProgress<VerificationProgress>
{
    // Takes some seconds to read, or on a slow line some minutes.
    private const long LargeLayer = 50_000_000;

    public void Report(VerificationProgress value)
    {
        switch (value)
        {
            case VerificationProgress.Image(var name, var layers, var size):
                log.LogMessage(MessageImportance.High, "Reading {0}: {1}, {2}.", OneLine.Of(name, 80), layers == 1 ? "1 layer" : $"{layers} layers", ByteSize.Format(size));
                break;
            case VerificationProgress.Layer(var name, var number, var layers, var size):
                log.LogMessage(size >= LargeLayer ? MessageImportance.High : MessageImportance.Low, "  {0}: layer {1} of {2}, {3}.", OneLine.Of(name, 80), number, layers, ByteSize.Format(size));
                break;
        }
    }
}
