using System.Globalization;

namespace VptDsl.Data;

/// <summary>Says which classes there are, for messages.</summary>
internal static class ClassText
{
    private const int Shown = 10;

    /// <summary>Their number and names, at most ten.</summary>
    public static string Of(IReadOnlyCollection<string> names) =>
        $"{Count(names.Count)} ({string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", …" : "")})";

    /// <summary>A number of classes.</summary>
    public static string Count(int classes) =>
        string.Create(CultureInfo.InvariantCulture, $"{classes} {(classes == 1 ? "class" : "classes")}");
}
