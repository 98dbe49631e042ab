using System.Runtime.InteropServices;

Console.WriteLine($"Hello from {RuntimeInformation.RuntimeIdentifier}");
