using System.Globalization;

namespace VptDsl.Compiler.Common;

/// <summary>
/// A short name for a text, the same on every machine and in every process: FNV-1a over its characters, in hexadecimal digits.
/// </summary>
internal static class StableHash
{
    public static string Of(string text) =>
        text.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u)).ToString("x8", CultureInfo.InvariantCulture);
}
