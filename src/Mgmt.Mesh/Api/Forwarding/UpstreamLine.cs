namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>A line to another agent's API.</summary>
/// <param name="place">For messages.</param>
/// <param name="root">What requests' addresses begin with.</param>
/// <param name="invoker">Sends them; the line owns it.</param>
internal sealed class UpstreamLine(string place, Uri root, HttpMessageInvoker invoker) : IDisposable
{
    private readonly CancellationTokenSource _breaking = new();

    /// <summary>For messages.</summary>
    public string Place => place;

    /// <summary>What requests' addresses begin with.</summary>
    public Uri Base => root;

    /// <summary>Sends requests.</summary>
    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Ends what waits for an answer when the other end is given up: one that is stopped closes nothing.</summary>
    /// <param name="caller">Ends it as well.</param>
    /// <exception cref="ObjectDisposedException">The line is used no more.</exception>
    public CancellationTokenSource Limit(CancellationToken caller) => CancellationTokenSource.CreateLinkedTokenSource(caller, _breaking.Token);

    /// <summary>Gives the other end up: what is on its way ends.</summary>
    public void Break()
    {
        _breaking.Cancel();
        Dispose();
    }

    /// <summary>Nothing more is sent; what is on its way goes on to its end.</summary>
    public void Dispose()
    {
        invoker.Dispose();
        _breaking.Dispose();
    }
}
