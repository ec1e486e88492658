using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>Attention in windows touches nothing but its results, which do not depend on the threads. Its values are checked with the
/// emitted operations.</summary>
public sealed class WindowAttentionTests
{
    [Theory]
    [InlineData(1, 1, 3, 4, 2, 1, 0, 0)]
    [InlineData(3, 2, 32, 14, 7, 3, 50, 0)]
    [InlineData(2, 3, 5, 12, 12, 0, 7, 0)]
    [InlineData(2, 2, 8, 6, 3, 1, 35, 35)]
    public void Bits_do_not_depend_on_threads(
        int images, int heads, int headDim, int side, int window, int shift, int prompts, int promptQueries)
    {
        var random = new Random(side);
        var places = new WindowPlaces(side, window, shift);
        int width = heads * headDim, rows = promptQueries > 0 ? promptQueries * places.OnSide * places.OnSide : side * side;
        Operand Tokens() => new(random, images, side * side, width, 3, 2);
        Operand Prompts() => new(random, images, Math.Max(1, prompts), width, 1, 0, shared: true);
        Operand Query() => promptQueries > 0 ? Prompts() : Tokens();
        Operand Table() => new(random, 1, places.Positions, heads, 1, 0, shared: true);
        using Operand query = Query(), key = Tokens(), value = Tokens(), bias = Table(), promptKey = Prompts(), promptValue = Prompts();
        using Operand output = new(random, images, rows, width, 2, 1), logSum = new(random, images, rows, heads, 1, 1),
            dOutput = new(random, images, rows, width);
        using Operand dQuery = Query(), dKey = Tokens(), dValue = Tokens(), dBias = Table(), dPromptKey = Prompts(),
            dPromptValue = Prompts();
        bool ofPrompts = promptQueries > 0, overPrompts = prompts > 0;
        var call = new WindowAttentionCall
        {
            Images = images,
            Heads = heads,
            HeadDim = headDim,
            Places = places,
            PromptQueries = promptQueries,
            Query = query.Matrix,
            Key = key.Matrix,
            Value = value.Matrix,
            Bias = ofPrompts ? default : bias.Matrix,
            Prompts = prompts,
            PromptKey = overPrompts ? promptKey.Matrix : default,
            PromptValue = overPrompts ? promptValue.Matrix : default,
            Output = output.Matrix,
            LogSum = logSum.Matrix,
            OutputGradient = dOutput.Matrix,
            QueryGradient = dQuery.Matrix,
            KeyGradient = dKey.Matrix,
            ValueGradient = dValue.Matrix,
            BiasGradient = ofPrompts ? default : dBias.Matrix,
            PromptKeyGradient = overPrompts ? dPromptKey.Matrix : default,
            PromptValueGradient = overPrompts ? dPromptValue.Matrix : default,
        };

        Threads.AssertSameBits("forward", workers => WindowAttentions.Forward(workers, call), output, logSum);
        Threads.AssertSameBits(
            "backward", workers => WindowAttentions.Backward(workers, call), dQuery, dKey, dValue, dBias, dPromptKey, dPromptValue);

        foreach (Operand operand in new[]
        {
            query, key, value, bias, promptKey, promptValue, output, logSum, dQuery, dKey, dValue, dBias, dPromptKey, dPromptValue,
        })
        {
            operand.AssertOnlyElementsWritten("attention in windows");
            Assert.All(operand.Values(), v => Assert.True(float.IsFinite(v)));
        }
    }
}
