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
        if (ReportFile.Length > 0)
        {
            AtomicFile.RequireFile(Path.GetFullPath(ReportFile, ProjectDirectory));
        }

        var report = await ReadAsync(cancellationToken);
        foreach (var line in ImageTable.Lines(report))
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }

        // Before the report: a file that cannot be written hides no fault.
        foreach (var fault in report.Faults)
        {
            Tell(fault);
        }

        await WriteReportAsync(report, cancellationToken);
    }

    /// <returns>Of what cannot be verified, why: a report of an earlier image that stayed would be taken for this one's.</returns>
    private async Task<ImageVerification> ReadAsync(CancellationToken cancellationToken)
    {
        var name = OneLine.Of(Reference.Trim());
        try
        {
            var policy = VerifySettings.Parse(Severity);
            var location = AuditedReference.Parse(Reference.Trim(), ProjectDirectory);
            name = location.ToString()!; // each kind of location writes itself
            var required = Build.RequiredPlatforms.Parse(RequiredPlatforms);
            return Judge(await VerifyAsync(location, required, cancellationToken), policy);
        }
        catch (MultiArchException e)
        {
            return ImageVerification.Unread(name, e.Code, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await WriteReportAsync(ImageVerification.Unread(name, DiagnosticCodes.Internal, "MultiArch.Build failed."), cancellationToken);
            throw;
        }
    }

    private Task WriteReportAsync(ImageVerification report, CancellationToken cancellationToken) => ReportFile.Length == 0
        ? Task.CompletedTask
        : AtomicFile.WriteIfChangedAsync(Path.GetFullPath(ReportFile, ProjectDirectory), ImageVerificationJson.Write(report), cancellationToken);

    /// <summary>Who asks for an image to be verified wants to know it, whatever the publishes of the project leave out.</summary>
    private ImageVerification Judge(ImageVerification report, VerificationPolicy policy)
    {
        return report with { Faults = [.. report.Faults.Select(fault => fault with { IsError = IsError(fault) })] };

        bool IsError(VerificationFault fault) =>
            policy is VerificationPolicy.Error
            || (policy is not VerificationPolicy.Warn && fault.IsCertain)
            || (BuildEngine is IBuildEngine8 engine && engine.ShouldTreatWarningAsError(fault.Code));
    }

    private void Tell(VerificationFault fault)
    {
        if (fault.IsError)
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
