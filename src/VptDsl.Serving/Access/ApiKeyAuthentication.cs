using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VptDsl.Serving.Http;

namespace VptDsl.Serving.Access;

/// <summary>Tells whose key a request brings. Where there are no keys everybody is somebody who may ask every task.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<TaskServingOptions> serving)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "VptDslApiKey", Header = "X-Api-Key", TasksClaim = "vptdsl:tasks";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        IList<ApiKey> keys = serving.Value.ApiKeys;
        if (keys.Count == 0)
            return Succeed("", ["*"]);
        if (!Request.Headers.TryGetValue(Header, out var sent))
            return Task.FromResult(AuthenticateResult.NoResult());
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(sent.ToString()));
        ApiKey? found = null;
        // All of them, whichever it is: how long it takes tells nothing.
        foreach (ApiKey key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(Convert.FromHexString(key.Sha256), hash))
                found = key;
        }

        return found is null ? Task.FromResult(AuthenticateResult.Fail("The key is unknown.")) : Succeed(found.Name, found.Tasks);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = $"ApiKey header=\"{Header}\"";
        return Problems.Of(StatusCodes.Status401Unauthorized, "No valid key", $"Send a key in the header {Header}.").ExecuteAsync(Context);
    }

    private Task<AuthenticateResult> Succeed(string name, IEnumerable<string> tasks)
    {
        Claim[] claims = [new(ClaimTypes.Name, name), .. tasks.Select(pattern => new Claim(TasksClaim, pattern))];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
    }
}
