using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit;

/// <summary>What a call is named in emitted code, and how it is explained.</summary>
internal static class CallText
{
    /// <summary>A method name that says the operation and its dimensions. Calls that differ in strides alone have the same.</summary>
    public static string Name(Call call)
    {
        Shape[] inputs = call.Inputs.Select(i => i.Shape).ToArray();
        Shape first = inputs.Length > 0 ? inputs[0] : call.Outputs[0].Layout!.Shape;
        string size = $"{first.Rows}x{first.Columns}";
        string name = call.Operation switch
        {
            Activation activation => activation + size,
            Product product => Name(product, inputs),
            WindowProduct product => $"WindowProduct{size}" + Suffix(product.Epilogue),
            LayerNorm => $"LayerNorm{size}",
            LayerNormGradient gradient => $"LayerNormGradient{size}" + (gradient.Residual ? "Residual" : ""),
            LayerNormParameterGradient => $"LayerNormParameterGradient{size}",
            Attention attention => $"Attention{attention.Heads}Heads{first.Rows}Over{Segments(inputs, 1)}",
            AttentionGradient attention => $"AttentionGradient{attention.Heads}Heads{first.Rows}Over{Segments(inputs, 4)}",
            WindowAttention attention => Name(attention, inputs),
            WindowAttentionGradient gradient => Name(gradient.Forward, inputs.Skip(3).ToArray(), "Gradient"),
            ExtractPatches patches => $"ExtractPatches{patches.Patch}",
            FoldPatches fold => $"FoldPatches{fold.Patch}",
            _ => call.Operation.GetType().Name + size,
        };
        return call.Operands.Any(o => o.Layout.Batched) ? name : "Shared" + name;
    }

    /// <summary>The computation as a formula over the names of its operands, inputs first.</summary>
    public static string Formula(Call call, IReadOnlyList<string> names)
    {
        string In(int i) => names[i];
        (string Name, Shape Shape)[] outputs = call.Operands.Select((o, i) => (names[i], o.Layout.Shape, o.IsOutput))
            .Where(o => o.IsOutput).Select(o => (o.Item1, o.Shape)).ToArray();
        string result = string.Join(", ", outputs.Select(o => $"{o.Name} {o.Shape}"));
        string expression = call.Operation switch
        {
            ProductOperation product => Expression(product, names),
            Add => $"{In(0)} + {In(1)}",
            AddRow => $"{In(0)} + {In(1)} in every row",
            Blend => $"σ({In(0)}) · {In(1)} + (1 - σ({In(0)})) · {In(2)}",
            Gated gated => gated.Complement ? $"(1 - σ({In(1)})) · {In(0)}" : $"σ({In(1)}) · {In(0)}",
            BlendSums => $"the sum of {In(0)} ⊙ ({In(1)} - {In(2)}) over all rows",
            GateGradient => $"σ'({In(1)}) · the sum of {In(0)}",
            Activate activate => activate.Function.Formula(In(0)),
            ActivationGradient gradient => gradient.Function.Gradient(In(0), In(1)),
            SumImages => $"the sum of {In(0)} over the images",
            SumRows => $"the sum of {In(0)} over all rows",
            LayerNorm => $"LayerNorm({In(0)})",
            LayerNormGradient gradient => $"LayerNorm'({In(1)}) applied to {In(0)}" + (gradient.Residual ? $", plus {In(4)}" : ""),
            LayerNormParameterGradient => $"the gradients of scale and shift from {In(0)}",
            Attention => $"Attention({string.Join(", ", names.Take(call.Inputs.Count))})",
            AttentionGradient => $"Attention' applied to {In(0)}",
            FoldPatches => $"images of the patches {In(0)}",
            WindowAttention attention => $"Attention({string.Join(", ", names.Take(call.Inputs.Count))}) in {Words(attention.Grid)}",
            WindowAttentionGradient gradient => $"Attention' in {Words(gradient.Forward.Grid)} applied to {In(0)}",
            MergeNeighbours => $"2 × 2 neighbours of {In(0)} side by side",
            SplitNeighbours => $"the neighbours in {In(0)}, each at its place",
            MeanOfGroups mean => mean.Groups == call.Inputs[0].Rows ? $"the mean of the rows of {In(0)}" : $"the mean of {mean.Groups} groups of rows of {In(0)}",
            SpreadToGroups spread => $"{In(0)} / {spread.Groups} for each of {spread.Groups} groups of rows",
            ExtractPatches => $"the patches of {In(0)}, row by row",
            ScaleColumns scale => $"{In(0)} ⊙ {In(1)}" + (scale.Residual ? $" + {In(2)}" : ""),
            ScaleColumnsGradient => $"the sum of {In(0)} ⊙ {In(1)} over all rows",
            AffineChannels => $"{In(0)}, each channel scaled and shifted",
            SwapAxes swap => $"{In(0)} as {swap.Blocks} × [{swap.First}, {swap.Second}], each transposed",
            FoldedWeight => $"{In(0)} with the rows scaled by {In(1)} / √({In(2)} + ε)",
            FoldedBias => $"{In(1)} - {In(2)} · {In(0)} / √({In(3)} + ε)",
            Dropout dropout => FormattableString.Invariant($"{In(0)}, {100 * dropout.Rate} % of it dropped by chance"),
            DivideByDeviation => $"{In(0)} / √({In(1)} + ε)",
            BatchNorm => $"BatchNorm({In(0)}) · {In(1)} + {In(2)}, over the rows of all images",
            BatchNormParameterGradient => $"the gradients of scale and shift from {In(0)}",
            BatchNormGradient => $"BatchNorm'({In(1)}) applied to {In(0)}",
            FlippedWeight => $"{In(0)} turned around: for each of its inputs, the last pixel of its windows first",
            ExtractWindows extract => $"the windows {Window(extract.Grid)} of {In(0)}",
            FoldWindows fold => $"each pixel's sum over its windows {Window(fold.Grid)} in {In(0)}",
            MaxPool pool => $"the largest of the windows {Window(pool.Grid)} of {In(0)}",
            MaxPoolGradient => $"{In(0)} where {In(1)} is the largest of its window",
            DepthwiseConvolution => $"{In(0)} ∗ {In(1)} + {In(2)}, channel by channel",
            DepthwiseInputGradient => $"{In(0)} ∗ {In(1)} turned around, channel by channel",
            DepthwiseWeightGradient => $"the gradient of the kernels between {In(1)} and {In(0)}",
            PadImages => $"{In(0)} with {In(1)} and {In(2)} around them",
            PadImagesGradient => $"the parts of {In(0)}",
            PadRows pad => $"{In(0)} from row {pad.Start} on among zeros",
            AddRows rows => $"{In(0)}, plus {In(1)} from row {rows.Start} on",
            CrossEntropy => $"{In(2)} ⊙ the cross-entropy of {In(0)}",
            CrossEntropyGradient => $"{In(2)} ⊙ (softmax({In(0)}) - one-hot({In(1)})) / batch",
            Copy => In(0),
            var other => $"{other.GetType().Name}({string.Join(", ", names.Take(call.Inputs.Count))})",
        };
        return $"{result} = {expression}";
    }

