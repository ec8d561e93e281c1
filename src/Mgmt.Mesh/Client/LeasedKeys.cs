using System.Collections.Immutable;
using Google.Protobuf;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Client;

/// <summary>Keys that are in the store for as long as this program says so: all under one lease, which ends soon after the program.</summary>
/// <param name="client">Asks; it belongs to the caller.</param>
/// <param name="lease">How long the keys outlive the program; whole seconds.</param>
/// <param name="time">For pauses.</param>
public sealed class LeasedKeys(StoreClient client, TimeSpan lease, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500), LastWords = TimeSpan.FromSeconds(1);

    private ImmutableDictionary<string, byte[]> _wanted = ImmutableDictionary<string, byte[]>.Empty;
    private ImmutableDictionary<string, byte[]> _written = ImmutableDictionary<string, byte[]>.Empty;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lease;

    /// <summary>Has a key say something from now on; null has it go.</summary>
    public void Set(string key, byte[]? value)
    {
        ImmutableInterlocked.Update(ref _wanted, (all, one) => one.Value is null ? all.Remove(one.Key) : all.SetItem(one.Key, one.Value), (Key: key, Value: value));
        Interlocked.Exchange(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Keeps them there until it is cancelled, and then takes them back if that is quickly done.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var news = Volatile.Read(ref _news).Task;
                var isDone = _lease == 0 ? await BeginAsync(cancel) : await WriteAsync(cancel) && await KeepAsync(cancel);
                if (!isDone) await Task.Delay(Pause, time, cancel);
                else await Task.WhenAny(news, Task.Delay(lease / 3, time, cancel)).Unwrap();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(LastWords);
            try
            {
                if (_lease != 0) await client.RevokeAsync(new() { ID = _lease }, limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The lease ends by itself.
            }
        }
    }

    private async Task<bool> BeginAsync(CancellationToken cancel)
    {
        var granted = await client.GrantAsync(new() { TTL = (long)lease.TotalSeconds }, cancel);
        if (!granted.IsThere) return false;
        (_lease, _written) = (granted.Value.ID, ImmutableDictionary<string, byte[]>.Empty);
        return await WriteAsync(cancel);
    }

    private async Task<bool> WriteAsync(CancellationToken cancel)
    {
        var (wanted, request) = (_wanted, new TxnRequest());
        foreach (var (key, value) in wanted)
        {
            if (!_written.TryGetValue(key, out var old) || !old.AsSpan().SequenceEqual(value)) request.Success.Add(new RequestOp { RequestPut = new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value), Lease = _lease } });
        }

        foreach (var key in _written.Keys.Where(key => !wanted.ContainsKey(key))) request.Success.Add(new RequestOp { RequestDeleteRange = new() { Key = ByteString.CopyFromUtf8(key) } });
        if (request.Success.Count == 0) return true;
        var answer = await client.TxnAsync(request, cancel);

        // Whatever was refused, with a new lease it is right again, or refused again.
        if (!answer.IsThere && answer.Failure.Kind == FailureKind.Refused) _lease = 0;
        if (answer.IsThere) _written = wanted;
        return answer.IsThere;
    }

    private async Task<bool> KeepAsync(CancellationToken cancel)
    {
        var answer = await client.KeepAliveAsync(_lease, cancel);
        if (answer is { IsThere: true, Value.TTL: <= 0 }) _lease = 0;
        return answer.IsThere && _lease != 0;
    }
}
