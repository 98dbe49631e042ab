var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => Results.Redirect("/index.html"));
app.MapStaticAssets();
app.Run();
