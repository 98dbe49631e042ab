using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

var app = WebApplication.CreateSlimBuilder(args).Build();

app.MapGet("/", () => $"Hello from {RuntimeInformation.ProcessArchitecture} on {RuntimeInformation.FrameworkDescription}\n");

app.MapGet("/health", () => Results.Ok());

// SQLite is a native library, another file for each platform.
app.MapGet("/sqlite", () =>
{
    using var connection = new SqliteConnection("Data Source=:memory:");
    connection.Open();
    using var command = connection.CreateCommand();
    command.CommandText = "SELECT (6 * 7) || ' from SQLite ' || sqlite_version()";
    return $"{command.ExecuteScalar()}\n";
});

// ICU: libicu72, or as the release calls it.
app.MapGet("/culture", () => string.Create(CultureInfo.GetCultureInfo("de-DE"), $"{1234567.89:N2} am {new DateTime(2026, 3, 1):dddd, d. MMMM yyyy}\n"));

// tzdata.
app.MapGet("/time-zone", () =>
{
    var noon = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    return $"{TimeZoneInfo.ConvertTime(noon, TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu")):yyyy-MM-dd HH:mm zzz}\n";
});

// libssl3 and ca-certificates: a server of your choice, named when the container starts (-e TLS_ADDRESS=https://…), is asked over TLS.
app.MapGet("/tls", async (IConfiguration configuration) =>
{
    if (configuration["TLS_ADDRESS"] is not { Length: > 0 } address)
    {
        return "TLS_ADDRESS names no server\n";
    }

    using var client = new HttpClient();
    using var response = await client.GetAsync(address);
    return $"{(int)response.StatusCode} from {address}\n";
});

app.Run();
