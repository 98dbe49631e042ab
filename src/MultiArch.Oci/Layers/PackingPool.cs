using System.Collections.Concurrent;
using MultiArch.Oci.Layers.Compression;

namespace MultiArch.Oci.Layers;

/// <summary>The threads and buffers that all layers of a publish share, so that processors and memory are bounded whatever their number and size.</summary>
/// <remarks>
/// Threads of its own, started when there is work: a block takes from a hundredth of a second to several seconds, and what sends layers
/// meanwhile must not wait for that in the thread pool's queue.
/// </remarks>
public sealed class PackingPool : IDisposable
{
    /// <summary>Bounds the memory of machines with many processors: reading and hashing the tar of one layer keeps about eight workers busy.</summary>
    private const int MaxWorkers = 16;

    private readonly int _workers;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<Block> _idle = [];
    private readonly BlockingCollection<Work> _queue = [];
    private readonly List<Thread> _threads = [];

    /// <param name="workers">At most so many blocks are compressed at a time. The bytes do not depend on it.</param>
    public PackingPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _workers = Math.Min(workers, MaxWorkers);

        // Beside those that are compressed, as many wait for a worker, one is filled and one is written.
        Blocks = (2 * _workers) + 2;
        _free = new SemaphoreSlim(Blocks);
    }

    /// <summary>So many are lent at most.</summary>
    internal int Blocks { get; }

    /// <summary>Waits until a block is free. Whoever fills one must have handed in the last, or layers that fill theirs wait for each other.</summary>
    /// <param name="size">Bytes of input.</param>
    internal async Task<Block> RentAsync(int size, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return _idle.TryTake(out var block) && block.Size == size ? block : new Block(size);
    }

    internal void Return(Block block)
    {
        block.Clear();
        _idle.Add(block);
        _free.Release();
    }

    /// <summary>Compresses a block when its turn comes.</summary>
    internal Task EncodeAsync(Block block, LayerCompression compression)
    {
        var work = new Work(block, compression);
        StartThread();
        _queue.Add(work);
        return work.Done.Task;
    }

    /// <summary>Ends the threads. All packing must have ended.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        lock (_threads)
        {
            _threads.ForEach(thread => thread.Join());
        }

        _queue.Dispose();
        _free.Dispose();
    }

    private void StartThread()
    {
        lock (_threads)
        {
            if (_threads.Count < _workers)
            {
                var thread = new Thread(Run) { IsBackground = true, Name = "MultiArch packing" };
                try
                {
                    thread.Start();
                    _threads.Add(thread);
                }
                catch (OutOfMemoryException) when (_threads.Count > 0)
                {
                    // That is how .NET says that the container may have no more threads. Those that run do the work.
                }
            }
        }
    }

    private void Run()
    {
        BlockEncoder? encoder = null;
        LayerCompression? compression = null;
        try
        {
            foreach (var work in _queue.GetConsumingEnumerable())
            {
                try
                {
                    if (encoder is null || work.Compression != compression)
                    {
                        encoder?.Dispose();
                        encoder = null;
                        encoder = work.Compression.CreateEncoder();
                        compression = work.Compression;
                    }

                    encoder.Encode(work.Block);
                    work.Done.SetResult();
                }
                catch (Exception e)
                {
                    work.Done.SetException(e);
                }
            }
        }
        finally
        {
            encoder?.Dispose();
        }
    }

    private sealed record Work(Block Block, LayerCompression Compression)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
