using MultiArch.Oci;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>How often a wrong password is shown in one publish, which has many requests under way: an account may be locked after a few attempts.</summary>
[TestClass]
public sealed class RefusedCredentialTests(TestContext context) : AuthenticationTest(context)
{
    private const string BasicChallenge = "Basic realm=\"lab\"";

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task By_the_registry_itself_it_is_seen_once_for_a_repository_however_many_requests_there_are()
    {
        Registry.On(_ => true, Unauthorized(BasicChallenge), times: 1000);
        var transport = As(Alice);

        for (var i = 0; i < 3; i++)
        {
            await FailAsync(Enumerable.Range(0, 10).Select(_ => AskForAsync(transport, "app")));
        }

        Assert.HasCount(1, Shown(Registry));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task By_the_registry_itself_it_is_seen_twice_however_many_repositories_there_are()
    {
        Registry.On(_ => true, Unauthorized(BasicChallenge), times: 1000);
        var transport = As(Alice);

        await FailAsync(Enumerable.Range(0, 10).Select(i => AskForAsync(transport, $"app{i}")));
        await RegistryAssert.FailsAsync(
            () => AskForAsync(transport, "one-more"),
            DiagnosticCodes.RegistryUnauthorized,
            Registry.Address,
            "did not take the credential from the file ~/.docker/config.json",
            "not shown again",
            $"docker login {Registry.Address}");

        Assert.HasCount(2, Shown(Registry));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(400), DataRow(401)]
    public async Task By_a_token_service_it_is_seen_three_times_however_many_repositories_there_are(int status)
    {
        Registry.On(_ => true, Unauthorized(BearerChallenge), times: 1000);
        Tokens.On(_ => true, new Reply(status), times: 1000);
        var transport = As(Alice);

        await FailAsync(Enumerable.Range(0, 10).Select(i => AskForAsync(transport, $"app{i}")));
        await FailAsync(Enumerable.Range(0, 10).Select(i => AskForAsync(transport, $"app{i}")));

        Assert.HasCount(3, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_refuses_it_for_one_repository_only_gets_it_for_the_others()
    {
        Registry.On(request => request.Target.StartsWith("/v2/closed/", StringComparison.Ordinal), Unauthorized(BasicChallenge), times: 1000);
        Require(Basic(Alice.Username, Alice.Secret), BasicChallenge);
        var transport = As(Alice);

        await FailAsync([AskForAsync(transport, "closed")]);
        for (var i = 0; i < 5; i++)
        {
            Assert.AreEqual("ok", await AskForAsync(transport, $"app{i}"));
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_that_was_taken_and_is_refused_for_something_else_gives_no_right_to_that()
    {
        Registry.On(request => request.Target.StartsWith("/v2/closed/", StringComparison.Ordinal), Unauthorized(BasicChallenge), times: 1000);
        Require(Basic(Alice.Username, Alice.Secret), BasicChallenge);
        var transport = As(Alice);

        Assert.AreEqual("ok", await AskForAsync(transport, "app"));

        for (var i = 0; i < 2; i++)
        {
            await RegistryAssert.FailsAsync(
                () => AskForAsync(transport, "closed"),
                DiagnosticCodes.RegistryDenied,
                "the credential from the file ~/.docker/config.json gives no right to pull from closed");
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task So_does_a_token_service()
    {
        Require("Bearer mine");
        Tokens.On(request => request.Method == "POST" || request.Query("scope").Contains("repository:closed:pull"), new Reply(401), times: 1000);
        Tokens.On("GET", "/token", Token("mine"), times: 1000);
        var transport = As(Alice);

        await FailAsync([AskForAsync(transport, "closed")]);
        for (var i = 0; i < 5; i++)
        {
            Assert.AreEqual("ok", await AskForAsync(transport, $"app{i}"));
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_that_is_good_is_waited_for_by_the_first_request_alone()
    {
        Require(Basic(Alice.Username, Alice.Secret), BasicChallenge);
        var transport = As(Alice);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AskForAsync(transport, $"app{i}")));

        Assert.IsTrue(answers.All(answer => answer == "ok"));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Another_one_that_is_there_takes_the_place_of_a_refused_one_for_all()
    {
        var other = Alice with { Secret = "new" };
        Require(Basic(other.Username, other.Secret), BasicChallenge);
        var transport = As(Alice, other);

        for (var i = 0; i < 5; i++)
        {
            Assert.AreEqual("ok", await AskForAsync(transport, $"app{i}"));
        }

        Assert.HasCount(2, Shown(Registry).Where(shown => shown == Basic(Alice.Username, Alice.Secret)).ToList());
    }

    private static List<string> Shown(ScriptedRegistry registry) => [.. registry.Requests.Select(request => request.Authorization).OfType<string>()];

    private Task<string> AskForAsync(RegistryTransport transport, string repository) =>
        AskAsync(transport, new RepositoryAddress(new ImageReference(Registry.Address, repository)));

    private static async Task FailAsync(IEnumerable<Task<string>> asked)
    {
        foreach (var one in asked.ToList())
        {
            await RegistryAssert.FailsAsync(() => one, DiagnosticCodes.RegistryUnauthorized);
        }
    }
}
