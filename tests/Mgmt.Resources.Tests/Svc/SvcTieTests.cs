using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Svc;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>What a service is tied to by its name alone, and which paths count in what systemd tells.</summary>
public sealed class SvcTieTests
{
    [Theory]
    [InlineData("/etc/systemd/system/nginx.service", "unit-file nginx.service")]
    [InlineData("/usr/lib/systemd/system/getty@.service", "unit-file getty@.service")]
    [InlineData("/run/systemd/system/a.socket", "unit-file a.socket")]
    [InlineData("/etc/systemd/system/nginx.service.d/limits.conf", "unit-drop-in nginx.service")]
    [InlineData("/lib/systemd/system/nginx.service.d/", "unit-drop-in nginx.service")]
    [InlineData("/etc/systemd/system/service.d/all.conf", "unit-drop-in service")]
    [InlineData("/etc/systemd/system/nginx.service.d/README", "")]
    [InlineData("/etc/systemd/system/nginx.service.wants/a.service", "")]
    [InlineData("/etc/systemd/system/", "")]
    [InlineData("/etc/systemd/system/note.txt", "")]
    [InlineData("/etc/systemd/user/nginx.service", "")]
    [InlineData("/srv/etc/systemd/system/nginx.service", "")]
    public void A_path_is_a_units_file_or_drop_in_where_systemd_reads_it(string path, string expected) =>
        Assert.Equal(expected, string.Join(", ", UnitFiles.Of(path).Select(one => $"{one.Space} {one.Key}")));

    [Fact]
    public void A_service_is_its_unit_and_wishes_for_its_files()
    {
        var ties = TiesOf("web-front@a", session: false);
        Assert.Equal([new Identity("unit", "web-front@a.service"), new Identity("unit", "web-front@.service")], ties.Identities);
        Assert.Equal(
            [
                "unit-file web-front@a.service", "unit-file web-front@.service", "unit-drop-in web-front@a.service",
                "unit-drop-in web-front@.service", "unit-drop-in web-.service", "unit-drop-in service",
            ],
            ties.Wishes.Select(wish => wish.Alternatives.Single()).Select(one => $"{one.Space} {one.Key}"));
        Assert.All(ties.Wishes, wish => Assert.True(wish is { Notify: true, Order: WishOrder.After }));
    }

    [Fact]
    public void A_users_service_is_another_than_the_hosts()
    {
        var ties = TiesOf("sync", session: true);
        Assert.Equal([new Identity("user-unit", "sync.service")], ties.Identities);
        Assert.Empty(ties.Wishes);
    }

    [Theory]
    [InlineData("/etc/x", "/etc/x")]
    [InlineData("/etc//x/./y/", "/etc/x/y")]
    [InlineData("--config=/etc/x", "/etc/x")]
    [InlineData("-c/etc/x", "/etc/x")]
    [InlineData("CONFIG=/etc/x:/etc/y", "/etc/x /etc/y")]
    [InlineData("exec thing -f /etc/x >\"/var/log/y\"", "/etc/x /var/log/y")]
    [InlineData("file:/etc/x", "/etc/x")]
    [InlineData("/etc/with space", "/etc/with space /etc/with")]
    [InlineData("http://example.org/a", "")]
    [InlineData("relative/path", "")]
    [InlineData("--rel=a/b", "")]
    [InlineData("/etc/$NAME", "")]
    [InlineData("/etc/*.conf", "")]
    [InlineData("/etc/../x", "")]
    [InlineData("/", "")]
    [InlineData("//", "")]
    [InlineData("", "")]
    public void Absolute_paths_are_found_in_words(string word, string paths) => Assert.Equal(paths, string.Join(' ', UnitPaths.In(word).Distinct()));

    [Fact]
    public void A_word_is_bounded_and_read_in_one_pass()
    {
        Assert.Empty(UnitPaths.In("/" + new string('a', 5000)));
        Assert.Equal(1365, UnitPaths.In(string.Concat(Enumerable.Repeat(":/a", 1365))).Count());
    }

