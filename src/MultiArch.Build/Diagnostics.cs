using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using MultiArch.Oci;

namespace MultiArch.Build;

/// <summary>Logs a diagnostic in MSBuild's canonical form, its code in the place where NoWarn and WarningsAsErrors look for it.</summary>
internal static class Diagnostics
{
    extension(TaskLoggingHelper log)
    {
        public void Error(string code, string message) => log.LogError(null, code, code, null, 0, 0, 0, 0, "{0}", message);

        /// <param name="line">From 1, as <paramref name="column"/>; 0 where there is none.</param>
        public void ErrorAt(string file, int line, int column, string code, string message) => log.LogError(null, code, code, file, line, column, 0, 0, "{0}", message);

        /// <inheritdoc cref="ErrorAt"/>
        public void WarningAt(string file, int line, int column, string code, string message) => log.LogWarning(null, code, code, file, line, column, 0, 0, "{0}", message);

        public void Warning(string code, string message) => log.LogWarning(null, code, code, null, 0, 0, 0, 0, "{0}", message);

        /// <summary>A warning that the build takes for an error ends the publish here, while nothing has been tagged.</summary>
        /// <exception cref="MultiArchException">It is one.</exception>
        public void WarningOrEnd(IBuildEngine engine, string code, string message)
        {
            if (engine is IBuildEngine8 buildEngine && buildEngine.ShouldTreatWarningAsError(code))
            {
                throw new MultiArchException(code, message);
            }

            log.Warning(code, message);
        }

        public void Notice(string code, string message) => log.LogMessage(null, code, code, null, 0, 0, 0, 0, MessageImportance.High, "{0}", message);
    }
}
