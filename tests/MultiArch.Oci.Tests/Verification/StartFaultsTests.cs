using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Tests.Verification;

/// <summary>What an app needs as a whole.</summary>
[TestClass]
public sealed class StartFaultsTests
{
    private static string Config(string version, string more = "") =>
        $$$"""{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"{{{version}}}"}{{{more}}}}}""";

    private static TestImage Image(string wanted, string offered, string more = "") => new TestImage { Command = ["dotnet", "/app/app.dll"] }
        .OnDebian()
        .Base("/usr/lib/x86_64-linux-gnu/libicuuc.so.72")
        .Link("/usr/bin/dotnet", "/usr/share/dotnet/dotnet")
        .Base("/usr/share/dotnet/dotnet")
        .Base($"/usr/share/dotnet/shared/Microsoft.NETCore.App/{offered}/libcoreclr.so")
        .WithJson("/app/app.runtimeconfig.json", Config(wanted, more));

    [TestMethod]
    [DataRow("10.0.0", "10.0.12", "")]
    [DataRow("10.0.0", "10.1.0", "")]
    [DataRow("8.0.0", "10.0.12", ""","rollForward":"Major" """)]
    [DataRow("10.0.0-preview.3", "10.0.0", "")]
    public void A_version_that_the_app_takes_is_enough(string wanted, string offered, string more) => Assert.AreEqual("", Image(wanted, offered, more).Lines());

    [TestMethod]
    [DataRow("8.0.0", "10.0.12", "")]
    [DataRow("10.0.0", "9.0.4", "")]
    [DataRow("10.0.5", "10.0.1", "")]
    [DataRow("10.0.0", "10.1.0", ""","rollForward":"LatestPatch" """)]
    [DataRow("10.0.0", "10.0.1", ""","rollForward":"Disable" """)]
    public void A_version_that_the_app_does_not_take_is_none(string wanted, string offered, string more)
    {
        var fault = Image(wanted, offered, more).Faults().Single();

        Assert.AreEqual((FaultKind.FrameworkMissing, true), (fault.Kind, fault.IsCertain));
        Assert.Contains(offered, fault.Found);
        Assert.Contains(wanted, fault.Expected);
    }

    [TestMethod]
    public void The_container_may_say_what_the_app_takes()
    {
        var image = Image("8.0.0", "10.0.12");
        image.Environment["DOTNET_ROLL_FORWARD"] = "Major";

        Assert.AreEqual("", image.Lines());
    }

    [TestMethod]
    public void On_scratch_the_framework_is_named_and_not_the_program_that_comes_with_it()
    {
        var image = new TestImage { Command = ["dotnet", "/app/app.dll"] }.WithJson("/app/app.runtimeconfig.json", Config("10.0.0"));

        Assert.AreEqual("FrameworkMissing certain /app/app.runtimeconfig.json: no Microsoft.NETCore.App in the image", image.Lines());
    }

    [TestMethod]
    public void Another_app_among_the_files_may_be_started_or_not()
    {
        var image = Image("10.0.0", "10.0.1").WithJson("/app/tool.runtimeconfig.json", Config("8.0.0"));

        Assert.AreEqual("FrameworkMissing likely /app/tool.runtimeconfig.json: Microsoft.NETCore.App 10.0.1 in the image", image.Lines());
    }

    [TestMethod]
    public void Frameworks_are_found_where_the_container_says()
    {
        var image = new TestImage { Command = ["/app/app"] }
            .Base("/app/app")
            .Base("/opt/net/shared/Microsoft.NETCore.App/10.0.1/x")
            .WithJson("/app/app.runtimeconfig.json", Config("10.0.0", ""","configProperties":{"System.Globalization.Invariant":true}"""));
        Assert.Contains("FrameworkMissing", image.Lines());

        image.Environment["DOTNET_ROOT"] = "/opt/net";
        Assert.AreEqual("", image.Lines());
    }

    [TestMethod]
    [DataRow("", "", true)]
    [DataRow("", "1", false)]
    [DataRow("", "TRUE", false)]
    [DataRow(""","configProperties":{"System.Globalization.Invariant":true}""", "", false)]
    [DataRow(""","configProperties":{"System.Globalization.Invariant":false}""", "1", true)]
    public void ICU_is_wanted_while_globalization_is_on(string more, string variable, bool isMissing)
    {
        var image = new TestImage().OnDebian().WithJson("/app/app.runtimeconfig.json", $$$"""{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.1"}]{{{more}}}}}""");
        image.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = variable;

        Assert.AreEqual(isMissing ? "IcuMissing likely" : "", string.Concat(image.Lines().Take("IcuMissing likely".Length)));
        Assert.AreEqual("", image.Base("/usr/lib/x86_64-linux-gnu/libicuuc.so.72").Lines());
    }

    [TestMethod]
    public void ICU_of_glibc_is_none_for_an_app_for_musl_and_the_apps_own_is_enough()
    {
        var image = new TestImage(library: CLibrary.Musl).OnDebian().Base("/usr/lib/libicuuc.so.72").WithJson("/app/app.runtimeconfig.json", """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.1"}]}}""");
        Assert.Contains("IcuMissing", image.Lines());

        Assert.AreEqual("", image.With("/app/libicuuc.so.76.1", new Inspection.SyntheticElf()).Lines());
    }

    [TestMethod]
    [DataRow("/app/app", "")]
    [DataRow("./app", "")]
    [DataRow("tool", "")]
    [DataRow("/app/none", "ProgramMissing certain /app/none: what the image starts, which neither the base nor the layers have")]
    [DataRow("none", "ProgramMissing certain none: what the image starts, which neither the base nor the layers have")]
    public void What_the_image_starts_is_there(string program, string expected) =>
        Assert.AreEqual(expected, new TestImage { Command = [program, "argument"] }.Base("/app/app").Base("/usr/local/bin/tool").Lines());

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{")]
    [DataRow("""{"runtimeOptions":7}""")]
    [DataRow("""{"runtimeOptions":{"framework":[],"frameworks":{},"configProperties":[1],"rollForward":3}}""")]
    public void A_config_that_is_none_is_passed_over(string json) => Assert.AreEqual("", new TestImage().OnDebian().Base("/usr/lib/libicuuc.so.72").WithJson("/app/app.runtimeconfig.json", json).Lines());
}
