using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// The gradients of attention in windows: a kernel each for queries, tokens, prompts and position biases, with a thread for each row
/// and head of what it computes. Weights are recomputed from the saved sums.
/// </summary>
/// <remarks>The gradient of an operand without a batch is summed over the images by its thread, in order.</remarks>
internal sealed class WindowAttentionGradientKernel
{
    private const int Query = 3, Key = 4, Value = 5, Bias = 6;

    private readonly WindowAttention _attention;
    private readonly CallOperands _operands;
    private readonly WindowPairs _pairs;
    private readonly string _name;

    private WindowAttentionGradientKernel(WindowAttention attention, Call call, string name) =>
        (_attention, _operands, _pairs, _name) = (attention, new(call), new(attention.Grid), name);

    private int PromptKey => Query + _attention.PromptKey;

    public static IReadOnlyList<Kernel> Create(WindowAttentionGradient gradient, Call call, string name)
    {
        var family = new WindowAttentionGradientKernel(gradient.Forward, call, name);
        Kernel?[] kernels =
        [
            family.Kernel("Queries", [Query], family.WriteQuery),
            family.Kernel("Tokens", [Key, Value], family.WriteToken),
            gradient.Forward.OfPrompts ? null : family.Kernel("Bias", [Bias], family.WriteBias),
            gradient.Forward.OverPrompts ? family.Kernel("Prompts", [family.PromptKey, family.PromptKey + 1], family.WritePrompt) : null,
        ];
        return kernels.OfType<Kernel>().ToArray();
    }

    private delegate void BodyWriter(
        SourceWriter writer, string row, HeadColumns head, string headIndex, IReadOnlyList<KernelOperand?> gradients);

    private Kernel? Kernel(string part, int[] inputs, BodyWriter writeBody)
    {
        KernelOperand?[] gradients = inputs.Select(i => _operands.Wanted(i - Query)).ToArray();
        if (gradients.FirstOrDefault(g => g is not null) is not { } target)
            return null;
        bool ofBias = inputs[0] == Bias && !_attention.OfPrompts;
        ThreadIndices indices = ofBias ? ThreadIndices.Elements(target) : ThreadIndices.Heads(target, _attention.Heads);
        string row = indices.Variables[0], headIndex = indices.Variables[1];
        var head = new HeadColumns(_operands.In(Query), _attention.Heads, headIndex);
        KernelOperand[] written = gradients.OfType<KernelOperand>().ToArray();
        string summary = $"{string.Join(", ", written.Select(g => $"{g.Name} {g.Layout.Shape}"))} = gradients from {_operands.In(0).Name}.";
        return new(_name + part, summary, [.. _operands.Inputs, .. written], indices.Threads, writer =>
        {
            indices.Write(writer);
            if (!ofBias)
                head.ForEach(writer, written.Select(g => $"{g.At(row, head.Column)} = 0;").ToArray());
            if (target.Batched)
            {
                writeBody(writer, row, head, headIndex, gradients);
                return;
            }

            if (ofBias)
                writer.Line("float total = 0;");
            using (writer.Block("for (int image = 0; image < batch; image++)"))
                writeBody(writer, row, head, headIndex, gradients);
            if (ofBias)
                writer.Line($"{target.At(row, headIndex)} = total;");
        });
    }

    private void WriteQuery(SourceWriter writer, string row, HeadColumns head, string headIndex, IReadOnlyList<KernelOperand?> gradients)
    {
        if (!_attention.OfPrompts)
        {
            writer.Line($"int queryRow = {row}, outputRow = {row};");
            _pairs.WritePlace(writer, row, "y", "x");
            WriteKeys();
            return;
        }

        using (writer.Block($"for (int window = 0; window < {_attention.Grid.Windows}; window++)"))
        {
            writer.Line($"int queryRow = {row}, outputRow = window * {_operands.In(Query).Rows} + {row};");
            _pairs.WriteWindow(writer, "window");
            WriteKeys();
        }

        void WriteKeys()
        {
            using (_pairs.ForEachToken(writer, "keyRow", "keyY", "keyX"))
                WriteKey(_operands.In(Key), _operands.In(Value), hasPosition: !_attention.OfPrompts);
            if (!_attention.OverPrompts)
                return;
            KernelOperand keys = _operands.In(PromptKey);
            using (writer.Block($"for (int keyRow = 0; keyRow < {keys.Rows}; keyRow++)"))
                WriteKey(keys, _operands.In(PromptKey + 1), hasPosition: false);
        }

        void WriteKey(KernelOperand keys, KernelOperand values, bool hasPosition)
        {
            WritePair(writer, head, headIndex, keys, values, hasPosition);
            head.ForEach(writer, $"{gradients[0]!.At(row, head.Column)} += dScore * {head.Scale} * {keys.At("keyRow", head.Column)};");
        }
    }

