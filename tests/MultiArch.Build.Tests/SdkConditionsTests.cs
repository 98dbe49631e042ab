using MultiArch.Testing;

namespace MultiArch.Build.Tests;

/// <summary>What the SDK does with the names that publishing its container profile relies on: each condition is looked for in the installed SDK, so that one that is dropped is told.</summary>
[TestClass]
public sealed class SdkConditionsTests
{
    private const string NetSdk = "Sdks/Microsoft.NET.Sdk/targets";
    private const string WebPublish = "Sdks/Microsoft.NET.Sdk.Publish/targets";

    [TestMethod]
    [DataRow("'$(_ContainersTargetsDir)'==''", "Sdks/Microsoft.NET.Sdk/Sdk/Sdk.targets", "switches the SDK's PublishContainer off")]
    [DataRow("$(_IsNotSetContainersTargetsDir) AND", "Sdks/Microsoft.NET.Sdk/Sdk/Sdk.targets", "switches the SDK's PublishContainer off")]
    [DataRow("$(AfterTargetFrameworkInferenceTargets)", $"{NetSdk}/Microsoft.NET.TargetFrameworkInference.targets", "imports the decision")]
    [DataRow("$(AfterMicrosoftNETSdkTargets)", $"{NetSdk}/Microsoft.NET.Sdk.targets", "imports our targets")]
    [DataRow("'$(_IsPublishing)' == 'true'", $"{NetSdk}/Microsoft.NET.RuntimeIdentifierInference.targets", "tells a publish of the CLI")]
    [DataRow("'$(PublishProfileImported)' != 'true' and '$(PublishProfile)' != ''", $"{NetSdk}/Microsoft.NET.Publish.targets", "keeps NETSDK1198 away from DefaultContainer")]
    [DataRow("PublishProfileImported", $"{NetSdk}/Microsoft.NET.Sdk.ImportPublishProfile.targets", "keeps NETSDK1198 away from DefaultContainer")]
    [DataRow("<PublishProtocol Condition=\"'$(PublishProtocol)' == ''\">$(WebPublishMethod)</PublishProtocol>", $"{WebPublish}/Microsoft.NET.Sdk.Publish.targets", "keeps a platform's publish from calling PublishContainer")]
    [DataRow("'$(PublishProtocol)' != 'FileSystem'", $"{WebPublish}/DotNetCLIToolTargets/Microsoft.NET.Sdk.DotNetCLITool.targets", "keeps a platform's publish from calling PublishContainer")]
    [DataRow("'$(DeployOnBuild)' != 'true'", $"{WebPublish}/DotNetCLIToolTargets/Microsoft.NET.Sdk.DotNetCLITool.targets", "publishes a platform the way of the CLI")]
    [DataRow("<WebPublishMethod>Container</WebPublishMethod>", $"{WebPublish}/PublishProfiles/DefaultContainer.pubxml", "is what DefaultContainer says")]
    [DataRow("<NETCoreSdkPortableRuntimeIdentifier>", "Microsoft.NETCoreSdk.BundledVersions.props", "names the default platform of PublishContainer")]
    public async Task The_SDK_still_has(string name, string file, string use)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(InstalledSdk.Folder, file));

        Assert.Contains(name, text, $"{file} no longer has '{name}', which {use}.");
    }
}
