using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits the CPU device's operations: each calls a SIMD routine of the runtime with its dimensions.</summary>
internal static class CpuEmitter
{
    public static string Emit(ModelSpec spec, CallTable calls)
    {
        var writer = new SourceWriter();
        FileHeader.WriteClosed(writer, spec.Type.ClosedNamespace, "VptDsl.Devices", "VptDsl.Devices.Cpu", "VptDsl.Programs");
        writer.Summary("The operations on the CPU.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block("internal sealed class CpuOperations(CpuDevice device) : CpuProgramDevice(device), IOperations"))
        {
            bool first = true;
            foreach (Call call in calls.Calls)
            {
                if (!first)
                    writer.Line();
                first = false;
                writer.Line($"public void {calls[call]}({CallTable.Parameters(call)}) =>");
                writer.Indented(Body(call) + ";");
            }
        }

        return writer.ToString();
    }

    private static string Body(Call call)
    {
        string[] arguments = call.Operands.Select(o => CallText.Operand(o.Name, o.Layout)).ToArray();
        string[] inputs = arguments.Take(call.Inputs.Count).ToArray();
        var outputs = new Queue<string>(arguments.Skip(call.Inputs.Count));
        string[] all = call.Outputs.Select(o => o.Layout is null ? "default" : outputs.Dequeue()).ToArray();
        string inAndOut = string.Join(", ", inputs.Concat(all));
        return call.Operation switch
        {
            Activate activate => $"Activate({inAndOut}, {Kind(activate)})",
            ActivationGradient gradient => $"ActivationGradient({inAndOut}, {Kind(gradient)})",
            Product product => $"Product{product.Layout}({Operands(product, inputs, all)})",
            LayerNorm norm => $"LayerNorm({inAndOut}, {SourceWriter.Literal(norm.Epsilon)})",
            LayerNormGradient { Residual: false } => $"LayerNormGradient({string.Join(", ", inputs)}, residual: default, {all[0]})",
            Attention attention => $"Attention({attention.Heads}, {inputs[0]}, [{string.Join(", ", inputs.Skip(1))}], {all[0]}, {all[1]})",
            AttentionGradient attention =>
                $"AttentionGradient({attention.Heads}, {string.Join(", ", inputs.Take(4))}, [{string.Join(", ", inputs.Skip(4))}], {all[0]}, [{string.Join(", ", all.Skip(1))}])",
            FoldPatches fold => $"FoldPatches({fold.Channels}, {fold.Size}, {fold.Patch}, {inAndOut})",
            WindowAttention attention => $"WindowAttention({Windows(attention)}, {string.Join(", ", Queries(attention, inputs))}, {all[0]}, {all[1]})",
            WindowAttentionGradient { Forward: var attention } =>
                $"WindowAttentionGradient({Windows(attention)}, {string.Join(", ", inputs.Take(3).Concat(Queries(attention, inputs.Skip(3))).Concat(Queries(attention, all)))})",
            MergeNeighbours merge => $"MergeNeighbours({merge.Side}, {inAndOut})",
            SplitNeighbours split => $"SplitNeighbours({split.Side}, {inAndOut})",
            MeanOfGroups mean => $"MeanOfGroups({mean.Groups}, {inAndOut})",
            SpreadToGroups spread => $"SpreadToGroups({spread.Groups}, {inAndOut})",
            ExtractPatches patches => $"ExtractPatches({patches.Channels}, {patches.Size}, {patches.Patch}, {inAndOut})",
            ScaleColumns { Residual: false } => $"ScaleColumns({string.Join(", ", inputs)}, residual: default, {all[0]})",
            Gated gated => $"Gated({(gated.Complement ? "true" : "false")}, {inAndOut})",
            AffineChannels affine => $"AffineChannels([{Numbers(affine.Scales)}], [{Numbers(affine.Shifts)}], {inAndOut})",
            SwapAxes swap => $"SwapAxes({swap.Blocks}, {swap.First}, {swap.Second}, {inAndOut})",
            FoldedWeight norm => $"FoldedWeight({inAndOut}, {SourceWriter.Literal(norm.Epsilon)})",
            FoldedWeightGradient norm => $"FoldedWeightGradient({inAndOut}, {SourceWriter.Literal(norm.Epsilon)})",
            FoldedBias norm => $"FoldedBias({inAndOut}, {SourceWriter.Literal(norm.Epsilon)})",
            FoldedBiasGradient norm => $"FoldedBiasGradient({inAndOut}, {SourceWriter.Literal(norm.Epsilon)})",
            Dropout dropout => $"Dropout({dropout.Threshold}, {SourceWriter.Literal(1 / (1 - dropout.Rate))}, {inAndOut})",
            DivideByDeviation quotient => $"DivideByDeviation({inAndOut}, {SourceWriter.Literal(quotient.Epsilon)})",
            BatchNorm norm => $"BatchNorm({inAndOut}, {SourceWriter.Literal(norm.Epsilon)}, {SourceWriter.Literal(norm.Momentum)})",
            BatchNormParameterGradient gradient => $"BatchNormParameterGradient({inAndOut}, {SourceWriter.Literal(gradient.Epsilon)})",
            BatchNormGradient gradient => $"BatchNormGradient({inAndOut}, {SourceWriter.Literal(gradient.Epsilon)})",
            WindowProduct product => $"WindowProduct({Grid(product.Grid)}, {Operands(product, inputs, all)})",
            FlippedWeight flipped => $"FlippedWeight({flipped.Taps}, {inAndOut})",
            ExtractWindows extract => $"ExtractWindows({Grid(extract.Grid)}, {inAndOut})",
            FoldWindows fold => $"FoldWindows({Grid(fold.Grid)}, {inAndOut})",
            MaxPool pool => $"MaxPool({Grid(pool.Grid)}, {inAndOut})",
            MaxPoolGradient pool => $"MaxPoolGradient({Grid(pool.Grid)}, {inAndOut})",
            DepthwiseConvolution convolution => $"DepthwiseConvolution({convolution.Size}, {convolution.Kernel}, {inAndOut})",
            DepthwiseInputGradient gradient => $"DepthwiseInputGradient({gradient.Size}, {gradient.Kernel}, {inAndOut})",
            DepthwiseWeightGradient gradient => $"DepthwiseWeightGradient({gradient.Size}, {gradient.Kernel}, {inAndOut})",
            PadImages pad => $"PadImages({pad.Channels}, {pad.Size}, {pad.Pixels}, {inAndOut})",
            PadImagesGradient pad => $"PadImagesGradient({pad.Channels}, {pad.Size}, {pad.Pixels}, {inAndOut})",
            Upsample upsample => $"Upsample({upsample.Size}, {upsample.Factor}, {inAndOut})",
            UpsampleGradient upsample => $"UpsampleGradient({upsample.Size}, {upsample.Factor}, {inAndOut})",
            PixelCrossEntropy loss => $"PixelCrossEntropy({loss.Ignored}, {inAndOut})",
            PixelCrossEntropyGradient loss => $"PixelCrossEntropyGradient({loss.Ignored}, {inAndOut})",
            PadRows pad => $"PadRows({pad.Start}, {inAndOut})",
            AddRows rows => $"AddRows({rows.Start}, {inAndOut})",
            var operation => $"{operation.GetType().Name}({inAndOut})",
        };
    }

    private static string Grid(SlidingWindow grid) => $"new({grid.Size}, {grid.Kernel}, {grid.Stride}, {grid.Padding})";

    private static string Numbers(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(SourceWriter.Literal));

    private static string Windows(WindowAttention attention) =>
        $"{attention.Heads}, {attention.Grid.Side}, {attention.Grid.Window}, {attention.Grid.Shift}";

    /// <summary>The operands of attention in windows, or their gradients, with a place for each that it may lack.</summary>
    private static string[] Queries(WindowAttention attention, IEnumerable<string> given)
    {
        string[] operands = given.ToArray();
        return
        [
            .. operands.Take(3),
            attention.OfPrompts ? "default" : operands[3],
            .. attention.OverPrompts ? operands.Skip(attention.PromptKey) : ["default", "default"],
        ];
    }

    private static string Kind(Activation activation) => $"ActivationKind.{activation.Kind}";

    /// <summary>The factors and the result, then what the epilogue has, by name.</summary>
    private static string Operands(ProductOperation product, string[] inputs, string[] outputs)
    {
        var named = new List<string>();
        if (product.Epilogue.Bias)
            named.Add($"bias: {inputs[2]}");
        if (product.Epilogue.Activation is { } activation)
            named.Add($"activation: {Kind(activation)}");
        if (outputs[1] != "default")
            named.Add($"beforeActivation: {outputs[1]}");
        if (product.Epilogue.HasGate)
            named.Add($"gate: {inputs[product.GateInput]}");
        if (product.Epilogue.Residual)
            named.Add($"residual: {inputs[product.ResidualInput]}");
        string options = string.Concat(named.Select(n => ", " + n));
        return $"{inputs[0]}, {inputs[1]}, {outputs[0]}{options}";
    }
}
