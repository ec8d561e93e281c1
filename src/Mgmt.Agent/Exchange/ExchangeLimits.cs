using Mgmt.Store;

namespace Mgmt.Agent.Exchange;

/// <summary>What one exporter may hand to the mesh. Checked where it is exported, and again where it is collected, as peers may send anything.</summary>
internal static class ExchangeLimits
{
    /// <summary>Resources of one host, of all kinds together.</summary>
    public const int Resources = 1000;

    /// <summary>Bytes of one host's sheets together: all of them change in one transaction, which has to fit into one request.</summary>
    public const int Bytes = Limits.RequestBytes * 2 / 3;

    /// <summary>Kinds of one host: half of what one transaction may touch, as a host may take back as many as it writes.</summary>
    public const int Kinds = Limits.TxnOperations / 2;

    /// <summary>Characters of a resource's name.</summary>
    public const int Name = 4096;

    /// <summary>Sentences about what is wrong with peers' resources that are told at once; the others are counted.</summary>
    public const int ComplaintsAtOnce = 20;

    /// <summary>Bytes of all sheets that one collector keeps: far more than honest meshes have, and less than would take its memory.</summary>
    public const long CollectedBytes = 128L * 1024 * 1024;
}
