using Mgmt.Mesh.Raft.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Mesh.Tests.Raft;

public sealed class NewsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly News _news;

    public NewsTests() => _news = new(_time);

    [Fact]
    public void What_goes_on_is_told_once_a_minute_and_what_else_happens_meanwhile_at_once()
    {
        var told = new List<string>();
        for (var second = 0; second < 150; second++)
        {
            foreach (var cause in (string[])["first", "second"])
            {
                if (_news.Is(cause)) told.Add($"{second} {cause}");
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["0 first", "0 second", "60 first", "60 second", "120 first", "120 second"], told);
    }

    [Fact]
    public void Whoever_thinks_of_another_cause_each_time_does_not_fill_the_log_nor_the_memory()
    {
        Assert.Equal(256, Enumerable.Range(0, 10_000).Count(i => _news.Is($"cause {i}")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_news.Is("cause 9999"));
    }
}
