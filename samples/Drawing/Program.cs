using SkiaSharp;

var app = WebApplication.CreateSlimBuilder(args).Build();

app.MapGet("/", () => $"Fonts: {string.Join(", ", SKFontManager.Default.FontFamilies.Order(StringComparer.Ordinal))}\n");

app.MapGet("/card.png", (string? text) =>
{
    using var surface = SKSurface.Create(new SKImageInfo(320, 80));
    surface.Canvas.Clear(SKColors.White);
    using var typeface = SKTypeface.FromFamilyName("DejaVu Sans");
    using var font = new SKFont(typeface, 32);
    using var paint = new SKPaint { Color = SKColors.DarkBlue, IsAntialias = true };
    surface.Canvas.DrawText(text ?? "Hello", 16, 52, SKTextAlign.Left, font, paint);
    using var image = surface.Snapshot();
    return Results.Bytes(image.Encode(SKEncodedImageFormat.Png, 100).ToArray(), "image/png");
});

app.Run();
