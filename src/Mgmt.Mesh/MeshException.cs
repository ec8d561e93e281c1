namespace Mgmt.Mesh;

/// <summary>The mesh or its store cannot go on; the message says what cannot be done, where, and what to do next.</summary>
public sealed class MeshException : Exception
{
    /// <param name="message">What cannot be done, where, and what to do next.</param>
    public MeshException(string message)
        : base(message)
    {
    }

    /// <param name="message">What cannot be done, where, and what to do next.</param>
    /// <param name="inner">What happened.</param>
    public MeshException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Nothing is known.</summary>
    public MeshException()
    {
    }
}
