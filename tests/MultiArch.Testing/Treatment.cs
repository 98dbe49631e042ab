namespace MultiArch.Testing;

/// <summary>What a <see cref="LoopbackServer"/> does with a request whose head it has read.</summary>
internal sealed class Treatment
{
    /// <summary>The head alone decides the reply, which may break off the body.</summary>
    public Treatment(Reply reply) => (Reply, Answer) = (reply, _ => Task.FromResult(reply));

    /// <summary>The body matters.</summary>
    public Treatment(Func<ReceivedRequest, Reply> answer) => Answer = request => Task.FromResult(answer(request));

    /// <summary>Likewise, and the answer may have to wait.</summary>
    public Treatment(Func<ReceivedRequest, Task<Reply>> answer) => Answer = answer;

    /// <summary>Null when the body has to be read first.</summary>
    public Reply? Reply { get; }

    public Func<ReceivedRequest, Task<Reply>> Answer { get; }
}
