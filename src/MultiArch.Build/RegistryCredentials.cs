using System.Collections;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;

namespace MultiArch.Build;

/// <summary>Hands this machine's variables and folders to the library, which looks for credentials in them; nothing is read before a registry asks.</summary>
internal static class RegistryCredentials
{
    /// <param name="target">Where is pushed to; null when no registry is.</param>
    /// <param name="read">What else is asked of registries: bases, parts, an image that is looked at.</param>
    public static Keychain OfThisMachine(ImageReference? target, IEnumerable<ImageLocation> read, IProgress<RegistryEvent> progress) =>
        new(ReadEnvironment(), target, TimeProvider.System, progress)
        {
            Bases = [.. read.OfType<ImageLocation.Registry>().Select(one => one.Image.Registry).Distinct(StringComparer.OrdinalIgnoreCase)],
        };

    public static CredentialEnvironment ReadEnvironment() => new(Variables(), HomeFolder()) { ContainersFolder = ContainersFolder() };

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            variable => (string)variable.Key,
            variable => variable.Value as string ?? "",
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private static string? HomeFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home ? home : null;

    /// <summary>Podman's on Linux, by the id of the user; .NET has no other way to ask for it than the kernel's.</summary>
    private static string? ContainersFolder()
    {
        const string Status = "/proc/self/status";
        const string UserId = "Uid:";
        if (!OperatingSystem.IsLinux() || !File.Exists(Status))
        {
            return null;
        }

        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(UserId, StringComparison.Ordinal));
        return line?[UserId.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries) is [var id, ..] ? $"/run/containers/{id}" : null;
    }
}
