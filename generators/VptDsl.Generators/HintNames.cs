using System.Globalization;
using System.Text;

namespace VptDsl.Generators;

/// <summary>The names under which Roslyn takes files: without the signs that it refuses and that names in C# may have.</summary>
internal static class HintNames
{
    public static string Of(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (char c in name.Where(c => c != '@'))
        {
            if (char.IsLetterOrDigit(c) || c is '.' or '_')
                plain.Append(c);
            else
                plain.Append('-').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return plain.ToString();
    }
}
