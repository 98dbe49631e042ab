using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MultiArch.Testing.InMemory;

/// <summary>A loopback port of one client's own, to a registry in memory that several share. Requests wait at it until they are let in.</summary>
public sealed class RegistryEntrance : IDisposable
{
    private readonly Channel<WaitingRequest> _waiting = Channel.CreateUnbounded<WaitingRequest>();
    private readonly LoopbackServer _server;
    private readonly RegistryApi _api;
    private readonly Func<RegistryCall, bool> _waits;

    /// <param name="waits">Which requests wait; the others are served at once.</param>
    public RegistryEntrance(RegistryContent content, Func<RegistryCall, bool> waits)
    {
        _api = new RegistryApi(content, refusesDangling: true);
        _waits = waits;
        _server = new LoopbackServer(_ => new Treatment(AnswerAsync), new ConcurrentQueue<ReceivedRequest>());
    }

    /// <summary>Host and port, as they stand in an image reference.</summary>
    public string Address => _server.Address;

    /// <summary>Those who have come and were not taken out yet.</summary>
    public ChannelReader<WaitingRequest> Waiting => _waiting.Reader;

    public void Dispose() => _server.Dispose();

    private async Task<Reply> AnswerAsync(ReceivedRequest request)
    {
        var call = RegistryCall.Of(request);
        if (!_waits(call))
        {
            return _api.Answer(call, request);
        }

        var waiting = new WaitingRequest(call, () => _api.Answer(call, request));
        await _waiting.Writer.WriteAsync(waiting);
        return await waiting.Reply;
    }
}

/// <summary>A request whose time has not come.</summary>
public sealed class WaitingRequest
{
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Reply> _perform;

    internal WaitingRequest(RegistryCall call, Func<Reply> perform)
    {
        Call = call;
        _perform = perform;
    }

    public RegistryCall Call { get; }

    internal Task<Reply> Reply => _reply.Task;

    /// <summary>Does what was asked; the client learns of it.</summary>
    public void LetIn() => _reply.SetResult(_perform());
}
