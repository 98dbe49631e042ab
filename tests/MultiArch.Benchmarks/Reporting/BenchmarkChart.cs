using System.Security;
using System.Text;

namespace MultiArch.Benchmarks.Reporting;

/// <summary>docs/benchmarks.svg: time and CPU of each piece of work, as a share of the peer's.</summary>
internal static class BenchmarkChart
{
    private const int Width = 860;
    private const int Labels = 300;
    private const int Right = 60;
    private const int Top = 64;
    private const int RowHeight = 46;
    private const int BarHeight = 14;
    private const double Longest = 1.5;

    public static string Format(IReadOnlyList<Peer> peers)
    {
        var height = Top + (peers.Count * RowHeight) + 44;
        var svg = new StringBuilder();
        svg.Append(Figures.Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="Time and CPU of MultiArch.Build as a share of each peer's">
              <style>
                text {"{"} font: 13px -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; {"}"}
                .peer {"{"} fill: #59636e; font-size: 12px; {"}"}
                .title {"{"} font-size: 15px; font-weight: 600; {"}"}
                .value {"{"} font-size: 11px; {"}"}
                .figure {"{"} font-size: 11px; stroke: #ffffff; stroke-width: 4; paint-order: stroke; {"}"}
                .background {"{"} fill: #ffffff; {"}"}
                .wall {"{"} fill: #512bd4; {"}"}
                .cpu {"{"} fill: #a99be8; {"}"}
                .one {"{"} stroke: #59636e; {"}"}
                .grid {"{"} stroke: #d1d9e0; {"}"}
                .goal {"{"} stroke: #1a7f37; stroke-width: 2; {"}"}
                @media (prefers-color-scheme: dark) {"{"}
                  text {"{"} fill: #f0f6fc; {"}"}
                  .peer {"{"} fill: #9198a1; {"}"}
                  .background {"{"} fill: #0d1117; {"}"}
                  .figure {"{"} stroke: #0d1117; {"}"}
                  .wall {"{"} fill: #8f7cf0; {"}"}
                  .cpu {"{"} fill: #54489c; {"}"}
                  .one {"{"} stroke: #9198a1; {"}"}
                  .grid {"{"} stroke: #3d444d; {"}"}
                  .goal {"{"} stroke: #3fb950; {"}"}
                {"}"}
              </style>
              <rect class="background" width="{Width}" height="{height}" rx="6"/>
              <text class="title" x="16" y="26">What the work costs MultiArch.Build, as a share of what it costs the peer</text>
              <rect class="wall" x="16" y="38" width="12" height="12"/><text class="value" x="34" y="48">time</text>
              <rect class="cpu" x="76" y="38" width="12" height="12"/><text class="value" x="94" y="48">CPU</text>
              <line class="goal" x1="136" y1="37" x2="136" y2="51"/><text class="value" x="144" y="48">goal for the time</text>

            """));
        foreach (var share in new[] { 0, 0.25, 0.5, 0.75, 1, 1.25 })
        {
            svg.Append(Figures.Invariant($"""
                  <line class="{(share == 1 ? "one" : "grid")}" x1="{X(share):F1}" y1="{Top}" x2="{X(share):F1}" y2="{height - 40}"/>
                  <text class="value" x="{X(share):F1}" y="{height - 24}" text-anchor="middle">{(share == 1 ? "1 = the peer" : Figures.Invariant($"{share}"))}</text>

                """));
        }

        for (var i = 0; i < peers.Count; i++)
        {
            AppendRow(svg, peers[i], Top + (i * RowHeight) + 8);
        }

        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void AppendRow(StringBuilder svg, Peer peer, int y)
    {
        svg.Append(Figures.Invariant($"""
              <text x="{Labels - 12}" y="{y + 11}" text-anchor="end">{SecurityElement.Escape(peer.Work)}</text>
              <text class="peer" x="{Labels - 12}" y="{y + 27}" text-anchor="end">against {SecurityElement.Escape(peer.Name)}</text>

            """));
        AppendBar(svg, "wall", peer.Wall, y);
        AppendBar(svg, "cpu", peer.Cpu, y + BarHeight + 1);
        if (peer.Goal is { } goal)
        {
            svg.Append(Figures.Invariant($"""  <line class="goal" x1="{X(goal):F1}" y1="{y - 3}" x2="{X(goal):F1}" y2="{y + (2 * BarHeight) + 4}"/>""")).Append('\n');
        }

        // Over the lines, which they interrupt.
        AppendFigure(svg, peer.Wall, y);
        AppendFigure(svg, peer.Cpu, y + BarHeight + 1);
    }

    private static void AppendBar(StringBuilder svg, string kind, double share, int y) => svg.Append(Figures.Invariant($"""
              <rect class="{kind}" x="{Labels}" y="{y}" width="{End(share) - Labels:F1}" height="{BarHeight}"/>

            """));

    private static void AppendFigure(StringBuilder svg, double share, int y) => svg.Append(Figures.Invariant($"""
              <text class="figure" x="{End(share) + 6:F1}" y="{y + 11}">{share:F2}</text>

            """));

    /// <summary>A bar that is longer than the chart ends at its border; the number tells.</summary>
    private static double End(double share) => X(Math.Clamp(share, 0, Longest));

    private static double X(double share) => Labels + (share / Longest * (Width - Labels - Right));
}
