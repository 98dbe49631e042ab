namespace MultiArch.Oci.Registry.Credentials;

/// <summary>Credentials in environment variables: ours, for any registry by its name, and those of the .NET SDK, by what they are for.</summary>
/// <param name="target">Where is pushed to; null when no registry is.</param>
/// <param name="bases">The registries that bases are named from.</param>
internal sealed class CredentialVariables(
    CredentialEnvironment environment, ImageReference? target, IReadOnlyCollection<string> bases, Action<RegistryEvent> report)
{
    private const string User = "MULTIARCH_REGISTRY_USER";
    private const string Password = "MULTIARCH_REGISTRY_PASSWORD";

    /// <summary>The pair that is for one registry alone: everything but letters and digits of its name becomes <c>_</c>.</summary>
    public static (string User, string Password) NamesFor(string registry)
    {
        var host = string.Concat(CredentialHost.Names(registry)[0].ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return ($"{User}_{host}", $"{Password}_{host}");
    }

    /// <param name="isTarget">Whether the repository is the one that is pushed to.</param>
    public Credential? Find(ImageReference repository, bool isTarget)
    {
        var isTargetRegistry = isTarget
            || (target is not null && CredentialHost.IsSame(target.Registry, repository.Registry));
        return Pairs(repository.Registry, isTarget, isTargetRegistry).Select(pair => Read(pair.User, pair.Password)).FirstOrDefault(found => found is not null);
    }

    /// <summary>A pair without a registry's name is for the registry that is pushed to; another one, such as the base's, shall not learn it.</summary>
    /// <remarks>
    /// The SDK's meaning: its pull pair goes to the registry that a base is named from, the other ones to the target alone; there, the push pair
    /// is for the pushed repository and the pull pair for others. The SDK has no mirrors and no caches: one that ours has is no base's registry.
    /// </remarks>
    private IEnumerable<(string User, string Password)> Pairs(string registry, bool isTarget, bool isTargetRegistry)
    {
        yield return NamesFor(registry);
        if (isTargetRegistry)
        {
            yield return (User, Password);
        }

        if (isTarget || bases.Any(other => CredentialHost.IsSame(other, registry)))
        {
            yield return Sdk(isTarget ? "DOTNET_CONTAINER_PUSH_REGISTRY" : "DOTNET_CONTAINER_PULL_REGISTRY");
        }

        if (isTargetRegistry)
        {
            yield return Sdk("DOTNET_CONTAINER_REGISTRY");
            yield return Sdk("SDK_CONTAINER_REGISTRY");
        }

        static (string, string) Sdk(string prefix) => ($"{prefix}_UNAME", $"{prefix}_PWORD");
    }

    private Credential? Read(string user, string password)
    {
        switch (environment[user], environment[password])
        {
            case (null, null):
                return null;
            case (null, _):
                report(new RegistryEvent.CredentialSourceUnusable($"the variable {password}", $"{user} is not set."));
                return null;
            case (_, null):
                report(new RegistryEvent.CredentialSourceUnusable($"the variable {user}", $"{password} is not set."));
                return null;
            case ({ } username, { } secret):
                // MSBuild writes variables that begin so into its logs.
                if (password.StartsWith("DOTNET_", StringComparison.Ordinal))
                {
                    report(new RegistryEvent.SecretIsLogged(password));
                }

                return Credential.Of(username, secret, $"the variable {password}");
        }
    }
}
