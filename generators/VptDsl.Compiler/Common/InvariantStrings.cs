using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>
/// What C# turns every interpolated string of this assembly into. .NET Standard has no such type, so that C# would format in the current
/// culture, whose minus sign may be another: this one knows no culture, and emitted code is the same on every machine.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder _text;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + (8 * formattedCount));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(value);

    public void AppendFormatted(object? value) => _text.Append(Text(value, format: null));

    public void AppendFormatted<T>(T value) => _text.Append(Text(value, format: null));

    public void AppendFormatted<T>(T value, string? format) => _text.Append(Text(value, format));

    public void AppendFormatted<T>(T value, int alignment, string? format = null) =>
        _text.Append(alignment < 0 ? Text(value, format).PadRight(-alignment) : Text(value, format).PadLeft(alignment));

    public override string ToString() => _text.ToString();

    public string ToStringAndClear() => _text.ToString();

    private static string Text<T>(T value, string? format) =>
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
}
