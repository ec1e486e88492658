namespace VptDsl.Devices.Cpu;

/// <summary>Attention inside the windows of a grid, forwards or backwards; head h has columns h * HeadDim .. of every operand.</summary>
internal struct WindowAttentionCall
{
    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The number of heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Columns of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The windows.</summary>
    public required WindowPlaces Places { get; init; }

    /// <summary>Prompts that query in every window; 0 where the tokens of the image query.</summary>
    public int PromptQueries { get; init; }

    /// <summary>Tokens of the image in the order of the grid, or <see cref="PromptQueries"/>, which images may share.</summary>
    public required Matrix Query { get; init; }

    /// <summary>Keys in the order of the grid.</summary>
    public required Matrix Key { get; init; }

    /// <summary>Values in the order of the grid.</summary>
    public required Matrix Value { get; init; }

    /// <summary>A row for each relative position and a column for each head; absent for prompts that query.</summary>
    public Matrix Bias { get; init; }

    /// <summary>Prompts that are read in every window.</summary>
    public int Prompts { get; init; }

    /// <summary>Their keys, which images may share.</summary>
    public Matrix PromptKey { get; init; }

    /// <summary>Their values.</summary>
    public Matrix PromptValue { get; init; }

    /// <summary>A row for each token in the order of the grid, or for each prompt of each window, window by window.</summary>
    public required Matrix Output { get; init; }

    /// <summary>Log of the sum of the exponentials of each row's scores, a column for each head; absent if not wanted.</summary>
    public Matrix LogSum { get; init; }

    /// <summary>Backwards: the output's gradient.</summary>
    public Matrix OutputGradient { get; init; }

    /// <summary>Where the queries' gradient goes, if it is wanted; like all, a sum over images where these share the operand.</summary>
    public Matrix QueryGradient { get; init; }

    /// <summary>Where the keys' gradient goes, if it is wanted.</summary>
    public Matrix KeyGradient { get; init; }

    /// <summary>Where the values' gradient goes, if it is wanted.</summary>
    public Matrix ValueGradient { get; init; }

    /// <summary>Where the position biases' gradient goes, if it is wanted.</summary>
    public Matrix BiasGradient { get; init; }

    /// <summary>Where the prompts' keys' gradient goes, if it is wanted.</summary>
    public Matrix PromptKeyGradient { get; init; }

    /// <summary>Where the prompts' values' gradient goes, if it is wanted.</summary>
    public Matrix PromptValueGradient { get; init; }

    /// <summary>Whether prompts query.</summary>
    public readonly bool OfPrompts => PromptQueries > 0;

    /// <summary>Queries of a window.</summary>
    public readonly int QueriesOfWindow => OfPrompts ? PromptQueries : Places.Tokens;

    /// <summary>What scores are multiplied by.</summary>
    public readonly float Scale => (float)(1 / Math.Sqrt(HeadDim));

    /// <summary>The row of the output that belongs to a query of a window.</summary>
    public readonly int OutputRow(int window, int query) => OfPrompts ? (window * PromptQueries) + query : Places.Row(window, query);
}
