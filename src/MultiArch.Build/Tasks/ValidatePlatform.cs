using Microsoft.Build.Framework;
using MultiArch.Oci.Images;

namespace MultiArch.Build.Tasks;

/// <summary>Finds what is wrong with a platform's settings before it is compiled.</summary>
[MSBuildMultiThreadableTask]
public sealed class ValidatePlatform : ImageSettingsTask
{
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var settings = ReadSettings(GeneratedLabels.None);
        // The app's own command is known after the build; what contradicts any is found now.
        var command = settings.Command.AppCommand.Count > 0 || settings.Command.Instruction is Oci.Images.AppCommandInstruction.None
            ? settings.Command
            : settings.Command with { AppCommand = ["app"] };
        command.Resolve([]);
        if (BaseImage.Length > 0)
        {
            BaseReference.Parse(BaseImage, Path.GetTempPath());
        }

        Layerings.Parse(Layering, MaxLayers);
        MultiArchFiles.Read(Files, settings.WorkingDirectory);
        return Task.CompletedTask;
    }
}
