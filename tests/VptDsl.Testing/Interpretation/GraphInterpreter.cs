using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>
/// Runs a graph node by node in double precision, as plainly as the operations are defined: the meaning that the compiler's passes
/// must keep and that the emitted programs must reach.
/// </summary>
internal static class GraphInterpreter
{
    private static readonly Dictionary<Type, Action<Operation, Invocation>> Rules = new(
    [
        Rule<ReadParameter>(InputRules.ReadParameter),
        Rule<ReadImages>(InputRules.ReadImages),
        Rule<ReadLabels>(InputRules.ReadLabels),
        Rule<ReadImageWeights>(InputRules.ReadImageWeights),
        Rule<ReadSoftening>(InputRules.ReadSoftening),
        Rule<ReadFeatures>(InputRules.ReadFeatures),
        Rule<ExtractPatches>(ImageRules.ExtractPatches),
        Rule<FoldPatches>(ImageRules.FoldPatches),
        Rule<ScaleColumns>(ChannelRules.ScaleColumns),
        Rule<ScaleColumnsGradient>(ChannelRules.ScaleColumnsGradient),
        Rule<AffineChannels>(ChannelRules.AffineChannels),
        Rule<SwapAxes>(MovementRules.SwapAxes),
        Rule<FoldedWeight>(BatchNormRules.FoldedWeight),
        Rule<FoldedWeightGradient>(BatchNormRules.FoldedWeightGradient),
        Rule<FoldedBias>(BatchNormRules.FoldedBias),
        Rule<FoldedBiasGradient>(BatchNormRules.FoldedBiasGradient),
        Rule<ReadNoise>(DropoutRules.ReadNoise),
        Rule<Dropout>(DropoutRules.Dropout),
        Rule<DivideByDeviation>(BatchNormRules.DivideByDeviation),
        Rule<BatchNorm>(BatchNormRules.BatchNorm),
        Rule<BatchNormParameterGradient>(BatchNormRules.BatchNormParameterGradient),
        Rule<BatchNormGradient>(BatchNormRules.BatchNormGradient),
        Rule<SlidingProduct>(ConvolutionRules.SlidingProduct),
        Rule<FlippedWeight>(ConvolutionRules.FlippedWeight),
        Rule<ExtractSlidingPatches>(ConvolutionRules.ExtractSlidingPatches),
        Rule<FoldSlidingPatches>(ConvolutionRules.FoldSlidingPatches),
        Rule<MaxPool>(ConvolutionRules.MaxPool),
        Rule<MaxPoolGradient>(ConvolutionRules.MaxPoolGradient),
        Rule<DepthwiseConvolution>(ConvolutionRules.DepthwiseConvolution),
        Rule<DepthwiseInputGradient>(ConvolutionRules.DepthwiseInputGradient),
        Rule<DepthwiseWeightGradient>(ConvolutionRules.DepthwiseWeightGradient),
        Rule<PadImages>(ImageRules.PadImages),
        Rule<PadImagesGradient>(ImageRules.PadImagesGradient),
        Rule<Product>(ProductRules.Product),
        Rule<Attention>(AttentionRules.Attention),
        Rule<AttentionGradient>(AttentionRules.AttentionGradient),
        Rule<AttentionBiasGradient>(AttentionRules.AttentionBiasGradient),
        Rule<ExpandRelativeBias>(RelativeBiasRules.ExpandRelativeBias),
        Rule<ExpandRelativeBiasGradient>(RelativeBiasRules.ExpandRelativeBiasGradient),
        Rule<WindowAttention>(WindowAttentionRules.WindowAttention),
        Rule<WindowAttentionGradient>(WindowAttentionRules.WindowAttentionGradient),
        Rule<MergeNeighbours>(MovementRules.MergeNeighbours),
        Rule<SplitNeighbours>(MovementRules.SplitNeighbours),
        Rule<LayerNorm>(LayerNormRules.LayerNorm),
        Rule<LayerNormGradient>(LayerNormRules.LayerNormGradient),
        Rule<LayerNormParameterGradient>(LayerNormRules.LayerNormParameterGradient),
        Rule<AddRow>(ElementwiseRules.AddRow),
        Rule<Add>(ElementwiseRules.Add),
        Rule<Multiply>(ElementwiseRules.Multiply),
        Rule<Rotate>(HeadRules.Rotate),
        Rule<SplitHeads>(HeadRules.SplitHeads),
        Rule<JoinHeads>(HeadRules.JoinHeads),
        Rule<Blend>(BlendRules.Blend),
        Rule<Gated>(BlendRules.Gated),
        Rule<BlendSums>(BlendRules.BlendSums),
        Rule<GateGradient>(BlendRules.GateGradient),
        Rule<PackPairs>(PairRules.PackPairs),
        Rule<UnpackPairs>(PairRules.UnpackPairs),
        Rule<Activate>(ActivationRules.Activate),
        Rule<ActivationGradient>(ActivationRules.ActivationGradient),
        Rule<SumImages>(ReductionRules.SumImages),
        Rule<SumRows>(ReductionRules.SumRows),
        Rule<MeanOfGroups>(ReductionRules.MeanOfGroups),
        Rule<SpreadToGroups>(ReductionRules.SpreadToGroups),
        Rule<CrossEntropy>(LossRules.CrossEntropy),
        Rule<CrossEntropyGradient>(LossRules.CrossEntropyGradient),
        Rule<Upsample>(UpsampleRules.Upsample),
        Rule<UpsampleGradient>(UpsampleRules.UpsampleGradient),
        Rule<BinaryCrossEntropy>(BinaryLossRules.BinaryCrossEntropy),
        Rule<BinaryCrossEntropyGradient>(BinaryLossRules.BinaryCrossEntropyGradient),
        Rule<PixelCrossEntropy>(PixelLossRules.PixelCrossEntropy),
        Rule<PixelCrossEntropyGradient>(PixelLossRules.PixelCrossEntropyGradient),
        Rule<ConcatRows>(MovementRules.ConcatRows),
        Rule<ConcatColumns>(MovementRules.ConcatColumns),
        Rule<SliceRows>(MovementRules.SliceRows),
        Rule<SliceColumns>(MovementRules.SliceColumns),
        Rule<PadRows>(MovementRules.PadRows),
        Rule<AddRows>(MovementRules.AddRows),
        Rule<Copy>(MovementRules.Copy),
    ]);