    [Fact]
    public void A_path_may_be_managed_as_a_directory_or_on_the_other_side_of_the_merge()
    {
        Assert.Equal("/etc/x.d /etc/x.d/", Join("/etc/x.d"));
        Assert.Equal("/lib/a /lib/a/ /usr/lib/a /usr/lib/a/", Join("/lib/a"));
        Assert.Equal("/usr/bin/a /usr/bin/a/ /bin/a /bin/a/", Join("/usr/bin/a"));

        static string Join(string path) => string.Join(' ', UnitPaths.Alternatives(path).Select(one => one.Key));
    }

    [Fact]
    public void What_systemd_tells_is_read_whatever_it_is()
    {
        var config = UnitConfig.From(new Dictionary<string, object>
        {
            ["FragmentPath"] = "/lib/systemd/system/a.service",
            ["DropInPaths"] = new List<object> { "/etc/systemd/system/a.service.d/b.conf", 7 },
            ["ExecStart"] = new List<object> { new List<object> { "/usr/sbin/a", new List<object> { "/not/this", "-c", "/etc/a.conf", "--dir=/etc/a.d/" }, false }, new List<object>(), "odd" },
            ["EnvironmentFiles"] = new List<object> { new List<object> { "/etc/default/a", true } },
            ["LoadCredential"] = new List<object> { new List<object> { "key", "/etc/a.key" }, new List<object> { "cert", "a.cert" } },
            ["Conditions"] = new List<object> { new List<object> { "ConditionPathExists", false, false, "/etc/a.on", 1 }, new List<object> { "ConditionSecurity", false, false, "/no", 1 } },
            ["WorkingDirectory"] = "!/var/lib/a",
            ["Environment"] = "not a list",
            ["ControlGroup"] = "/system.slice/a.service",
        });
        Assert.Equal("/lib/systemd/system/a.service", config.FragmentPath);
        Assert.Equal(
            [
                "/lib/systemd/system/a.service", "/var/lib/a", "/etc/systemd/system/a.service.d/b.conf", "/etc/default/a", "/usr/sbin/a", "/etc/a.conf", "/etc/a.d", "/etc/a.key",
                "/etc/credstore/a.cert", "/etc/a.on",
            ],
            config.Paths);
        Assert.All(config.Wishes, wish => Assert.True(wish is { Notify: true, Order: WishOrder.After }));
    }

    [Fact]
    public void The_paths_of_one_unit_are_bounded()
    {
        var many = Enumerable.Range(0, 5000).Select(number => (object)$"V{number}=/etc/{number}").ToList();
        Assert.Equal(UnitConfig.MostPaths, UnitConfig.From(new Dictionary<string, object> { ["Environment"] = many }).Paths.Count);
    }

    [Fact]
    public void Two_names_of_one_unit_have_one_claim()
    {
        Assert.Equal("nginx.service", ClaimOf("nginx", session: false));
        Assert.Equal(ClaimOf("nginx", session: false), ClaimOf("nginx.service", session: false));
        Assert.NotEqual(ClaimOf("nginx", session: false), ClaimOf("nginx", session: true));

        static string? ClaimOf(string name, bool session) => SpecOf(name, session) is var spec ? spec.Kind.Claim(spec) : null;
    }

    private static Ties TiesOf(string name, bool session) => SpecOf(name, session) is var spec ? spec.Kind.Tie(spec) : Ties.None;

    private static ResourceSpec SpecOf(string name, bool session)
    {
        var kind = new SvcKind(null!, null!, null!, TimeProvider.System, null!);
        return new ResourceSpec(new Address("svc", name), kind, new FieldValues(kind.Fields, new Dictionary<Field, object> { [SvcFields.Session] = session }), Meta.Default, default);
    }
}
