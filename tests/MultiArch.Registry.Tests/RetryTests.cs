using MultiArch.Oci;
using MultiArch.Oci.Formats;
using MultiArch.Oci.Registry;
using MultiArch.Oci.Registry.Transport;
using MultiArch.Oci.Registry.Transport.Retries;
using MultiArch.Oci.Storage;
using MultiArch.Testing;

namespace MultiArch.Registry.Tests;

/// <summary>What is tried again, when, how often, and what is said of it.</summary>
[TestClass]
public sealed class RetryTests : TransportTest
{
    private const string Manifest = "/v2/app/manifests/1.0";

    private readonly ScriptedRegistry _registry;
    private readonly RegistryTransport _transport;

    public RetryTests(TestContext context)
        : base(context)
    {
        _registry = Own(new ScriptedRegistry());
        _transport = Transport();
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "1")]
    public async Task A_host_that_refuses_on_first_contact_is_tried_three_times_within_three_seconds()
    {
        _registry.Dispose();

        await RegistryAssert.FailsAsync(
            () => AskAsync(_transport, _registry.Address), DiagnosticCodes.RegistryUnreachable, $"{_registry.Address} refused the connection.", "It was tried");

        Assert.IsLessThanOrEqualTo(2, Retries.Count());
        Assert.IsLessThanOrEqualTo(TimeSpan.FromSeconds(3), Sum(Time.Waits));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "1")]
    public async Task A_host_that_has_answered_and_refuses_now_is_waited_for()
    {
        _registry.On("GET", Manifest, new Reply(200, "first"));
        Assert.AreEqual("first", await AskAsync(_transport, _registry.Address));
        _registry.Dispose();

        await RegistryAssert.FailsAsync(() => AskAsync(_transport, _registry.Address), DiagnosticCodes.RegistryUnreachable, "It was tried 6 times in");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "2")]
    public async Task A_name_that_nobody_knows_is_looked_up_a_few_times()
    {
        var transport = Transport(Options with { Network = new TestNetwork() });

        await RegistryAssert.FailsAsync(
            () => AskAsync(transport, "registry.invalid"), DiagnosticCodes.RegistryUnreachable, "knows no registry.invalid", "ContainerRegistry");

        Assert.IsLessThanOrEqualTo(2, Retries.Count());
        Assert.IsLessThanOrEqualTo(TimeSpan.FromSeconds(3), Sum(Time.Waits));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "3")]
    public async Task A_host_that_takes_no_connection_is_given_up()
    {
        var transport = Transport(Options with { Network = new TestNetwork { IsBlackHole = true }, ConnectTimeout = TimeSpan.FromSeconds(0.2) });

        await RegistryAssert.FailsAsync(() => AskAsync(transport, "127.0.0.1:5"), DiagnosticCodes.RegistryUnreachable, "did not take the connection in time");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "3")]
    public async Task A_connection_in_the_making_can_be_cancelled()
    {
        var transport = Transport(Options with { Network = new TestNetwork { IsBlackHole = true } });
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.1));
        var address = Address("127.0.0.1:5", transport);

        await Assert.ThrowsAsync<OperationCanceledException>(() => transport.Retries.RunAsync(
            address,
            "ask",
            (_, token) => transport.SendAsync(new RegistryRequest(HttpMethod.Get, address.Manifest("1.0"), address, "ask"), token),
            cancellation.Token));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "7")]
    [DataRow(Fault.Stall)]
    [DataRow(Fault.StallBody)]
    public async Task A_silent_registry_is_asked_again(Fault fault)
    {
        var transport = Transport(Options with { IdleTimeout = TimeSpan.FromSeconds(0.3) });
        _registry.On("GET", Manifest, new Reply(200, "stalled") { Fault = fault });
        _registry.On("GET", Manifest, new Reply(200, "whole"));

        Assert.AreEqual("whole", await AskAsync(transport, _registry.Address));

        StringAssert.Contains(Retries.Single().Reason, "silent for 0.3 s");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "7")]
    public async Task A_document_that_comes_byte_by_byte_is_not_waited_for_to_its_end()
    {
        var transport = Transport(Options with { IdleTimeout = TimeSpan.FromSeconds(0.3) });
        _registry.On("GET", Manifest, new Reply(200, new string('x', 1000)) { Fault = Fault.Drip }); // 50 s
        _registry.On("GET", Manifest, new Reply(200, "whole"));

        Assert.AreEqual("whole", await AskAsync(transport, _registry.Address));

        StringAssert.Contains(Retries.Single().Reason, "had not finished its answer after 0.9 s");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(200, Fault.StallBody)]
    [DataRow(200, Fault.Drip)]
    [DataRow(500, Fault.StallBody)]
    [DataRow(500, Fault.Drip)]
    [TestProperty("Catalogue", "55")]
    public async Task Whoever_cancels_while_an_answer_is_read_has_cancelled_and_nothing_is_tried_again(int status, Fault fault)
    {
        _registry.On("GET", Manifest, new Reply(status, new string('x', 1000)) { Fault = fault });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);

        var answer = AskAsync(_transport, Address(_registry.Address, _transport), cancellationToken: cancellation.Token);
        await _registry.Stalled.WaitAsync(CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => answer);
        Assert.IsEmpty(Events);
        Assert.HasCount(1, _registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "55")]
    public async Task Whoever_cancels_while_a_host_is_left_alone_does_not_wait_for_its_time()
    {
        var transport = Transport(Options with { Time = TimeProvider.System });
        _registry.On("GET", Manifest, new Reply(429) { Headers = { ["Retry-After"] = "200" } }, times: 2);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var address = Address(_registry.Address, transport);

        var refused = AskAsync(transport, address, cancellationToken: cancellation.Token);
        while (!Retries.Any())
        {
            await Task.Delay(10, CancellationToken);
        }

        var other = AskAsync(transport, address, cancellationToken: cancellation.Token); // Waits before its first request.
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => refused);
        await Assert.ThrowsAsync<OperationCanceledException>(() => other);
        Assert.HasCount(1, _registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "8")]
    public async Task A_source_that_is_silent_for_long_is_not_the_destinations_silence()
    {
        var content = new byte[2];
        var transport = Transport(Options with { IdleTimeout = TimeSpan.FromSeconds(0.5) });
        _registry.On("PUT", Manifest, new Reply(201));
        var body = new RequestBody(
            new Descriptor(MediaTypes.OciLayer, Digest.Of(content), content.Length),
            new BlobSource(_ => Task.FromResult<Stream>(new SlowStream(content, TimeSpan.FromSeconds(1)))),
            "application/octet-stream");

        await AskAsync(transport, Address(_registry.Address, transport), HttpMethod.Put, body);

        Assert.IsEmpty(Events);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "8")]
    public async Task A_slow_upload_that_goes_on_is_not_given_up_however_long_it_takes()
    {
        var content = new byte[8];
        var transport = Transport(Options with { IdleTimeout = TimeSpan.FromSeconds(3) });
        _registry.On("PUT", Manifest, new Reply(201));
        var body = new RequestBody(
            new Descriptor(MediaTypes.OciLayer, Digest.Of(content), content.Length),
            new BlobSource(_ => Task.FromResult<Stream>(new SlowStream(content, TimeSpan.FromSeconds(0.5)))),
            "application/octet-stream");

        await AskAsync(transport, Address(_registry.Address, transport), HttpMethod.Put, body); // four seconds

        CollectionAssert.AreEqual(content, _registry.Requests.Single().Body);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "11")]
    [DataRow(408), DataRow(425), DataRow(429), DataRow(499), DataRow(500), DataRow(502), DataRow(503), DataRow(504)]
    [DataRow(520), DataRow(521), DataRow(522), DataRow(523), DataRow(524), DataRow(530)]
    public async Task What_may_go_away_by_itself_is_tried_again_and_told(int status)
    {
        _registry.On("GET", Manifest, new Reply(status, """{"errors":[{"code":"UNKNOWN","message":"a bad day"}]}"""), times: 2);
        _registry.On("GET", Manifest, new Reply(200, "ok"));

        Assert.AreEqual("ok", await AskAsync(_transport, _registry.Address));

        CollectionAssert.AreEqual(new[] { 2, 3 }, Retries.Select(retry => retry.Attempt).ToArray());
        foreach (var retry in Retries)
        {
            Assert.AreEqual(_registry.Address, retry.Host);
            Assert.AreEqual(6, retry.MaxAttempts);
            StringAssert.Contains(retry.Reason, $"{status}");
            StringAssert.Contains(retry.Reason, "a bad day");
            StringAssert.EndsWith(retry.Reason, ".");
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(400), DataRow(401), DataRow(403), DataRow(404), DataRow(405), DataRow(409), DataRow(413), DataRow(415), DataRow(501), DataRow(505)]
    public async Task What_is_the_same_tomorrow_is_asked_once(int status)
    {
        _registry.On("GET", Manifest, new Reply(200, "first"));
        await AskAsync(_transport, _registry.Address);
        _registry.On("GET", Manifest, new Reply(status));

        var exception = await Assert.ThrowsAsync<RegistryException>(() => AskAsync(_transport, _registry.Address));

        Assert.IsFalse(exception.Retry.IsWorthwhile);
        Assert.AreEqual(status, (int)exception.Status!);
        Assert.IsEmpty(Events);
        Assert.DoesNotContain("tried", exception.Message);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "12")]
    [DataRow("HEAD"), DataRow("GET"), DataRow("POST"), DataRow("PATCH"), DataRow("PUT")]
    public async Task A_registry_that_says_for_how_long_is_left_alone_for_so_long(string method)
    {
        var reply = new Reply(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}""") { Headers = { ["Retry-After"] = "2" } };
        _registry.On(method, Manifest, reply);
        _registry.On(method, Manifest, new Reply(200));

        await AskAsync(_transport, Address(_registry.Address, _transport), new HttpMethod(method));

        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(2), Retries.Single().Delay);
        Assert.IsLessThan(TimeSpan.FromSeconds(3), Retries.Single().Delay);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "13")]
    [DataRow("Sat, 31 Jan 2026 12:00:45 GMT", 45)]
    [DataRow("Saturday, 31-Jan-26 12:00:45 GMT", 45)]
    [DataRow("Sat, 31 Jan 2026 11:59:00 GMT", 0)]
    [DataRow("soon", 0)]
    [DataRow("-5", 0)]
    [DataRow("0", 0)]
    [DataRow("99999999999", 0)]
    [DataRow("2000000000", 0)]
    public async Task A_date_is_taken_as_well_and_what_cannot_be_meant_is_not(string retryAfter, int seconds)
    {
        _registry.On("GET", Manifest, new Reply(503) { Headers = { ["Retry-After"] = retryAfter } });
        _registry.On("GET", Manifest, new Reply(200, "ok"));

        Assert.AreEqual("ok", await AskAsync(_transport, _registry.Address));

        var delay = Retries.Single().Delay.TotalSeconds;
        Assert.IsTrue(delay >= seconds && delay <= seconds + 1, $"{delay}");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "13")]
    public async Task A_date_is_compared_with_the_registrys_own_clock()
    {
        _registry.On("GET", Manifest, new Reply(429) { Headers = { ["Date"] = "Thu, 01 Jan 2026 00:00:00 GMT", ["Retry-After"] = "Thu, 01 Jan 2026 00:00:20 GMT" } });
        _registry.On("GET", Manifest, new Reply(200, "ok"));

        await AskAsync(_transport, _registry.Address);

        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(20), Retries.Single().Delay);
        Assert.IsLessThan(TimeSpan.FromSeconds(21), Retries.Single().Delay);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "14")]
    public async Task A_registry_that_wants_hours_is_not_waited_for_and_the_time_is_told()
    {
        _registry.On("GET", Manifest, new Reply(429) { Headers = { ["Retry-After"] = "21600" } });

        await RegistryAssert.FailsAsync(
            () => AskAsync(_transport, _registry.Address), DiagnosticCodes.RegistryFailed, "429", "It wants no request before 2026-01-31 18:00:00Z.");

        Assert.IsEmpty(Time.Waits);
        Assert.HasCount(1, _registry.Requests);
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "15")]
    public async Task A_registry_that_stays_down_is_given_up_after_six_attempts()
    {
        _registry.On("GET", Manifest, new Reply(503), times: 100);

        await RegistryAssert.FailsAsync(() => AskAsync(_transport, _registry.Address), DiagnosticCodes.RegistryFailed, "503", "It was tried 6 times in");

        Assert.HasCount(6, _registry.Requests);
        Assert.IsLessThan(TimeSpan.FromMinutes(5), Sum(Time.Waits));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "15")]
    public async Task No_attempt_is_begun_when_the_time_is_used_up()
    {
        _registry.On("GET", Manifest, new Reply(503) { Headers = { ["Retry-After"] = "140" } }, times: 100);

        await RegistryAssert.FailsAsync(
            () => AskAsync(_transport, _registry.Address), DiagnosticCodes.RegistryFailed, "It wants no request before 2026-01-31 12:0", "It was tried 3 times in 28");
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "12")]
    [DataRow(20, 2)]
    [DataRow(2, 20)]
    public async Task A_host_that_says_two_times_is_left_alone_for_the_longer(int first, int second)
    {
        var restraint = new HostRestraint(Time);
        var host = new Uri("https://registry.example/");
        restraint.Keep(host, TimeSpan.FromSeconds(first));
        restraint.Keep(host, TimeSpan.FromSeconds(second));

        await restraint.WaitAsync(host, CancellationToken);

        Assert.AreEqual(TimeSpan.FromSeconds(20), Time.Waits.Single());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [TestProperty("Catalogue", "12")]
    public async Task Who_else_wants_something_of_that_host_waits_too()
    {
        _registry.On("GET", Manifest, new Reply(429) { Headers = { ["Retry-After"] = "7" } });
        var address = Address(_registry.Address, _transport);
        var request = new RegistryRequest(HttpMethod.Get, address.Manifest("1.0"), address, "ask");
        (await _transport.SendAsync(request, CancellationToken)).Dispose();
        _registry.On("GET", Manifest, new Reply(200));

        (await _transport.SendAsync(request, CancellationToken)).Dispose();

        Assert.AreEqual(TimeSpan.FromSeconds(7), Time.Waits.Single());
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task Waits_grow_and_differ()
    {
        _registry.On("GET", Manifest, new Reply(500), times: 100);
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<RegistryException>(() => AskAsync(_transport, _registry.Address));
        }

        var waits = Retries.GroupBy(retry => retry.Attempt, retry => retry.Delay.TotalSeconds).ToList();

        Assert.HasCount(5, waits);
        foreach (var (group, i) in waits.Select((group, i) => (group, i)))
        {
            Assert.IsTrue(group.All(wait => wait >= 0 && wait <= Math.Pow(2, i)), $"The wait before attempt {group.Key} is at most {Math.Pow(2, i)} s.");
            Assert.IsGreaterThan(10, group.Distinct().Count());
        }
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    public async Task A_cancelled_wait_ends_as_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var transport = Transport(new RegistryOptions { Progress = new Cancelling(cancellation), Retries = RetryLimits.Default with { Step = TimeSpan.FromHours(1), LongestStep = TimeSpan.FromHours(1) , Budget = TimeSpan.FromDays(1) } });
        var address = Address(_registry.Address, transport);

        await Assert.ThrowsAsync<OperationCanceledException>(() => transport.Retries.RunAsync<int>(
            address, "ask", (_, _) => throw new RegistryException(DiagnosticCodes.RegistryFailed, "It failed.", Retry.Again), cancellation.Token));
    }

    [TestMethod, Timeout(Timeout, CooperativeCancellation = true)]
    [DataRow(1)]
    [DataRow(2)]
    public async Task An_attempt_that_fails_as_it_is_cancelled_ends_as_cancelled(int cancelledAttempt)
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _transport.Retries.RunAsync<int>(
            Address(_registry.Address, _transport),
            "ask",
            (attempt, _) =>
            {
                if (attempt == cancelledAttempt)
                {
                    cancellation.Cancel();
                }

                throw new RegistryException(DiagnosticCodes.RegistryFailed, "It failed.", Retry.Again);
            },
            cancellation.Token));
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    private sealed class Cancelling(CancellationTokenSource cancellation) : IProgress<RegistryEvent>
    {
        public void Report(RegistryEvent value) => cancellation.Cancel();
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class SlowStream(byte[] content, TimeSpan pause) : MemoryStream(content, writable: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(pause, cancellationToken);
            return await base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