    /// <summary>Whether operations of this type can be evaluated.</summary>
    public static bool Supports(Type operation) => Rules.ContainsKey(operation);

    /// <summary>Evaluates every node.</summary>
    /// <param name="graph">The nodes.</param>
    /// <param name="inputs">What they read.</param>
    /// <param name="precision">
    /// What products and attention multiply, as on tensor cores; sums are in double precision in any case, and with
    /// <see cref="Precision.Float32"/> so are factors.
    /// </param>
    /// <exception cref="NotSupportedException">An operation has no rule here.</exception>
    public static Evaluation Evaluate(DataflowGraph graph, GraphInputs inputs, Precision precision = Precision.Float32)
    {
        var values = new Dictionary<Value, BatchMatrix>();
        foreach (Node node in graph.Nodes)
        {
            IReadOnlyList<BatchMatrix> results = Apply(node.Operation, node.Inputs.Select(i => values[i]).ToArray(), inputs, precision);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                if (node.Outputs[i] is { } output)
                    values.Add(output, results[i]);
            }
        }

        return new(graph, values);
    }

    /// <summary>Evaluates one operation: all its outputs, asked for or not.</summary>
    /// <exception cref="NotSupportedException">The operation has no rule here.</exception>
    public static IReadOnlyList<BatchMatrix> Apply(
        Operation operation, IReadOnlyList<BatchMatrix> operands, GraphInputs inputs, Precision precision = Precision.Float32)
    {
        if (!Rules.TryGetValue(operation.GetType(), out Action<Operation, Invocation>? rule))
        {
            throw new NotSupportedException(
                $"The interpreter has no rule for {operation.GetType().Name}: add one to {nameof(GraphInterpreter)}.");
        }

        var invocation = new Invocation(operation, operands, inputs, precision);
        rule(operation, invocation);
        return invocation.Outputs;
    }

    private static KeyValuePair<Type, Action<Operation, Invocation>> Rule<TOperation>(Action<TOperation, Invocation> rule)
        where TOperation : Operation =>
        new(typeof(TOperation), (operation, invocation) => rule((TOperation)operation, invocation));
}
