using System.Runtime.InteropServices;

var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => $"Hello from {RuntimeInformation.ProcessArchitecture}, compiled ahead of time\n");
app.Run();
