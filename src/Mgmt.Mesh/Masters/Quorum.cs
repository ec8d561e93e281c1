namespace Mgmt.Mesh.Masters;

/// <summary>The arithmetic of majorities.</summary>
public static class Quorum
{
    /// <summary>How many of so many voters are a majority.</summary>
    public static int Majority(int voters) => (voters / 2) + 1;

    /// <summary>How many of those that answer may fail before there is no majority; below 0 there is none now.</summary>
    public static int Spare(int heard, int voters) => heard - Majority(voters);

    /// <summary>The largest odd number not above another; 1 at least.</summary>
    public static int OddUpTo(int most) => Math.Max(1, most - (most % 2 == 0 ? 1 : 0));
}
