using Microsoft.Build.Framework;
using MultiArch.Oci;
using MultiArch.Oci.Audit;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Verification;

namespace MultiArch.Build.Tasks;

/// <summary>Reads every image of an index that anybody made, and fails when something in it is not what the index or a config claims.</summary>
[MSBuildMultiThreadableTask]
public sealed class VerifyImage : RegistryTask
{
    /// <summary><c>registry/repository:tag</c>, <c>oci:folder</c> or <c>oci-archive:file</c>.</summary>
    public string Reference { get; set; } = "";

    /// <summary>Platforms such as <c>linux/arm64</c>.</summary>
    public string[] RequiredPlatforms { get; set; } = [];

    /// <summary>A path; empty writes no report.</summary>
    public string ReportFile { get; set; } = "";

    /// <inheritdoc cref="VerifySettings.Parse"/>
    public string Severity { get; set; } = "";

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var policy = VerifySettings.Parse(Severity);
        var location = AuditedReference.Parse(Reference.Trim(), ProjectDirectory);
        var required = Build.RequiredPlatforms.Parse(RequiredPlatforms);
        if (ReportFile.Length > 0)
        {
            AtomicFile.RequireFile(Path.GetFullPath(ReportFile, ProjectDirectory));
        }

        var report = await VerifyAsync(location, required, cancellationToken);
        foreach (var line in ImageTable.Lines(report))
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }

        // Before the report: a file that cannot be written hides no fault.
        foreach (var fault in report.Faults)
        {
            Tell(fault, policy);
        }

        if (ReportFile.Length > 0)
        {
            await AtomicFile.WriteIfChangedAsync(Path.GetFullPath(ReportFile, ProjectDirectory), ImageVerificationJson.Write(report), cancellationToken);
        }
    }

    /// <summary>Who asks for an image to be verified wants to know it, whatever the publishes of the project leave out.</summary>
    private void Tell(VerificationFault fault, VerificationPolicy policy)
    {
        if (policy is VerificationPolicy.Error || (policy is not VerificationPolicy.Warn && fault.IsCertain))
        {
            Log.Error(fault.Code, fault.Message);
        }
        else
        {
            Log.Warning(fault.Code, fault.Message);
        }
    }

    private async Task<ImageVerification> VerifyAsync(ImageLocation location, IReadOnlyList<Platform> required, CancellationToken cancellationToken)
    {
        using var registries = Connect(Registries.ToOptions(), target: null, [location]);
        using var stores = new ImageStores(registries.Transport);
        return await new ImageVerifier(stores.Open(location, AuditedReference.Setting), new VerificationLog(Log)).VerifyAsync(location, required, cancellationToken);
    }
}
