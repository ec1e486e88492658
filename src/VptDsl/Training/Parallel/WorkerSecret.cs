using System.Security.Cryptography;
using System.Text;

namespace VptDsl.Training.Parallel;

/// <summary>What the workers of a group know and others do not, as a key.</summary>
internal sealed class WorkerSecret
{
    private const int FewestCharacters = 16, Iterations = 100_000, KeyBytes = 32;

    // The same for all groups: it keeps no secrets apart, but makes a table of keys for other purposes useless.
    private static readonly byte[] Salt = "VptDsl workers"u8.ToArray();

    private readonly byte[] _key;

    /// <summary>Makes a key of a secret.</summary>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public WorkerSecret(string secret, string parameter)
    {
        ArgumentNullException.ThrowIfNull(secret, parameter);
        if (secret.Length < FewestCharacters)
        {
            throw new ArgumentException(
                $"A secret has at least {FewestCharacters} characters, which nobody can guess; this one has {secret.Length}.", parameter);
        }

        _key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), Salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);
    }

    /// <summary>A key for what one side of a connection sends.</summary>
    /// <param name="side">Which side.</param>
    /// <param name="leader">What the leader drew for this connection.</param>
    /// <param name="worker">What the worker drew for it.</param>
    public byte[] KeyOf(ReadOnlySpan<byte> side, ReadOnlySpan<byte> leader, ReadOnlySpan<byte> worker) =>
        HMACSHA256.HashData(_key, (byte[])[.. leader, .. worker, .. side]);
}
