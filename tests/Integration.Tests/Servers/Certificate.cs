using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Recipes.Integration.Tests.Servers;

/// <summary>A certificate for 127.0.0.1 that vouches for itself, made anew for a test, as two files in PEM.</summary>
internal static class Certificate
{
    /// <summary>Writes <c>cert.pem</c> and <c>key.pem</c>, which everyone may read; returns the certificate.</summary>
    public static X509Certificate2 Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.Now.AddDays(-1), DateTimeOffset.Now.AddDays(2));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Join(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Join(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    /// <summary>Connects to a server with this certificate alone, and unpacks nothing.</summary>
    public static SocketsHttpHandler Handler(X509Certificate2 certificate) =>
        new()
        {
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = new() { RemoteCertificateValidationCallback = (_, found, _, _) => IsSame(certificate, found) },
        };

    /// <summary>A client that speaks HTTP/2 alone, to a port at 127.0.0.1.</summary>
    public static HttpClient Client(SocketsHttpHandler handler, int port) =>
        new(handler)
        {
            BaseAddress = new($"https://127.0.0.1:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>Whether a server showed this certificate.</summary>
    public static bool IsSame(X509Certificate2 certificate, X509Certificate? found) =>
        found?.GetCertHashString() == certificate.GetCertHashString();
}
