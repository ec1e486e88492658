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
    public const string SchemeName = "VptDslApiKey", Header = "X-Api-Key";

    /// <summary>Claims: whose key it is, and what it may ask.</summary>
    public const string CallerClaim = "vptdsl:caller", TasksClaim = "vptdsl:tasks";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        IList<ApiKey> keys = serving.Value.ApiKeys;
        if (keys.Count == 0)
            return Succeed("", ["*"], isKnown: false);
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

        return found is null
            ? Task.FromResult(AuthenticateResult.Fail("The key is unknown."))
            : Succeed(found.Name, found.Tasks, isKnown: true);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = $"ApiKey header=\"{Header}\"";
        return Problems.Of(StatusCodes.Status401Unauthorized, "No valid key", $"Send a key in the header {Header}.").ExecuteAsync(Context);
    }

    /// <summary>Lets a caller in.</summary>
    /// <param name="name">Whose key it is.</param>
    /// <param name="tasks">What it may ask.</param>
    /// <param name="isKnown">
    /// Whether there was a key. Whoever needs none here is nobody to the application's other endpoints, whose scheme this may be by
    /// default.
    /// </param>
    private Task<AuthenticateResult> Succeed(string name, IEnumerable<string> tasks, bool isKnown)
    {
        Claim[] claims = [new(CallerClaim, name), .. tasks.Select(pattern => new Claim(TasksClaim, pattern))];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, isKnown ? Scheme.Name : null, CallerClaim, roleType: null));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
    }
}
