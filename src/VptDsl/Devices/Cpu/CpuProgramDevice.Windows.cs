namespace VptDsl.Devices.Cpu;

/// <content>Operations on tokens that lie in a grid.</content>
public abstract unsafe partial class CpuProgramDevice
{
    /// <summary>
    /// Attention inside shifted windows of a grid; without position biases the queries are prompts, which attend in every window.
    /// </summary>
    protected void WindowAttention(
        in MatrixOperand query,
        in MatrixOperand key,
        in MatrixOperand value,
        in MatrixOperand bias,
        in MatrixOperand promptKey,
        in MatrixOperand promptValue,
        in MatrixOperand output,
        in MatrixOperand logSum,
        int heads,
        int side,
        int window,
        int shift) =>
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
        in MatrixOperand dPromptValue,
        int heads,
        int side,
        int window,
        int shift) =>
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
    protected void MergeNeighbours(in MatrixOperand x, in MatrixOperand merged, int side) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: false);

    /// <summary>Merged tokens back at their places.</summary>
    protected void SplitNeighbours(in MatrixOperand merged, in MatrixOperand x, int side) =>
        Neighbours.Copy(Workers, ImagesOf(x), side, x.Columns, At(x), At(merged), split: true);

    /// <summary>The mean over groups of rows.</summary>
    protected void MeanOfGroups(in MatrixOperand x, in MatrixOperand mean, int groups) =>
        Groups.Mean(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(x), At(mean));

    /// <summary>1 / groups of each row for every group.</summary>
    protected void SpreadToGroups(in MatrixOperand mean, in MatrixOperand x, int groups) =>
        Groups.Spread(Workers, ImagesOf(x), groups, mean.Rows, x.Columns, At(mean), At(x));
}