    /// <summary>An operand with its dimensions, as both devices' base classes take it.</summary>
    public static string Operand(string name, Layout layout)
    {
        string method = layout.Batched ? "PerImage" : "Shared";
        string strides = layout.IsDense ? "" : layout.Batched ? $", {layout.RowStride}, {layout.ImageStride}" : $", {layout.RowStride}";
        return $"{method}({name}, {layout.Rows}, {layout.Columns}{strides})";
    }

    private static string Name(Product product, Shape[] inputs)
    {
        Shape a = inputs[0], b = inputs[1];
        string name = product.Layout switch
        {
            ProductLayout.NT => $"Linear{a.Rows}x{a.Columns}To{b.Rows}",
            ProductLayout.NN => $"LinearInputGradient{a.Rows}x{a.Columns}To{b.Columns}",
            _ => $"LinearWeightGradient{a.Columns}x{b.Columns}From{a.Rows}",
        };
        return name + Suffix(product.Epilogue);
    }

    private static string Name(WindowAttention attention, Shape[] inputs, string suffix = "")
    {
        string prompts = attention.OverPrompts ? $"And{inputs[attention.PromptKey].Rows}" : "";
        string shifted = attention.Grid.Shift == 0 ? "" : "Shifted";
        return $"{(attention.OfPrompts ? "Prompt" : "")}{shifted}WindowAttention{suffix}{attention.Heads}Heads{inputs[0].Rows}Over{attention.Grid.TokensOfWindow}{prompts}";
    }

    private static string Words(WindowGrid grid)
    {
        string shifted = grid.Shift == 0 ? "" : $" shifted by {grid.Shift}";
        return $"{grid.Windows} windows of {grid.Window} × {grid.Window}{shifted}";
    }

    private static string Suffix(Epilogue epilogue) => epilogue.Activation + (epilogue.Residual ? "Residual" : "");

    private static string Expression(ProductOperation product, IReadOnlyList<string> names)
    {
        string text = product switch
        {
            WindowProduct window => $"{names[0]} ∗ {names[1]} over windows {Window(window.Grid)}",
            Product { Layout: ProductLayout.NT } => $"{names[0]} · {names[1]}ᵀ",
            Product { Layout: ProductLayout.NN } => $"{names[0]} · {names[1]}",
            _ => $"{names[0]}ᵀ · {names[1]}, summed over the images",
        };
        if (product.Epilogue.Bias)
            text += $" + {names[2]}";
        text = product.Epilogue.Activation switch
        {
            Activate activate => activate.Function.Formula(text),
            ActivationGradient gradient => gradient.Function.Gradient($"({text})", names[product.GateInput]),
            _ => text,
        };
        return product.Epilogue.Residual ? $"{text} + {names[product.ResidualInput]}" : text;
    }

    private static string Window(SlidingWindow grid) =>
        $"{grid.Kernel}×{grid.Kernel}" + (grid.Stride == 1 ? "" : $" / {grid.Stride}") + (grid.Padding == 0 ? "" : $" + {grid.Padding}");

    private static string Segments(Shape[] inputs, int first) =>
        string.Join("And", inputs.Skip(first).Where((_, i) => i % 2 == 0).Select(s => s.Rows));
}
