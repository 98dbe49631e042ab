using MultiArch.Oci.Inspection;

namespace MultiArch.Oci.Verification;

/// <summary>What becomes of faults: which end a publish, and which are told.</summary>
public enum VerificationPolicy
{
    /// <summary>Certain ones are errors, likely ones warnings.</summary>
    BySeverity,

    /// <summary>All are errors.</summary>
    Error,

    /// <summary>All are warnings.</summary>
    Warn,

    /// <summary>Nothing is looked at.</summary>
    Off,
}

/// <summary>Judges faults by a policy.</summary>
public static class VerificationPolicies
{
    public static bool IsError(this VerificationPolicy policy, PlatformFault fault) =>
        policy is VerificationPolicy.Error || (policy is VerificationPolicy.BySeverity && fault.IsCertain);
}
