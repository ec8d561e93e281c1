using System.Buffers;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Logs;

/// <summary>How reports look. Reports come one at a time and in order, so that a view may leave out what it has said already.</summary>
internal interface ILogView
{
    /// <summary>Writes a report's lines, or nothing.</summary>
    void Write(DateTimeOffset time, Report report, IBufferWriter<byte> output);

    /// <summary>Writes that reports were dropped here.</summary>
    void WriteDropped(DateTimeOffset time, long count, IBufferWriter<byte> output);
}
