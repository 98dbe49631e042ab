using System.Reflection;
using System.Runtime.Loader;
using MultiArch.Oci;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>What a publish does not pay for while all goes well.</summary>
[TestClass]
public sealed class NothingFailedTests(TestContext context)
{
    [TestMethod, Timeout(30_000, CooperativeCancellation = true)]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Polly_is_loaded_when_something_has_failed(bool fails)
    {
        using var registry = new ScriptedRegistry();
        if (fails)
        {
            registry.On("GET", "/v2/app/manifests/1.0", new Reply(503));
        }

        registry.On("GET", "/v2/app/manifests/1.0", new Reply(404));
        var library = new LibraryOfItsOwn();

        // By reflection, since the types of this other copy of the library are not those that this test is compiled with.
        object Make(Type type, params object?[] arguments) => Activator.CreateInstance(library.Assembly.GetType(type.FullName!, throwOnError: true)!, arguments)!;
        using var transport = (IDisposable)Make(typeof(RegistryTransport), [null]);
        dynamic client = Make(typeof(RegistryClient), Make(typeof(ImageReference), registry.Address, "app", null, null), transport, null);
        await (Task)client.FindManifestAsync("1.0", context.CancellationToken);

        Assert.AreEqual(fails, library.Assemblies.Any(assembly => assembly.GetName().Name == "Polly.Core"));
        Assert.HasCount(fails ? 2 : 1, registry.Requests);
    }

    private sealed class LibraryOfItsOwn : AssemblyLoadContext
    {
        private readonly AssemblyDependencyResolver _resolver = new(typeof(NothingFailedTests).Assembly.Location);

        public Assembly Assembly => field ??= LoadFromAssemblyPath(typeof(RegistryTransport).Assembly.Location);

        protected override Assembly? Load(AssemblyName name) =>
            name.Name == "Polly.Core" && _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
