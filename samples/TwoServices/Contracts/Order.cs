namespace Contracts;

public sealed record Order(int Number, string Customer)
{
    public override string ToString() => $"Order {Number} of {Customer}";
}