    private void WriteToken(SourceWriter writer, string row, HeadColumns head, string headIndex, IReadOnlyList<KernelOperand?> gradients)
    {
        writer.Line($"int keyRow = {row};");
        _pairs.WritePlace(writer, row, "keyY", "keyX");
        if (_attention.OfPrompts)
        {
            int prompts = _operands.In(Query).Rows;
            using (writer.Block($"for (int queryRow = 0; queryRow < {prompts}; queryRow++)"))
            {
                writer.Line($"int outputRow = ({_pairs.Window}) * {prompts} + queryRow;");
                WriteContributions(writer, row, head, headIndex, Key, hasPosition: false, gradients);
            }

            return;
        }

        using (_pairs.ForEachToken(writer, "queryRow", "y", "x"))
        {
            writer.Line("int outputRow = queryRow;");
            WriteContributions(writer, row, head, headIndex, Key, hasPosition: true, gradients);
        }
    }

    private void WritePrompt(SourceWriter writer, string row, HeadColumns head, string headIndex, IReadOnlyList<KernelOperand?> gradients)
    {
        KernelOperand output = _operands.In(1), query = _operands.In(Query);
        writer.Line($"int keyRow = {row};");
        using (writer.Block($"for (int outputRow = 0; outputRow < {output.Rows}; outputRow++)"))
        {
            writer.Line($"int queryRow = outputRow{(_attention.OfPrompts ? $" % {query.Rows}" : "")};");
            WriteContributions(writer, row, head, headIndex, PromptKey, hasPosition: false, gradients);
        }
    }

    private void WriteBias(SourceWriter writer, string row, HeadColumns head, string headIndex, IReadOnlyList<KernelOperand?> gradients)
    {
        writer.Line($"int position = {row};");
        using (writer.Block($"for (int queryRow = 0; queryRow < {_attention.Grid.Tokens}; queryRow++)"))
        {
            writer.Line("int outputRow = queryRow;");
            _pairs.WritePlace(writer, "queryRow", "y", "x");
            using (_pairs.ForKeyAtPosition(writer))
            {
                WritePair(writer, head, headIndex, _operands.In(Key), _operands.In(Value), hasPosition: true);
                writer.Line("total += dScore;");
            }
        }
    }

    private void WriteContributions(
        SourceWriter writer, string row, HeadColumns head, string headIndex, int keys, bool hasPosition,
        IReadOnlyList<KernelOperand?> gradients)
    {
        WritePair(writer, head, headIndex, _operands.In(keys), _operands.In(keys + 1), hasPosition);
        if (gradients[0] is { } dKey)
        {
            head.ForEach(
                writer, $"{dKey.At(row, head.Column)} += dScore * {head.Scale} * {_operands.In(Query).At("queryRow", head.Column)};");
        }

        if (gradients[1] is { } dValue)
            head.ForEach(writer, $"{dValue.At(row, head.Column)} += weight * {_operands.In(0).At("outputRow", head.Column)};");
    }

    /// <summary>Declares the weight of a key for a query and the gradient of their score.</summary>
    private void WritePair(
        SourceWriter writer, HeadColumns head, string headIndex, KernelOperand keys, KernelOperand values, bool hasPosition)
    {
        KernelOperand dOutput = _operands.In(0), output = _operands.In(1), logSum = _operands.In(2), query = _operands.In(Query);
        writer.Line("float score = 0, slope = 0, projection = 0;");
        head.ForEach(
            writer,
            $"score += {query.At("queryRow", head.Column)} * {keys.At("keyRow", head.Column)};",
            $"slope += {dOutput.At("outputRow", head.Column)} * {values.At("keyRow", head.Column)};",
            $"projection += {dOutput.At("outputRow", head.Column)} * {output.At("outputRow", head.Column)};");
        writer.Line($"score *= {head.Scale};");
        if (hasPosition)
            _pairs.WriteBias(writer, _operands.In(Bias), headIndex);
        writer.Line($"float weight = XMath.Exp(score - {logSum.At("outputRow", headIndex)});");
        writer.Line("float dScore = weight * (slope - projection);");
    }
}
