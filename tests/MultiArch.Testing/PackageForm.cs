namespace MultiArch.Testing;

/// <summary>How a project takes this package in.</summary>
public enum PackageForm
{
    /// <summary>A PackageReference.</summary>
    Reference,

    /// <summary>An <c>Sdk</c> element beside the project's own SDK.</summary>
    Sdk,

    /// <summary>The project's only SDK.</summary>
    SdkAlone,
}
