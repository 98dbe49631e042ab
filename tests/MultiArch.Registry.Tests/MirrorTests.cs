using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Images;
using MultiArch.Oci.Publishing;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Credentials;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>Who is asked for what is pulled.</summary>
[TestClass]
public sealed class MirrorTests : TransportTest
{
    private readonly ScriptedRegistry _registry;
    private readonly ScriptedRegistry _first;
    private readonly ScriptedRegistry _second;
    private readonly Document _manifest = TestImage.Manifest();

    public MirrorTests(TestContext context)
        : base(context)
    {
        _registry = Own(new ScriptedRegistry());
        _first = Own(new ScriptedRegistry());
        _second = Own(new ScriptedRegistry());
    }

    private IImageStore Base => Open(Options);

    private Reply Manifest => new(200, _manifest.Bytes.ToArray(), _manifest.MediaType);

    private IImageStore Open(RegistryOptions options)
    {
        var transport = Transport(options with
        {
            Retries = RetryLimits.None,
            Mirrors = [new(_registry.Address, _first.Address, "hub"), new("other.test", "nowhere.test", ""), new(_registry.Address.ToUpperInvariant(), _second.Address, "")],
        });
        return Own(new ImageSources(transport)).Open(new BaseReference.Image(new ImageLocation.Registry(new ImageReference(_registry.Address, "library/app", "1.0"))));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_mirror_that_has_it_spares_the_registry()
    {
        var blob = TestBlob.Of("a layer");
        _first.On("GET", "/v2/hub/library/app/manifests/1.0", Manifest);
        _first.On("GET", "/v2/hub/library/app/blobs/", new Reply(200, blob.Content));
        var store = Base;

        Assert.AreEqual(_manifest.Digest, (await store.FindManifestAsync("1.0", CancellationToken))!.Digest);
        await using var stream = await store.OpenBlobAsync(blob.Descriptor, CancellationToken);
        await stream.CopyToAsync(Stream.Null, CancellationToken);

        Assert.IsEmpty(_second.Requests);
        Assert.IsEmpty(_registry.Requests);
        Assert.AreEqual($"{_registry.Address}/library/app", store.Repository!.Name, "Blobs are mounted by the registry's name.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task What_no_mirror_has_the_registry_is_asked_for()
    {
        _first.On("GET", "/v2/hub/library/app/manifests/1.0", new Reply(404));
        _second.On("GET", "/v2/library/app/manifests/1.0", new Reply(404));
        _registry.On("GET", "/v2/library/app/manifests/1.0", Manifest);

        Assert.AreEqual(_manifest.Digest, (await Base.FindManifestAsync("1.0", CancellationToken))!.Digest);

        Assert.IsEmpty(Events, "That it lacks something is no failure of a mirror.");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_mirror_that_fails_is_told_once_and_asked_no_more()
    {
        _first.On("GET", "/v2/hub/library/app/manifests/1.0", new Reply(500));
        _second.On("GET", "/v2/library/app/manifests/1.0", Manifest, times: 2);
        var store = Base;

        await store.FindManifestAsync("1.0", CancellationToken);
        await store.FindManifestAsync("1.0", CancellationToken);

        Assert.HasCount(1, _first.Requests);
        var told = (RegistryEvent.MirrorUnusable)Events.Single();
        Assert.AreEqual(($"{_first.Address}/hub", _registry.Address), (told.Mirror, told.Registry));
        StringAssert.Contains(told.Reason, "500");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_mirror_that_lies_is_not_believed()
    {
        _first.On("GET", $"/v2/hub/library/app/manifests/{_manifest.Digest}", new Reply(200, "{}", MediaTypes.OciManifest));
        _second.On("GET", $"/v2/library/app/manifests/{_manifest.Digest}", Manifest);

        Assert.AreEqual(_manifest.Digest, (await Base.FindManifestAsync($"{_manifest.Digest}", CancellationToken))!.Digest);

        StringAssert.Contains(((RegistryEvent.MirrorUnusable)Events.Single()).Reason, $"{_manifest.Digest}");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_mirror_that_wants_credentials_does_not_get_those_of_the_registry()
    {
        _first.On(_ => true, new Reply(401) { MoreHeaders = { ("WWW-Authenticate", "Basic realm=\"mirror\"") } }, times: 10);
        _second.On(_ => true, new Reply(404), times: 10);
        _registry.On(request => request.Authorization is null, new Reply(401) { MoreHeaders = { ("WWW-Authenticate", "Basic realm=\"hub\"") } });
        _registry.On(request => request.Authorization is not null, Manifest);
        var variables = new Dictionary<string, string> { ["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] = "alice", ["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] = "s3cret" };
        using var credentials = new Keychain(new CredentialEnvironment(variables, HomeFolder: null), target: null, Time) { Bases = [_registry.Address] };

        await Open(Options with { Credentials = credentials }).FindManifestAsync("1.0", CancellationToken);

        Assert.IsTrue(_first.Requests.Concat(_second.Requests).All(request => request.Authorization is null));
        StringAssert.Contains(((RegistryEvent.MirrorUnusable)Events.Single()).Reason, "wants credentials");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_mirror_that_breaks_off_in_a_blob_is_not_asked_for_the_rest()
    {
        var blob = TestBlob.Of("a layer");
        _first.On("GET", "/v2/hub/library/app/blobs/", new Reply(200, blob.Content) { Fault = Fault.CutBody }, times: 100);
        _second.On("GET", "/v2/library/app/blobs/", new Reply(404, """{"errors":[{"code":"BLOB_UNKNOWN"}]}"""));
        _registry.On("GET", "/v2/library/app/blobs/", new Reply(200, blob.Content));
        var store = Base;
        await using (var broken = await store.OpenBlobAsync(blob.Descriptor, CancellationToken))
        {
            await Assert.ThrowsAsync<MultiArchException>(() => broken.CopyToAsync(Stream.Null, CancellationToken));
        }

        await using var whole = await store.OpenBlobAsync(blob.Descriptor, CancellationToken);
        await whole.CopyToAsync(Stream.Null, CancellationToken);

        Assert.HasCount(1, _registry.Requests);
        Assert.HasCount(1, Events, "The first mirror broke off, and the second one has only not got it.");
    }
}
