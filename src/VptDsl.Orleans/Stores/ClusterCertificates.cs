using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace VptDsl.Orleans.Stores;

/// <summary>Encrypts what silos and clients say, and makes both sides show a certificate of the cluster's authority.</summary>
internal static class ClusterCertificates
{
    public static void Use(ISiloBuilder silo, ClusterTls tls) => silo.UseTls(options => Configure(options, tls));

    public static void Use(IClientBuilder client, ClusterTls tls) => client.UseTls(options => Configure(options, tls));

    private static void Configure(TlsOptions options, ClusterTls tls)
    {
        X509Certificate2 authority = Load(tls.Authority, () => X509CertificateLoader.LoadCertificateFromFile(tls.Authority));
        options.LocalCertificate = Load(tls.Certificate, () => LoadWithKey(tls));
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (certificate, _, _) => IsOf(authority, certificate);
        // The authority vouches for members of the cluster, and not for names.
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = "vptdsl";
    }

    /// <summary>Whether a certificate is signed by the authority and in its time.</summary>
    private static bool IsOf(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 LoadWithKey(ClusterTls tls)
    {
        X509Certificate2 read = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
        if (!OperatingSystem.IsWindows())
            return read;
        // Windows' TLS takes no key that is in memory alone.
        using (read)
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
    }

    private static X509Certificate2 Load(string path, Func<X509Certificate2> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or UnauthorizedAccessException or IOException)
        {
            throw new IOException($"{path}: the certificate cannot be read: {e.Message.TrimEnd('.')}. Certificate and key are in PEM.", e);
        }
    }
}
