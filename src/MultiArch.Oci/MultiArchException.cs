namespace MultiArch.Oci;

/// <summary>What a user can cause and can act on: one line with a code, and no stack trace.</summary>
/// <remarks>Anything else that escapes the library is a fault of ours and is reported as <see cref="DiagnosticCodes.Internal"/>.</remarks>
/// <param name="code">One of <see cref="DiagnosticCodes"/>.</param>
/// <param name="message">What happened, the value that caused it, and the next step; a single line without the code.</param>
public class MultiArchException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public string Code { get; } = code;
}
