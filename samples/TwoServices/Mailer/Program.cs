using System.Runtime.InteropServices;
using Contracts;

Console.WriteLine($"Mailed: {new Order(1, "Ada")} ({RuntimeInformation.ProcessArchitecture})");
