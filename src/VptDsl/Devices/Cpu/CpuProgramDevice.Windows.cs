namespace VptDsl.Devices.Cpu;

/// <content>Operations on tokens that lie in a grid.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>
    /// Attention inside shifted windows of a grid; without position biases the queries are prompts, which attend in every window.
    /// </summary>
    protected void WindowAttention(
        int heads,
        int side,
        int window,
        int shift,
        in MatrixOperand query,
        in MatrixOperand key,
        in MatrixOperand value,
        in MatrixOperand bias,
        in MatrixOperand promptKey,
        in MatrixOperand promptValue,
        in MatrixOperand output,
        in MatrixOperand logSum) =>
        WindowAttentions.Forward(Workers, new WindowAttentionCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            Places = new WindowPlaces(side, window, shift),
            PromptQueries = bias.IsPresent ? 0 : query.Rows,
            Query = At(query),
            Key = At(key),
            Value = At(value),
            Bias = At(bias),
            Prompts = promptKey.Rows,
            PromptKey = At(promptKey),
            PromptValue = At(promptValue),
            Output = At(output),
            LogSum = At(logSum),
        });

    /// <summary>The gradients of attention inside windows.</summary>
    protected void WindowAttentionGradient(
        int heads,
        int side,
        int window,
        int shift,
        in MatrixOperand dOutput,
        in MatrixOperand output,
        in MatrixOperand logSum,
        in MatrixOperand query,
        in MatrixOperand key,
        in MatrixOperand value,
        in MatrixOperand bias,
        in MatrixOperand promptKey,
        in MatrixOperand promptValue,
        in MatrixOperand dQuery,
        in MatrixOperand dKey,
        in MatrixOperand dValue,
        in MatrixOperand dBias,
        in MatrixOperand dPromptKey,
        in MatrixOperand dPromptValue) =>
        WindowAttentions.Backward(Workers, new WindowAttentionCall
        {
            Images = ImagesOf(output),
            Heads = heads,
            HeadDim = query.Columns / heads,
            Places = new WindowPlaces(side, window, shift),
            PromptQueries = bias.IsPresent ? 0 : query.Rows,
            Query = At(query),
            Key = At(key),
            Value = At(value),
            Bias = At(bias),
            Prompts = promptKey.Rows,
            PromptKey = At(promptKey),
            PromptValue = At(promptValue),
            Output = At(output),
            LogSum = At(logSum),
            OutputGradient = At(dOutput),
            QueryGradient = At(dQuery),
            KeyGradient = At(dKey),
            ValueGradient = At(dValue),
            BiasGradient = At(dBias),
            PromptKeyGradient = At(dPromptKey),
            PromptValueGradient = At(dPromptValue),
        });

    /// <summary>2 x 2 neighbouring tokens side by side.</summary>
    protected void MergeNeighbours(int side, in MatrixOperand x, in MatrixOperand merged) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: false);

    /// <summary>Merged tokens back at their places.</summary>
    protected void SplitNeighbours(int side, in MatrixOperand merged, in MatrixOperand x) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: true);

    /// <summary>The mean over groups of rows.</summary>
    protected void MeanOfGroups(int groups, in MatrixOperand x, in MatrixOperand mean) =>
        Groups.Mean(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(x), At(mean));

    /// <summary>1 / groups of each row for every group.</summary>
    protected void SpreadToGroups(int groups, in MatrixOperand mean, in MatrixOperand x) =>
        Groups.Spread(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(mean), At(x));
}
