using System.Runtime.InteropServices;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHostedService<Ticker>();
builder.Build().Run();

internal sealed class Ticker(IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ticker__Count=3 stops it after three; otherwise it runs until it is stopped.
        var count = configuration.GetValue<int?>("Ticker:Count");
        for (var tick = 1; tick <= (count ?? int.MaxValue); tick++)
        {
            Console.WriteLine($"{configuration["Ticker:Greeting"]} {tick} on {RuntimeInformation.ProcessArchitecture}");
            await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
        }

        lifetime.StopApplication();
    }
}
