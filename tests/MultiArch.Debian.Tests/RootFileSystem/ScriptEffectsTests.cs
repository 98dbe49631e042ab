using MultiArch.Debian.Tests.DebFiles;
using MultiArch.Oci;

namespace MultiArch.Debian.Tests.RootFileSystem;

[TestClass]
public sealed class ScriptEffectsTests
{
    [TestMethod]
    [DataRow("update-alternatives --install /usr/bin/editor editor /usr/bin/nano 40", "chooses what a common name")]
    [DataRow("if ! getent passwd demo; then adduser --system demo; fi", "makes a user or a group")]
    [DataRow("\tdeb-systemd-helper enable demo.service", "registers or starts a service")]
    [DataRow("/usr/sbin/invoke-rc.d demo start", "registers or starts a service")]
    [DataRow("dpkg-divert --add --rename /usr/bin/x", "puts another package's file aside")]
    [DataRow("setcap cap_net_raw+ep /bin/ping", "changes the owner, mode or capabilities of a file")]
    [DataRow("/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders > loaders.cache", "builds a cache that programs read")]
    [DataRow("ucf /usr/share/demo/demo.conf /etc/demo.conf", "makes a configuration file from a template")]
    public async Task What_a_script_would_have_done_is_a_warning_that_names_the_package(string command, string effect)
    {
        using var system = new TestSystem();
        await system.AddAsync(new TestDeb { ControlFiles = { ["postinst"] = $"#!/bin/sh\nset -e\n{command}\n" } });

        var warning = system.Arrange().Warnings.Single();

        Assert.AreEqual((DiagnosticCodes.ScriptNotRun, "demo"), (warning.Code, warning.Package));
        Assert.StartsWith($"The package demo 1.0-1 (amd64) {effect}", warning.Message);
        Assert.DoesNotContain('\n', warning.Message);
    }

    [TestMethod]
    [DataRow("# update-alternatives --install")]
    [DataRow("update-alternatives --remove editor /usr/bin/nano")]
    [DataRow("dpkg-divert --remove --rename /usr/bin/x")]
    [DataRow("echo \"run adduser yourself\"")]
    [DataRow("ldconfig")]
    [DataRow("my-adduser-file=1; my.ucf; x-ucf-y")]
    [DataRow("rm -f /var/cache/x")]
    public async Task What_needs_nothing_is_no_warning(string command)
    {
        using var system = new TestSystem();
        await system.AddAsync(new TestDeb { ControlFiles = { ["postinst"] = $"#!/bin/sh\n{command}\n", ["prerm"] = "adduser x", ["postrm"] = "systemctl stop x" } });

        Assert.IsEmpty(system.Arrange().Warnings);
    }

    [TestMethod]
    public async Task Files_that_need_a_cache_are_a_warning_whatever_the_scripts_say()
    {
        using var system = new TestSystem();
        await system.AddAsync("schemas", TestDeb.File("./usr/share/glib-2.0/schemas/org.demo.gschema.xml"));
        await system.AddAsync(
            "libraries",
            TestDeb.File("./etc/ld.so.conf.d/demo.conf", "# ours\n/opt/demo/lib\n/usr/lib/x86_64-linux-gnu\n/usr/local/lib\n"));
        await system.AddAsync("libc6", TestDeb.File("./etc/ld.so.conf.d/x86_64-linux-gnu.conf", "/usr/local/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu\n"));

        CollectionAssert.AreEqual(
            new[]
            {
                "The package libraries 1.0-1 (amd64) has the loader look for libraries in /opt/demo/lib (ldconfig; LD_LIBRARY_PATH does the same), by a script",
                "The package schemas 1.0-1 (amd64) brings settings that have to be compiled (glib-compile-schemas), by a script",
            },
            system.Arrange().Warnings.Select(warning => warning.Message.Split(" that does not run")[0]).ToArray());
    }
}
