using System.Globalization;

namespace MultiArch.Testing;

/// <summary>The numbers that an image's <c>User</c> (<c>app</c>, <c>1654</c>, <c>1654:1654</c> …) stands for in that image.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties, User</remarks>
internal sealed record ImageUser(uint UserId, uint GroupId, string Home)
{
    public static ImageUser Resolve(string? user, string rootFileSystem)
    {
        var parts = (string.IsNullOrEmpty(user) ? "0" : user).Split(':', 2);
        var accounts = Read(rootFileSystem, "/etc/passwd", fields: 7);
        var account = accounts.FirstOrDefault(account => account[0] == parts[0]) ?? accounts.FirstOrDefault(account => account[2] == parts[0]);
        var userId = Number(account?[2] ?? parts[0], user);
        var group = parts is [_, { Length: > 0 } named]
            ? Read(rootFileSystem, "/etc/group", fields: 3).FirstOrDefault(entry => entry[0] == named)?[2] ?? named
            : account?[3] ?? "0";
        return new ImageUser(userId, Number(group, user), account?[5] ?? "/");
    }

    private static List<string[]> Read(string rootFileSystem, string path, int fields)
    {
        var file = new RootedPath(rootFileSystem).Resolve(path);
        return File.Exists(file)
            ? [.. File.ReadLines(file).Select(line => line.Split(':')).Where(entry => entry.Length >= fields)]
            : [];
    }

    private static uint Number(string text, string? user) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"The image's User '{user}' is in neither its /etc/passwd nor its /etc/group.");
}
