using MultiArch.Oci.Contents;
using MultiArch.Oci.Layers;

namespace MultiArch.Debian.RootFileSystem;

/// <summary>Packages and what belongs to them, as layers.</summary>
/// <param name="Layers">From the bottom up; none is empty. The one of packages for every architecture follows from these alone, so it is the same on each platform.</param>
/// <param name="Warnings">What a user may have to do, by package.</param>
/// <param name="Tree">The base with these layers on it.</param>
public sealed record ArrangedLayers(IReadOnlyList<LayerPlan> Layers, IReadOnlyList<PackageWarning> Warnings, MergedTree Tree);

/// <param name="Code">One of <see cref="Oci.DiagnosticCodes"/>.</param>
/// <param name="Package">Its name.</param>
/// <param name="Message">One line, without the code.</param>
public sealed record PackageWarning(string Code, string Package, string Message);
