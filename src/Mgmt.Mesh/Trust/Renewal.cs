using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>Has this host's certificate followed by another before it ends, and when the host has come to be reached by other names.</summary>
/// <param name="tls">Uses the new one.</param>
/// <param name="folder">Keeps it.</param>
/// <param name="names">Names and addresses by which others reach this host.</param>
/// <param name="ask">Asks for it.</param>
/// <param name="time">For the due time and the pauses.</param>
/// <param name="log">Takes what an operator should know: a sentence, and whether something is wrong.</param>
internal sealed class Renewal(
    MeshTls tls, TlsFolder folder, IReadOnlyList<string> names, Func<RenewRequest, CancellationToken, Task<EnrollResponse>> ask, TimeProvider time, Action<string, bool> log)
{
    // A timer cannot wait for two months, and clocks are set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(12), LongestPause = TimeSpan.FromHours(1), ShortestPause = TimeSpan.FromSeconds(1);

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        // Others believe no address that the certificate of whoever is there does not name.
        var (failures, told, isNamed) = (0, "", HostNames.AreIn(tls.Certificate, names));
        while (true)
        {
            var left = isNamed ? DueAt(tls.Certificate) - time.GetUtcNow() : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < LongestWait ? left : LongestWait, time, cancel);
                continue;
            }

            var problem = await TryAsync(cancel);
            if (problem.Length == 0)
            {
                (failures, told, isNamed) = (0, "", true);
                log($"this host's certificate is renewed, until {tls.Certificate.NotAfter.ToUniversalTime():u}", false);
                await Task.Delay(ShortestPause, time, cancel);
                continue;
            }

            var sentence = Sentence(problem);
            if (sentence != told) log(told = sentence, true);
            await Task.Delay(PauseAfter(failures++, isNamed), time, cancel);
        }
    }

    /// <summary>When a certificate is to be followed: after two thirds of its life, and not all hosts' at once.</summary>
    internal static DateTimeOffset DueAt(X509Certificate2 certificate)
    {
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var life = to - from;
        return from + (life * 2 / 3) + (life / 24 * (certificate.SerialNumberBytes.Span[^1] / 256.0));
    }

    private async Task<string> TryAsync(CancellationToken cancel)
    {
        try
        {
            using var key = folder.NextKeyOrNew();
            var response = await ask(RenewalProof.Make(tls.Certificate, key, names), cancel);
            if (response.Refusal.Length > 0) return response.Refusal;
            folder.Complete(response.Certificate, null);
            tls.Reload();
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or MeshException)
        {
            return e.Message;
        }
    }

    // The first pause is a part of what is left, so that a short life has short pauses; they double up to an hour. Who is not believed where it is has no time.
    private TimeSpan PauseAfter(int failures, bool isNamed)
    {
        var (now, end) = (time.GetUtcNow(), new DateTimeOffset(tls.Certificate.NotAfter));
        var pause = (end > now && isNamed ? (end - now) / 100 : ShortestPause) * Math.Pow(2, Math.Min(failures, 10));
        return pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;
    }

    private string Sentence(string problem)
    {
        var certificate = tls.Certificate;
        var (now, end) = (time.GetUtcNow(), new DateTimeOffset(certificate.NotAfter));
        var until = now >= end ? $"it ended on {end.UtcDateTime:u}, and no other host lets this one in: have a token made with --host {RoleWords.HostOf(certificate)}, and start the agent with --token"
            : end - now < (end - certificate.NotBefore) / 10 ? $"it ends soon, on {end.UtcDateTime:u}" : $"it holds until {end.UtcDateTime:u}, and is tried again";
        return $"cannot renew this host's certificate: {problem.TrimEnd('.')}; {until}";
    }
}
