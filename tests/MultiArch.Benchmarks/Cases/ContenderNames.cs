namespace MultiArch.Benchmarks.Cases;

/// <summary>As they stand in the results and on the page.</summary>
public static class ContenderNames
{
    public const string Ours = "MultiArch.Build";
    public const string OursZstd = "MultiArch.Build, zstd";
    public const string Sdk = ".NET SDK";
    public const string PlainPublish = "dotnet publish";
    public const string NoOpBuild = "dotnet build";
    public const string Buildah = "buildah";
    public const string Pigz = "tar | pigz -6, curl";
    public const string Skopeo = "skopeo copy";
}
