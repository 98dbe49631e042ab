using System.Text;
using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests.Authentication;

/// <summary>How tokens are had, kept and renewed.</summary>
[TestClass]
public sealed class TokenTests(TestContext context) : AuthenticationTest(context)
{
    private const string Blob = "/v2/app/blobs/uploads/";

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "59")]
    public async Task Without_credentials_anybody_s_token_is_asked_for()
    {
        Require("Bearer anybody");
        Tokens.On("GET", "/token", Token("anybody"));

        Assert.AreEqual("ok", await ReadAsync(Reach(credentials: null)));

        var request = Tokens.Requests.Single();
        Assert.IsNull(request.Authorization);
        CollectionAssert.AreEqual(new[] { "repository:app:pull" }, request.Query("scope").ToArray());
        CollectionAssert.AreEqual(new[] { "registry.test" }, request.Query("service").ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_password_goes_to_the_token_service_and_never_to_the_registry()
    {
        Require("Bearer mine");
        Tokens.On(request => request.Authorization == Basic("alice", "s3cret-of-alice"), Token("mine"));

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));

        CollectionAssert.AreEqual(new[] { null, "Bearer mine" }, Registry.Requests.Select(request => request.Authorization).ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "62")]
    public async Task A_password_of_any_letters_is_sent_in_UTF_8()
    {
        Require("Bearer mine");
        Tokens.On(request => request.Authorization == Basic("älice", "pä:ss\nwörd"), Token("mine"));

        Assert.AreEqual("ok", await ReadAsync(As(Alice with { Username = "älice", Secret = "pä:ss\nwörd" })));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_token_is_asked_for_once_however_many_want_it()
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", Token("mine"));
        var transport = As(Alice);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(transport)));

        Assert.HasCount(1, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task What_is_known_is_said_at_once()
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", Token("mine"));
        var transport = As(Alice);

        await ReadAsync(transport);
        await ReadAsync(transport);

        CollectionAssert.AreEqual(new[] { null, "Bearer mine", "Bearer mine" }, Registry.Requests.Select(request => request.Authorization).ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "67")]
    [DataRow("")]
    [DataRow(",\"expires_in\":0")]
    [DataRow(",\"expires_in\":-5")]
    [DataRow(",\"expires_in\":1,\"issued_at\":\"1999-01-01T00:00:00Z\"")]
    [DataRow(",\"expires_in\":60,\"issued_at\":\"2999-01-01T00:00:00Z\"")]
    public async Task A_token_of_odd_age_is_kept_for_a_minute_and_renewed_before_its_end(string life)
    {
        Registry.On(_ => true, Unauthorized(BearerChallenge));
        Registry.On(_ => true, new Reply(200, "ok"), times: 10);
        Tokens.On("GET", "/token", Token("first", life));
        Tokens.On("GET", "/token", Token("second", life));
        var transport = As(Alice);

        await ReadAsync(transport);
        Time.Advance(TimeSpan.FromSeconds(49));
        await ReadAsync(transport);
        Assert.HasCount(1, Tokens.Requests);
        Time.Advance(TimeSpan.FromSeconds(2));
        await ReadAsync(transport);

        Assert.HasCount(2, Tokens.Requests);
        Assert.AreEqual("Bearer second", Registry.Requests[^1].Authorization);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "68")]
    public async Task A_token_that_ends_in_the_middle_of_an_upload_is_renewed_and_the_upload_sent_again()
    {
        var content = Encoding.UTF8.GetBytes(new string('x', 100_000));
        Registry.On("HEAD", Blob, Unauthorized(BearerChallenge));
        Registry.On("HEAD", Blob, new Reply(404));
        Registry.On("PUT", Blob, Unauthorized(BearerChallenge + ",error=\"invalid_token\""));
        Registry.On("PUT", Blob, new Reply(201));
        Tokens.On("GET", "/token", Token("old"));
        Tokens.On("GET", "/token", Token("new"));
        var opened = 0;
        var body = new RequestBody(new Descriptor("a/b", Digest.Of(content), content.Length), new BlobSource(_ => Task.FromResult<Stream>(Open())), "application/octet-stream");
        var transport = As(Alice);

        using var head = await SendAsync(transport, HttpMethod.Head, Blob);
        using var put = await SendAsync(transport, HttpMethod.Put, Blob, body: body);

        Assert.AreEqual(201, (int)put.Status);
        CollectionAssert.AreEqual(new[] { null, "Bearer old", "Bearer old", "Bearer new" }, Registry.Requests.Select(request => request.Authorization).ToArray());
        CollectionAssert.AreEqual(content, Registry.Requests[^1].Body);
        Assert.AreEqual(2, opened);

        MemoryStream Open()
        {
            opened++;
            return new MemoryStream(content);
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "68")]
    public async Task A_token_is_renewed_once_for_a_request_and_no_more()
    {
        Registry.On(_ => true, Unauthorized(BearerChallenge));
        Registry.On(_ => true, new Reply(200, "ok"));
        Registry.On(_ => true, Unauthorized(BearerChallenge), times: 10);
        for (var i = 0; i < 10; i++)
        {
            Tokens.On("GET", "/token", Token($"token{i}"));
        }

        var transport = As(Alice);
        await ReadAsync(transport);
        await RegistryAssert.FailsAsync(() => ReadAsync(transport), DiagnosticCodes.RegistryDenied, "the credential from the file ~/.docker/config.json");

        Assert.HasCount(2, Tokens.Requests);
        Assert.HasCount(4, Registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_renewed_token_serves_all_whose_old_one_was_refused()
    {
        Registry.On(request => request.Authorization is null, Unauthorized(BearerChallenge));
        Registry.On(request => request.Authorization == "Bearer old", new Reply(200, "ok"));
        Registry.On(request => request.Authorization == "Bearer old", Unauthorized(BearerChallenge), times: 20);
        Registry.On(request => request.Authorization == "Bearer new", new Reply(200, "ok"), times: 20);
        Tokens.On("GET", "/token", Token("old"));
        Tokens.On("GET", "/token", Token("new"));
        var transport = As(Alice);
        await ReadAsync(transport);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(transport)));

        Assert.HasCount(2, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "66")]
    [DataRow("{\"access_token\":\"mine\"}")]
    [DataRow("{\"access_token\":\"mine\",\"token\":\"mine\"}")]
    public async Task A_token_may_have_either_name(string answer)
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", new Reply(200, answer));

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "66")]
    [DataRow("{}", "application/json", 0)]
    [DataRow("not json", "application/json", 0)]
    [DataRow("{\"token\":\"mine\",\"more\":\"", "application/json", 10_000_000)]
    [DataRow("<html>Sign in</html>", "text/html", 0)]
    public async Task An_answer_without_a_token_or_without_end_is_told(string answer, string type, int more)
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", new Reply(200, answer + new string('x', more), type));

        await RegistryAssert.FailsAsync(() => ReadAsync(As(Alice)), DiagnosticCodes.NotARegistry, Tokens.Address, "give a token for app");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "69")]
    [DataRow(400), DataRow(401), DataRow(404), DataRow(405)]
    public async Task A_password_that_GET_does_not_take_is_posted(int status)
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", new Reply(status));
        Tokens.On("POST", "/token", new Reply(200, "{\"access_token\":\"mine\"}"));

        Assert.AreEqual("ok", await ReadAsync(As(Alice)));

        var form = Encoding.UTF8.GetString(Tokens.Requests[^1].Body);
        Assert.AreEqual(
            "grant_type=password&service=registry.test&client_id=MultiArch.Build&scope=repository%3Aapp%3Apull&username=alice&password=s3cret-of-alice", form);
        Assert.AreEqual("application/x-www-form-urlencoded", Tokens.Requests[^1].Headers["Content-Type"]);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "69")]
    [DataRow(400), DataRow(401), DataRow(404), DataRow(405)]
    public async Task An_identity_token_is_posted_and_asked_for_by_GET_where_nobody_takes_it(int status)
    {
        Require("Bearer mine");
        Tokens.On("POST", "/token", new Reply(status));
        Tokens.On("GET", "/token", Token("mine"));

        Assert.AreEqual("ok", await ReadAsync(As(Identity)));

        StringAssert.StartsWith(Encoding.UTF8.GetString(Tokens.Requests[0].Body), "grant_type=refresh_token&");
        StringAssert.EndsWith(Encoding.UTF8.GetString(Tokens.Requests[0].Body), "&refresh_token=refresh-s3cret");
        Assert.AreEqual(Basic("<token>", "refresh-s3cret"), Tokens.Requests[1].Authorization);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "70")]
    public async Task A_wrong_password_is_shown_twice_at_most_and_told_once()
    {
        Require("Bearer mine");
        Tokens.On(_ => true, new Reply(401, """{"details":"incorrect username or password"}"""), times: 100);
        var transport = As(Alice);

        for (var i = 0; i < 3; i++)
        {
            var exception = await RegistryAssert.FailsAsync(
                () => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReadAsync(transport))),
                DiagnosticCodes.RegistryUnauthorized,
                Tokens.Address,
                Registry.Address,
                "did not take the credential from the file ~/.docker/config.json (incorrect username or password)",
                $"docker login {Registry.Address}");
            Assert.DoesNotContain("s3cret", exception.Message);
        }

        Assert.HasCount(2, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "76")]
    public async Task A_token_service_that_says_the_secret_back_is_not_quoted()
    {
        Require("Bearer mine");
        Tokens.On(_ => true, request => new Reply(401, "{\"errors\":[{\"message\":\"no: " + Encoding.UTF8.GetString(request.Body) + "refresh-s3cret\"}]}"), times: 2);

        var exception = await RegistryAssert.FailsAsync(() => ReadAsync(As(Identity)), DiagnosticCodes.RegistryUnauthorized, "docker-credential-acr");

        Assert.DoesNotContain("s3cret", exception.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(401), DataRow(403), DataRow(404), DataRow(429), DataRow(500)]
    public async Task Nor_is_one_that_says_back_what_was_posted_to_it(int status)
    {
        Require("Bearer mine");
        var (secret, posted) = ("p@ss/word of &lice", "p%40ss%2Fword%20of%20%26lice");
        Tokens.On("GET", "/token", new Reply(404));
        Tokens.On(
            _ => true,
            request => new Reply(status, $$"""{"errors":[{"code":"OTHER","message":"no {{Encoding.UTF8.GetString(request.Body)}}"},{"message":"nor {{secret}}"}]}""")
            {
                MoreHeaders = { ("Warning", $"299 - \"{Encoding.UTF8.GetString(request.Body)}\"") },
            });

        var exception = await Assert.ThrowsAsync<MultiArchException>(() => ReadAsync(As(Alice with { Secret = secret })));

        StringAssert.Contains(Encoding.UTF8.GetString(Tokens.Requests[^1].Body), posted);
        Assert.DoesNotContain("ss%2Fword", exception.ToString());
        Assert.DoesNotContain("ss/word", exception.ToString());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_credential_that_was_renewed_meanwhile_is_tried_in_the_place_of_a_refused_one()
    {
        Require("Bearer mine");
        Tokens.On(request => request.Authorization == Basic("alice", "new"), Token("mine"));
        Tokens.On(_ => true, new Reply(401), times: 2);

        Assert.AreEqual("ok", await ReadAsync(As(Alice, Alice with { Secret = "new" })));

        Assert.HasCount(3, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "71")]
    public async Task A_token_that_may_only_read_is_told_as_a_missing_right_to_push()
    {
        Registry.On(_ => true, Unauthorized(BearerChallenge));
        Registry.On(_ => true, Unauthorized(BearerChallenge + ",scope=\"repository:app:pull,push\",error=\"insufficient_scope\""), times: 10);
        Tokens.On("GET", "/token", Token("readonly"), times: 10);
        var transport = As(Alice);

        using var response = await SendAsync(transport, HttpMethod.Post, Blob);
        var failure = await ResponseFailure.ReadAsync(response, CancellationToken);

        Assert.AreEqual(DiagnosticCodes.RegistryDenied, failure.Code);
        StringAssert.Contains(failure.Message, "the credential from the file ~/.docker/config.json gives no right to push to app");
        Assert.IsFalse(failure.Retry.IsWorthwhile);
        Assert.HasCount(2, Registry.Requests);
        Assert.HasCount(1, Tokens.Requests);
        CollectionAssert.AreEqual(new[] { "repository:app:pull,push" }, Tokens.Requests[0].Query("scope").ToArray());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_knows_the_repository_by_another_name_gets_a_token_for_that_too_and_from_then_on()
    {
        Registry.On(request => request.Authorization is null, Unauthorized(BearerChallenge));
        Registry.On(request => request.Authorization == "Bearer narrow", Unauthorized(BearerChallenge + ",scope=\"repository:proxied/app:pull\",error=\"insufficient_scope\""), times: 10);
        Registry.On(request => request.Authorization == "Bearer wide", new Reply(200, "ok"), times: 10);
        Tokens.On(request => request.Query("scope").Count() == 1, Token("narrow"), times: 10);
        Tokens.On(request => request.Query("scope").SequenceEqual(["repository:app:pull", "repository:proxied/app:pull"]), Token("wide"), times: 10);
        var transport = As(Alice);

        Assert.AreEqual("ok", await ReadAsync(transport));
        Assert.AreEqual("ok", await ReadAsync(transport));

        Assert.HasCount(4, Registry.Requests);
        Assert.HasCount(2, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_registry_that_wants_more_each_time_is_left()
    {
        var count = 0;
        Registry.On(_ => true, _ => Unauthorized(BearerChallenge + $",scope=\"repository:app{count++}:pull\",error=\"insufficient_scope\""), times: 100);
        Tokens.On("GET", "/token", Token("mine"), times: 100);

        await RegistryAssert.FailsAsync(() => ReadAsync(As(Alice)), DiagnosticCodes.RegistryDenied);

        Assert.IsLessThanOrEqualTo(4, Registry.Requests.Count);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "43")]
    [TestProperty("Catalogue", "44")]
    public async Task A_mount_asks_for_both_repositories_the_pushed_one_first()
    {
        Require("Bearer both");
        Tokens.On(request => request.Query("scope").SequenceEqual(["repository:app:pull,push", "repository:base:pull"]), Token("both"));

        using var response = await SendAsync(As(Alice), HttpMethod.Post, Blob + "?mount=sha256:1&from=base", mountFrom: "base");

        Assert.AreEqual(200, (int)response.Status);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "44")]
    public async Task A_source_that_may_not_be_read_does_not_keep_the_mount_from_being_asked_for()
    {
        Require("Bearer push");
        Tokens.On(request => request.Query("scope").Contains("repository:base:pull") || request.Method == "POST", new Reply(401), times: 2);
        Tokens.On(request => request.Query("scope").SequenceEqual(["repository:app:pull,push"]), Token("push"));

        using var response = await SendAsync(As(Alice), HttpMethod.Post, Blob + "?mount=sha256:1&from=base", mountFrom: "base");

        Assert.AreEqual(200, (int)response.Status);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Who_may_push_needs_no_other_token_to_pull()
    {
        Require("Bearer push");
        Tokens.On("GET", "/token", Token("push"));
        var transport = As(Alice);

        using var post = await SendAsync(transport, HttpMethod.Post, Blob);
        Assert.AreEqual("ok", await ReadAsync(transport));

        Assert.HasCount(1, Tokens.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "12")]
    public async Task A_token_service_that_is_busy_is_asked_again_by_the_operation_as_long_after_as_it_says()
    {
        Require("Bearer mine");
        Tokens.On("GET", "/token", new Reply(429) { Headers = { ["Retry-After"] = "7" } });
        Tokens.On("GET", "/token", new Reply(503));
        Tokens.On("GET", "/token", Token("mine"));
        var transport = Transport(Options with { Credentials = new Logins(Alice) });

        Assert.AreEqual("ok", await ReadAsync(transport));

        Assert.HasCount(2, Retries.ToList());
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(7), Retries.First().Delay);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task One_who_stops_waiting_for_a_token_does_not_take_it_from_the_others()
    {
        Require("Bearer mine");
        var release = new TaskCompletionSource();
        Tokens.On(_ => true, _ =>
        {
            release.Task.Wait(CancellationToken);
            return Token("mine");
        });
        var transport = As(Alice);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var address = Address(Registry.Address, transport);
        var request = new RegistryRequest(HttpMethod.Get, address.Manifest("1.0"), address, "read");

        var first = transport.SendAsync(request, cancellation.Token);
        while (Tokens.Requests.Count == 0)
        {
            await Task.Yield();
        }

        var second = transport.SendAsync(request, CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        release.SetResult();

        using var response = await second;
        Assert.IsTrue(response.IsSuccess);
        Assert.HasCount(1, Tokens.Requests);
    }
}
