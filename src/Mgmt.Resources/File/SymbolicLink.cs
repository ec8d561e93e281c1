using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>To come.</summary>
internal sealed class SymbolicLink(FileWish wish, FileServices services) : FileResource(wish, services)
{
    private protected override ValueTask<CheckResult> CheckAsync(Drift drift, FileRights rights, bool apply, CancellationToken cancel) => new(CheckResult.Failed("cannot yet"));
}
