namespace Mgmt.Store.Home;

/// <summary>What one transaction writes and removes, and how it changes the number and the sum of documents.</summary>
internal sealed class Batch
{
    public List<HomeDocument> Written { get; } = [];

    public List<(Shelf Shelf, long Id)> Removed { get; } = [];

    /// <summary>How many documents more there are.</summary>
    public int Growth { get; private set; }

    /// <summary>What is to be added to the sum.</summary>
    public ulong Change { get; private set; }

    /// <summary>Writes a document that may replace one whose share is given. Answers its own share.</summary>
    public ulong Write(HomeDocument document, ulong? replaced)
    {
        Written.Add(document);
        if (replaced is null) Growth++;
        Change += document.Share - (replaced ?? 0);
        return document.Share;
    }

    /// <summary>Removes a document with its share.</summary>
    public void Remove(Shelf shelf, long id, ulong share)
    {
        Removed.Add((shelf, id));
        Growth--;
        Change -= share;
    }
}
