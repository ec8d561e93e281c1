using System.Diagnostics;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Node;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Pages;

/// <summary>GET /metrics: etcd's names where the meaning is the same.</summary>
internal sealed class MetricsPage(IStoreNode node, CallCounts counts, LeaderTally leaders)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var text = new MetricsText();
        WriteServer(text);
        WriteStore(text);
        WriteCalls(text);
        WriteProcess(text);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private void WriteServer(MetricsText text)
    {
        var (view, leadership) = (node.View, node.Leadership);
        leaders.Look();
        text.Gauge("etcd_server_has_leader", "Whether this member knows a leader.", leadership.IsKnown ? 1 : 0);
        text.Gauge("etcd_server_is_leader", "Whether this member leads.", leadership.IsLocal ? 1 : 0);
        text.Gauge("etcd_server_is_learner", "Whether this member has no vote.", view.Members.TryGetValue(node.Member, out var self) && self.IsLearner ? 1 : 0);
        text.Counter("etcd_server_leader_changes_seen_total", "Leaders that this member has seen come.", leaders.Seen);
        text.Gauge("etcd_server_proposals_committed_total", "The index of the last entry known to be committed.", node.CommittedIndex);
        text.Gauge("etcd_server_proposals_applied_total", "The index of the last entry applied.", view.Index);
        text.Gauge("etcd_server_proposals_pending", "Proposals of this member's clients that wait.", counts.Pending);
        text.Counter("etcd_server_proposals_failed_total", "Proposals of this member's clients that no majority took in time.", counts.Failed);
        text.Head("etcd_server_version", "gauge", "The version of the API.");
        text.Value("etcd_server_version", $"server_version=\"{ApiVersion.Server}\"", 1);
        text.Head("etcd_cluster_version", "gauge", "The version of the cluster's API.");
        text.Value("etcd_cluster_version", $"cluster_version=\"{ApiVersion.Cluster}\"", 1);
        text.Head("etcd_server_id", "gauge", "This member's id.");
        text.Value("etcd_server_id", $"server_id=\"{node.Member:x}\"", 1);
    }

    private void WriteStore(MetricsText text)
    {
        var (view, watches) = (node.View, node.Watches);
        text.Gauge("etcd_mvcc_db_total_size_in_bytes", "The bytes of the home on the disk.", node.HomeBytes);
        text.Gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "What counts against the quota.", view.Bytes);
        text.Gauge("etcd_debugging_mvcc_keys_total", "Keys.", view.Count);
        text.Gauge("etcd_debugging_mvcc_current_revision", "The present revision.", view.Revision);
        text.Gauge("etcd_debugging_mvcc_compact_revision", "The revision up to which history is forgotten.", view.CompactRevision);
        text.Gauge("etcd_debugging_mvcc_watch_stream_total", "Open streams, those of leases among them.", counts.Streams);
        text.Gauge("etcd_debugging_mvcc_watcher_total", "Watches.", watches.All);
        text.Gauge("etcd_debugging_mvcc_slow_watcher_total", "Watches that still read history.", watches.Unsynced);
        text.Gauge("mgmt_store_history_events", "Events of history that are kept.", view.HistoryCount);
        text.Gauge("mgmt_store_leases", "Leases.", view.Leases.Count);
    }

    private void WriteCalls(MetricsText text)
    {
        text.Head("grpc_server_started_total", "counter", "Calls begun.");
        foreach (var row in MethodTable.All) text.Value("grpc_server_started_total", Labels(row), counts.StartedOf(row));
        text.Head("grpc_server_handled_total", "counter", "Calls ended, by how.");
        foreach (var row in MethodTable.All)
        {
            foreach (var code in Enum.GetValues<Grpc.Core.StatusCode>())
            {
                var handled = counts.HandledOf(row, (int)code);
                if (handled > 0) text.Value("grpc_server_handled_total", $"grpc_code=\"{code}\",{Labels(row)}", handled);
            }
        }
    }

    private static void WriteProcess(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Gauge("process_resident_memory_bytes", "Resident memory.", process.WorkingSet64);
        text.Gauge("process_virtual_memory_bytes", "Virtual memory.", process.VirtualMemorySize64);
        text.Counter("process_cpu_seconds_total", "Processor time, user and system.", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_start_time_seconds", "The start, since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("process_open_fds", "Open file descriptors.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
    }

    private static string Labels(MethodRow row) => $"grpc_method=\"{row.Name}\",grpc_service=\"{row.Service}\",grpc_type=\"{row.Kind}\"";
}
