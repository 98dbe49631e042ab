var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => "Published by a profile\n");
app.Run();
