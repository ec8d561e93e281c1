namespace Mgmt.Robustness.Histories;

/// <summary>What a watch told: a key and what it became, null when it was deleted.</summary>
internal readonly record struct Change(long Revision, string Key, string? Value);
