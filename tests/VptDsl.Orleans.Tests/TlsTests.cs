using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects clusters from whoever reaches them: without a certificate of the authority nobody is listened to.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Silos_of_one_authority_share_a_sweep_and_others_are_not_heard()
    {
        byte[] expected = LocalSweep.Run(TinySweep.Recipe, PathOf("local.jsonl"));
        ClusterSettings settings = new() { Folder = PathOf("store"), DeadAfterSeconds = 120, Tls = Certificates("own") };
        await using var cluster = new TestCluster(settings);
        await cluster.StartAsync();
        await cluster.StartAsync();

        using IHost member = Client(settings);
        await member.StartAsync();
        await cluster.Sweep(TinySweep.Recipe, PathOf("a.jsonl")).RunAsync();
        await member.StopAsync();

        Assert.Equal(expected, File.ReadAllBytes(PathOf("a.jsonl")));
        await AssertIsNotHeard(settings with { Tls = Certificates("strange") });
        await AssertIsNotHeard(settings with { Tls = null });
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_named()
    {
        ClusterTls tls = Certificates("own") with { Certificate = PathOf("missing.pem") };

        IOException error = Assert.Throws<IOException>(() => Client(new ClusterSettings { Folder = PathOf("store"), Tls = tls }));

        Assert.Contains("missing.pem: the certificate cannot be read", error.Message, StringComparison.Ordinal);
    }

    // One that is refused tries again, for minutes: a member was connected in less than a second.
    private static async Task AssertIsNotHeard(ClusterSettings settings)
    {
        using IHost client = Client(settings);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<Exception>(() => client.StartAsync(patience.Token));
    }

    private static IHost Client(ClusterSettings settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client.UseVptCluster(settings));
        return builder.Build();
    }

    /// <summary>An authority, and a certificate that it signed.</summary>
    private ClusterTls Certificates(string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name} authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using X509Certificate2 signed = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        File.WriteAllText(PathOf($"{name}.pem"), signed.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf($"{name}.authority.pem"), authority.ExportCertificatePem());
        return new ClusterTls
        {
            Certificate = PathOf($"{name}.pem"),
            Key = PathOf($"{name}.key"),
            Authority = PathOf($"{name}.authority.pem"),
        };
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
