using System.Globalization;

namespace MultiArch.Benchmarks.Measuring;

/// <summary>CPU seconds of the whole machine since it started, from /proc/stat.</summary>
/// <remarks>https://man7.org/linux/man-pages/man5/proc_stat.5.html; a tick is a hundredth of a second on every Linux that .NET runs on.</remarks>
internal readonly record struct MachineTime(double Busy, double Steal)
{
    private const double TicksPerSecond = 100;

    public static MachineTime Read()
    {
        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double Seconds(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture) / TicksPerSecond;
        return new MachineTime(Seconds(1) + Seconds(2) + Seconds(3) + Seconds(6) + Seconds(7), Seconds(8));
    }

    public static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
