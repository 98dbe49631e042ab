using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace MultiArch.Build;

/// <summary>Logs a diagnostic in MSBuild's canonical form, its code in the place where NoWarn and WarningsAsErrors look for it.</summary>
internal static class Diagnostics
{
    extension(TaskLoggingHelper log)
    {
        public void Error(string code, string message) => log.LogError(null, code, code, null, 0, 0, 0, 0, "{0}", message);

        public void Warning(string code, string message) => log.LogWarning(null, code, code, null, 0, 0, 0, 0, "{0}", message);

        public void Notice(string code, string message) => log.LogMessage(null, code, code, null, 0, 0, 0, 0, MessageImportance.High, "{0}", message);
    }
}
