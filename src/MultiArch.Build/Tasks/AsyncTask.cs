using Microsoft.Build.Framework;
using MultiArch.Oci;

namespace MultiArch.Build.Tasks;

/// <summary>Runs an async body under MSBuild's synchronous contract and turns what comes out of it into log entries.</summary>
public abstract class AsyncTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    protected abstract Task ExecuteAsync(CancellationToken cancellationToken);

    public sealed override bool Execute()
    {
        try
        {
            // MSBuild's thread may carry a SynchronizationContext inside Visual Studio, so start from the pool.
            Task.Run(() => ExecuteAsync(_cancellation.Token)).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return false; // MSBuild reports the cancelled build itself.
        }
        catch (MultiArchException e)
        {
            Log.Error(e.Code, e.Message);
        }
        catch (Exception e)
        {
            Log.Error(
                DiagnosticCodes.Internal,
                $"{GetType().Name} failed in a way that is a fault of MultiArch.Build {typeof(AsyncTask).Assembly.GetName().Version?.ToString(3)}, "
                + $"not of your project: {e.GetType().Name}: {OneLine.Sentence(e.Message)} Please report it with a binary log (-bl).");
            Log.LogMessage(MessageImportance.Low, e.ToString());
        }

        return !Log.HasLoggedErrors;
    }

    public void Cancel() => _cancellation.Cancel();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancellation.Dispose();
        }
    }
}
