using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>A connection that DotNext's Raft talks over.</summary>
internal sealed class RaftConnection : ConnectionContext, IDuplexPipe
{
    private const int BufferSize = 64 << 10;
    private readonly Stream _stream;
    private readonly CancellationTokenSource _closed = new();

    public RaftConnection(Stream stream, EndPoint? remote)
    {
        _stream = stream;
        RemoteEndPoint = remote;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
        Transport = this;
        ConnectionClosed = _closed.Token;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; } = "";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override void Abort() => Close();

    public override ValueTask DisposeAsync()
    {
        Close();
        return default;
    }

    private void Close()
    {
        _stream.Dispose();
        if (!_closed.IsCancellationRequested) _closed.Cancel();
    }
}
