using MultiArch.Oci;
using MultiArch.Oci.Verification;

namespace MultiArch.Build;

/// <summary>Reads the properties MultiArchVerify and MultiArchVerifyBase.</summary>
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

    /// <param name="text"><c>true</c>, <c>false</c>, or empty for the first.</param>
    /// <exception cref="MultiArchException"><see cref="DiagnosticCodes.InvalidVerify"/>.</exception>
    public static bool ParseBase(string text) =>
        text.Length == 0 || (bool.TryParse(text, out var reads)
            ? reads
            : throw new MultiArchException(DiagnosticCodes.InvalidVerify, $"MultiArchVerifyBase '{OneLine.Of(text)}' is neither true nor false. Set it to one of them."));
}
