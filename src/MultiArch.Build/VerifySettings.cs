using MultiArch.Oci;
using MultiArch.Oci.Verification;

namespace MultiArch.Build;

/// <summary>Reads the property MultiArchVerify.</summary>
internal static class VerifySettings
{
    /// <param name="text"><c>error</c>, <c>warn</c>, <c>off</c>, or empty: what is certain is an error, what is likely a warning.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidVerify"/>.</exception>
    public static VerificationPolicy Parse(string text) => text.ToUpperInvariant() switch
    {
        "" => VerificationPolicy.BySeverity,
        "ERROR" => VerificationPolicy.Error,
        "WARN" => VerificationPolicy.Warn,
        "OFF" => VerificationPolicy.Off,
        _ => throw new MultiArchException(
            DiagnosticCodes.InvalidVerify,
            $"MultiArchVerify '{OneLine.Of(text)}' is unknown. Set it to error, warn or off, or leave it out: what is certain is an error then, and what is likely a warning."),
    };
}
