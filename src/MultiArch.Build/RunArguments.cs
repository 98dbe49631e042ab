using MultiArch.Oci.Publishing;

namespace MultiArch.Build;

/// <summary>What follows <c>docker run --rm</c> to try an image: its TCP ports, and its name.</summary>
internal static class RunArguments
{
    /// <param name="name">Without a tag; the first of the report's is taken.</param>
    public static string Of(PublishReport report, string name) => $"{Ports(report)}{name}:{report.Tags[0]}";

    private static string Ports(PublishReport report) => string.Concat(report.Images[0].ExposedPorts
        .Where(port => port.EndsWith("/tcp", StringComparison.Ordinal))
        .Select(port => port[..port.IndexOf('/')])
        .Select(port => $"-p {port}:{port} "));
}
