using MultiArch.Testing;

namespace MultiArch.Debian.Tests.Resolver;

/// <summary>A system that apt is asked about, with apt's cache of it: made when it is first needed, and gone with the test.</summary>
internal sealed class AptSystem : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly Lazy<Task<string>> _configuration;
    private readonly Apt _apt;

    public AptSystem(Apt apt, string architecture, string status)
    {
        _apt = apt;
        Architecture = architecture;
        Status = status;
        _configuration = new(() => apt.ConfigureAsync(_folder.Path, status, architecture));
    }

    public string Architecture { get; }

    public string Status { get; }

    /// <inheritdoc cref="Apt.SimulateAsync"/>
    public Task<IReadOnlyList<string>?> SimulateAsync(string packages) => _apt.SimulateAsync(this, packages);

    public void Dispose() => _folder.Dispose();

    internal Task<string> GetConfigurationAsync() => _configuration.Value;
}
