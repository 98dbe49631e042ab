using MultiArch.Benchmarks.Measuring;

namespace MultiArch.Benchmarks.Cases;

/// <summary>What a script does with buildah, at its fastest: overlay storage, and the base unpacked beforehand.</summary>
internal static class Buildah
{
    private const string AcceptAnything = """{"default":[{"type":"insecureAcceptAnything"}]}""";

    /// <summary>Not measured: a machine that builds often has its base.</summary>
    public static Task PullBaseAsync(Run run) => ProcessMeter.MeasureAsync(Script(run, string.Join('\n', new[] { "amd64", "arm64" }.Select(architecture =>
        $"$buildah pull --quiet --signature-policy policy.json --tls-verify=false --arch {architecture} docker://{run.RegistryName}/{Workspace.PlainBase}:latest > {architecture}.id"))));

    public static MeasuredCommand Command(Run run, IReadOnlyDictionary<string, string> folders, IReadOnlyDictionary<string, string> architectures)
    {
        var images = folders.Select(folder => $"""
            container=$($buildah from --signature-policy policy.json "$(cat {architectures[folder.Key]}.id)")
            $buildah copy --quiet "$container" '{folder.Value}' /
            $buildah config --entrypoint '["/app/app"]' --workingdir /app "$container"
            $buildah commit --quiet --signature-policy policy.json --format oci "$container" localhost/app:{architectures[folder.Key]}
            $buildah manifest add app localhost/app:{architectures[folder.Key]}
            """);
        return Script(run, $"""
            $buildah manifest create app
            {string.Join('\n', images)}
            $buildah manifest push --quiet --signature-policy policy.json --tls-verify=false --all app docker://{run.Target}
            """);
    }

    private static MeasuredCommand Script(Run run, string script)
    {
        File.WriteAllText(Path.Combine(run.Folder, "policy.json"), AcceptAnything);
        var setup = "buildah='buildah --root storage --runroot run --storage-driver overlay'\n";
        return MeasuredCommand.Script(setup + script, run.Folder, new Dictionary<string, string?> { ["TMPDIR"] = run.Folder });
    }
}
