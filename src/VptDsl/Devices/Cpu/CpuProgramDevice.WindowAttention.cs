namespace VptDsl.Devices.Cpu;

/// <content>Attention inside the windows of a grid.</content>
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
        WindowAttentions.Forward(
            Workers, CallOf(query, key, value, bias, promptKey, promptValue, output, logSum, heads, side, window, shift));

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
        WindowAttentions.Backward(
            Workers,
            CallOf(query, key, value, bias, promptKey, promptValue, output, logSum, heads, side, window, shift) with
            {
                OutputGradient = At(dOutput),
                QueryGradient = At(dQuery),
                KeyGradient = At(dKey),
                ValueGradient = At(dValue),
                BiasGradient = At(dBias),
                PromptKeyGradient = At(dPromptKey),
                PromptValueGradient = At(dPromptValue),
            });

    private WindowAttentionCall CallOf(
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
        int shift) => new()
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
        };
}
