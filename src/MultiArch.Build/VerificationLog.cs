using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;
using MultiArch.Oci.Audit;

namespace MultiArch.Build;

/// <summary>Tells who waits for a large image what is being read.</summary>
internal sealed class VerificationLog(TaskLoggingHelper log) : IProgress<VerificationProgress>
{
    public void Report(VerificationProgress value) =>
        log.LogMessage(MessageImportance.High, "Reading {0}: {1}, {2}.", OneLine.Of(value.Name, 80), value.Layers == 1 ? "1 layer" : $"{value.Layers} layers", ByteSize.Format(value.Size));
}
