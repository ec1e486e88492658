using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace VptDsl.Serving;

/// <summary>Who may ask which tasks. The key itself is nowhere kept, only its hash.</summary>
public sealed class ApiKey
{
    /// <summary>Whose it is, for logs and limits; unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>The key's SHA-256 as 64 hexadecimal digits (<see cref="HashOf"/>).</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>The tasks it may ask, with * for any characters and ? for one; none unless stated.</summary>
    public IList<string> Tasks { get; set; } = [];

    /// <summary>A key's hash, for <see cref="Sha256"/>. A key should be random and have at least 128 bits, for the hash is fast.</summary>
    /// <param name="key">What callers send in the header X-Api-Key.</param>
    public static string HashOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    internal static bool Matches(string pattern, string task) =>
        FileSystemName.MatchesSimpleExpression(pattern, task, ignoreCase: false);
}
