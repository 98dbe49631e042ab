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

app.Run();
