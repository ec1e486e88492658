using System.Collections.Immutable;
using VptDsl.Common;

namespace VptDsl.Weights.Numpy;

/// <summary>Parses the text of a NumPy header, a Python dictionary of three entries written out.</summary>
/// <example><c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c></example>
internal ref struct NpyHeaderText(string text)
{
    // NumPy's own limit.
    private const int MaxRank = 64;

    private const int MaxNesting = 32;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>The entries.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public (string Descriptor, bool IsColumnMajor, ImmutableArray<long> Shape) Parse()
    {
        string? descriptor = null;
        bool? isColumnMajor = null;
        ImmutableArray<long> shape = default;
        Expect('{');
        while (!TryTake('}'))
        {
            string key = TakeString();
            Expect(':');
            switch (key)
            {
                case "descr" when descriptor is null:
                    descriptor = TakeDescriptor();
                    break;
                case "fortran_order" when isColumnMajor is null:
                    isColumnMajor = TakeBoolean();
                    break;
                case "shape" when shape.IsDefault:
                    shape = TakeShape();
                    break;
                default:
                    throw Broken($"an entry {Quoted.Name(key)} that does not belong there");
            }

            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }

        SkipBlanks();
        if (_at < _text.Length)
        {
            throw Broken("something behind the dictionary");
        }

        return descriptor is null || isColumnMajor is null || shape.IsDefault
            ? throw Broken("not all of descr, fortran_order and shape")
            : (descriptor, isColumnMajor.Value, shape);
    }

    // The types of records are lists of fields; nothing reads them, so that their text serves as their name.
    private string TakeDescriptor()
    {
        SkipBlanks();
        if (Next is '\'' or '"')
        {
            return TakeString();
        }

        int start = _at;
        int depth = 0;
        do
        {
            switch (Next)
            {
                case '[' or '(' when depth < MaxNesting:
                    depth++;
                    _at++;
                    break;
                case ']' or ')':
                    depth--;
                    _at++;
                    break;
                case '\'' or '"' when depth > 0:
                    TakeString();
                    break;
                case not '\0' when depth > 0:
                    _at++;
                    break;
                default:
                    throw Broken("no type of elements");
            }
        }
        while (depth > 0);
        return _text[start.._at].ToString();
    }

    private ImmutableArray<long> TakeShape()
    {
        var shape = ImmutableArray.CreateBuilder<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            shape.Add(TakeInteger());
            if (shape.Count > MaxRank)
            {
                throw Broken($"more than {MaxRank} dimensions");
            }

            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return shape.ToImmutable();
    }

    private long TakeInteger()
    {
        SkipBlanks();
        int start = _at;
        while (char.IsAsciiDigit(Next))
        {
            _at++;
        }

        if (!long.TryParse(_text[start.._at], out long integer))
        {
            throw Broken("a dimension that is no integer from 0 to 2^63 - 1");
        }

        // Python 2 wrote long integers so.
        if (Next == 'L')
        {
            _at++;
        }

        return integer;
    }

    private bool TakeBoolean()
    {
        SkipBlanks();
        foreach (bool value in (ReadOnlySpan<bool>)[false, true])
        {
            string name = value ? "True" : "False";
            if (_text[_at..].StartsWith(name, StringComparison.Ordinal))
            {
                _at += name.Length;
                return value;
            }
        }

        throw Broken("a fortran_order that is neither True nor False");
    }

    private string TakeString()
    {
        SkipBlanks();
        char quote = Next;
        int length = quote is '\'' or '"' ? _text[(_at + 1)..].IndexOf(quote) : -1;
        if (length < 0)
        {
            throw Broken("no text in quotes where one belongs");
        }

        string value = _text.Slice(_at + 1, length).ToString();
        _at += length + 2;
        return value.Contains('\\') ? throw Broken("an escape in a text") : value;
    }

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool TryTake(char character)
    {
        SkipBlanks();
        bool found = Next == character;
        _at += found ? 1 : 0;
        return found;
    }

    private void Expect(char character)
    {
        if (!TryTake(character))
        {
            throw Broken($"no {character} where one belongs");
        }
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\n')
        {
            _at++;
        }
    }

    private static FormatException Broken(string what) => new($"its header has {what}");
}
