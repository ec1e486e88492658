namespace VptDsl.Weights.PyTorch;

/// <summary>The stack that a pickle works on: values, and marks below which a series of values begins.</summary>
internal sealed class PickleStack
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();

    private int Available => _values.Count - (_marks.TryPeek(out int mark) ? mark : 0);

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value) => _values.Add(value);

    /// <summary>Begins a series of values.</summary>
    public void Mark() => _marks.Push(_values.Count);

    /// <summary>The value on top, which stays there.</summary>
    public object? Peek() => Available > 0 ? _values[^1] : throw Empty();

    /// <summary>Takes the value on top.</summary>
    public object? Pop() => Pop(1)[0];

    /// <summary>Takes values from the top, the deepest first.</summary>
    public object?[] Pop(int count) => Available >= count ? Take(count) : throw Empty();

    /// <summary>Takes all values above the latest mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        object?[] values = Take(_marks.Count > 0 ? Available : throw Empty());
        _marks.Pop();
        return values;
    }

    /// <summary>Drops the value on top, or a mark that no value was put on.</summary>
    public void PopItemOrMark()
    {
        if (Available == 0 && _marks.Count > 0)
        {
            _marks.Pop();
        }
        else
        {
            Pop();
        }
    }

    private object?[] Take(int count)
    {
        object?[] values = [.. _values[^count..]];
        _values.RemoveRange(_values.Count - count, count);
        return values;
    }

    private static FormatException Empty() => new("it takes a value that it never put on its stack");
}
