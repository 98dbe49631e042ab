using Contracts;

var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => new Order(1, "Ada").ToString());
app.Run();
