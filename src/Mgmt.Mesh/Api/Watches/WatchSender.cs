using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Store;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>Writes a watch stream's answers. They leave together when there is nothing more to say, or when they are many.</summary>
internal sealed class WatchSender
{
    private const int FlushBytes = 64 * 1024;

    private readonly IServerStreamWriter<Wire.WatchResponse> _stream;
    private readonly PipeWriter _pipe;
    private readonly Headers _headers;
    private readonly CancellationToken _cancel;
    private IReadOnlyList<Event>? _lastEvents;
    private bool _lastWithPrevious;
    private Wire.Event[] _lastWire = [];
    private int _unflushed;

    /// <param name="stream">Where answers are written; it keeps them until the pipe is flushed.</param>
    /// <param name="pipe">What is under the stream.</param>
    /// <param name="headers">The answers' headers.</param>
    /// <param name="cancel">Ends writing.</param>
    public WatchSender(IServerStreamWriter<Wire.WatchResponse> stream, PipeWriter pipe, Headers headers, CancellationToken cancel)
    {
        (_stream, _pipe, _headers, _cancel) = (stream, pipe, headers, cancel);
        stream.WriteOptions = new(WriteFlags.BufferHint);
    }

    /// <summary>Says one thing.</summary>
    public async ValueTask SendAsync(long revision, Wire.WatchResponse response)
    {
        response.Header = _headers.Of(revision);
        await _stream.WriteAsync(response, _cancel);
        _unflushed += response.CalculateSize();
        if (_unflushed >= FlushBytes) await FlushAsync();
    }

    /// <summary>Tells a watch its events.</summary>
    public async ValueTask SendAsync(StreamWatch watch, WatchMessage.Batch batch)
    {
        var response = new Wire.WatchResponse { WatchId = watch.Id };
        response.Events.Add(InWire(batch.Events, watch.WantsPrevious));
        if (!watch.WantsFragments || batch.Events.Count < 2)
        {
            await SendAsync(batch.Revision, response);
            return;
        }

        // As etcd does, a message is parted where it would reach the bound with all that is in it.
        var empty = new Wire.WatchResponse { Header = _headers.Of(batch.Revision), WatchId = watch.Id, Fragment = true }.CalculateSize();
        var parts = WatchFragments.Split(batch, one => SizeOf(one, watch.WantsPrevious), ApiLimits.MessageBytes - empty);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = new Wire.WatchResponse { WatchId = watch.Id, Fragment = i < parts.Count - 1 };
            part.Events.Add(parts[i].Events.Select(one => Answers.Event(one, watch.WantsPrevious)));
            await SendAsync(batch.Revision, part);
        }
    }

    /// <summary>Lets go what is written.</summary>
    public async ValueTask FlushAsync()
    {
        if (_unflushed == 0) return;
        _unflushed = 0;
        await _pipe.FlushAsync(_cancel);
    }

    // Watches of the same keys are told the same list of events, one after another.
    private Wire.Event[] InWire(IReadOnlyList<Event> events, bool withPrevious)
    {
        if (ReferenceEquals(events, _lastEvents) && withPrevious == _lastWithPrevious) return _lastWire;
        (_lastEvents, _lastWithPrevious) = (events, withPrevious);
        return _lastWire = [.. events.Select(one => Answers.Event(one, withPrevious))];
    }

    private static int SizeOf(Event one, bool withPrevious)
    {
        var size = Answers.Event(one, withPrevious).CalculateSize();
        return 1 + CodedOutputStream.ComputeLengthSize(size) + size;
    }
}
