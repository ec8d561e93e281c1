namespace Mgmt.Mesh.Raft.Log;

/// <summary>What a record of the log holds. The numbers are on the disk.</summary>
internal enum EntryKind
{
    /// <summary>A proposal; empty for an entry of Raft's own.</summary>
    Command = 1,

    /// <summary>The members that vote from here on.</summary>
    Configuration = 2,

    /// <summary>No entry: the log begins anew behind this index, since a snapshot took the place of all before.</summary>
    Reset = 3,
}
