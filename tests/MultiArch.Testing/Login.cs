using System.Text;

namespace MultiArch.Testing;

/// <summary>Who may use a registry.</summary>
public sealed record Login(string Username, string Password)
{
    /// <summary>As <c>Authorization</c> has it.</summary>
    public string Basic => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}"))}";
}
