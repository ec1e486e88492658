using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Finds the kernels that compute a call: one for most operations.</summary>
internal static class KernelFamilies
{
    /// <param name="call">What is computed.</param>
    /// <param name="name">The name of its method; the names of its kernels begin with it.</param>
    /// <param name="options">What kernels are emitted for.</param>
    public static IReadOnlyList<Kernel> For(Call call, string name, KernelOptions options) => call.Operation switch
    {
        Product product when options.IsUntiled => [UntiledProductKernel.Create(product, call, name)],
        Product product => TiledProductKernel.Create(product, call, name, options),
        Attention attention when !options.IsUntiled && TiledAttentionKernel.Create(attention, call, name, options) is { } tiled => [tiled],
        Attention attention => [AttentionKernel.Create(attention, call, name)],
        AttentionGradient attention
            when !options.IsUntiled && TiledAttentionGradientKernel.Create(attention, call, name, options) is { } tiled => tiled,
        AttentionGradient attention => AttentionGradientKernel.Create(attention, call, name),
        AttentionBiasGradient attention
            when !options.IsUntiled && TiledAttentionBiasGradientKernel.Create(attention, call, name, options) is { } tiled => tiled,
        AttentionBiasGradient attention => [AttentionBiasGradientKernel.Create(attention, call, name)],
        ExpandRelativeBias expand => [RelativeBiasKernel.Expand(expand, call, name)],
        ExpandRelativeBiasGradient collect => [RelativeBiasKernel.Collect(collect, call, name)],
        WindowAttention attention
            when !options.IsUntiled && TiledWindowAttentionKernel.Create(attention, call, name, options) is { } tiled => [tiled],
        WindowAttention attention => [WindowAttentionKernel.Create(attention, call, name)],
        WindowAttentionGradient gradient
            when !options.IsUntiled && TiledWindowAttentionGradientKernel.Create(gradient, call, name, options) is { } tiled => tiled,
        WindowAttentionGradient gradient => WindowAttentionGradientKernel.Create(gradient, call, name),
        MergeNeighbours merge => [NeighbourKernel.Merge(merge, call, name)],
        SplitNeighbours split => [NeighbourKernel.Split(split, call, name)],
        LayerNorm norm => [LayerNormKernel.Forward(norm, call, name, options)],
        LayerNormGradient gradient => [LayerNormKernel.InputGradient(gradient, call, name, options)],
        LayerNormParameterGradient => LayerNormKernel.ParameterGradient(call, name, options),
        AddRow =>
        [
            ElementwiseKernel.Map(call, name, (operands, row, column) => $"{operands.In(0).At(row, column)} + {operands.In(1).At(column)}"),
        ],
        Add => [ElementwiseKernel.Add(call, name)],
        Multiply => [ElementwiseKernel.Multiply(call, name)],
        Rotate rotate => [HeadKernel.Rotate(rotate, call, name)],
        SplitHeads split => [HeadKernel.Split(split, call, name)],
        JoinHeads join => [HeadKernel.Join(join, call, name)],
        Blend => [BlendKernel.Forward(call, name)],
        Gated gated => [BlendKernel.Gated(gated, call, name)],
        BlendSums => BlendKernel.Sums(call, name, options),
        GateGradient => [BlendKernel.GateGradient(call, name, options)],
        Copy => [ElementwiseKernel.Copy(call, name)],
        PackPairs => [ElementwiseKernel.PackPairs(call, name)],
        UnpackPairs => [ElementwiseKernel.UnpackPairs(call, name)],
        Activate activate => [ElementwiseKernel.Activate(activate, call, name)],
        ActivationGradient gradient => [ElementwiseKernel.ActivationGradient(gradient, call, name)],
        PadRows pad => [ElementwiseKernel.PadRows(pad, call, name)],
        AddRows rows => [ElementwiseKernel.AddRows(rows, call, name)],
        SumImages => ReductionKernel.SumImages(call, name, options),
        SumRows => ReductionKernel.SumRows(call, name, options),
        MeanOfGroups when new CallOperands(call).Out(0).Rows == 1 => ReductionKernel.MeanRows(call, name, options),
        MeanOfGroups mean => [GroupKernel.Mean(mean, call, name)],
        SpreadToGroups spread => [GroupKernel.Spread(spread, call, name)],
        CrossEntropy => [LossKernel.CrossEntropy(call, name, options)],
        CrossEntropyGradient => [LossKernel.CrossEntropyGradient(call, name, options)],
        BinaryCrossEntropy => [BinaryLossKernel.Forward(call, name, options)],
        BinaryCrossEntropyGradient => [BinaryLossKernel.Gradient(call, name)],
        PixelCrossEntropy loss => PixelLossKernel.Forward(loss, call, name, options),
        PixelCrossEntropyGradient loss => [PixelLossKernel.Gradient(loss, call, name, options)],
        Upsample upsample => [UpsampleKernel.Forward(upsample, call, name)],
        UpsampleGradient upsample => [UpsampleKernel.Gradient(upsample, call, name)],
        FoldPatches fold => [PatchKernel.Fold(fold, call, name)],
        ExtractPatches patches => [PatchKernel.Create(patches, call, name)],
        ScaleColumns scale => [ChannelKernel.Scale(scale, call, name)],
        ScaleColumnsGradient => ChannelKernel.ScaleGradient(call, name, options),
        AffineChannels affine => [ChannelKernel.Affine(affine, call, name)],
        SwapAxes swap => [ChannelKernel.Swap(swap, call, name, options)],
        FoldedWeight norm => [BatchNormKernel.Weight(norm.Epsilon, call, name)],
        FoldedWeightGradient norm => [BatchNormKernel.WeightGradient(norm.Epsilon, call, name)],
        FoldedBias norm => [BatchNormKernel.Bias(norm.Epsilon, call, name)],
        FoldedBiasGradient norm => [BatchNormKernel.BiasGradient(norm.Epsilon, call, name)],
        Dropout dropout => [ElementwiseKernel.Dropout(dropout, call, name)],
        DivideByDeviation quotient => [BatchNormKernel.Quotient(quotient.Epsilon, call, name)],
        BatchNorm norm => TrainedBatchNormKernel.Forward(norm, call, name, options),
        BatchNormParameterGradient gradient => TrainedBatchNormKernel.ParameterGradient(gradient, call, name, options),
        BatchNormGradient gradient => [TrainedBatchNormKernel.InputGradient(gradient, call, name)],
        SlidingProduct product when options.IsUntiled => [ConvolutionKernel.Product(product, call, name)],
        SlidingProduct product => TiledProductKernel.Create(product, call, name, options),
        FlippedWeight flipped => [ConvolutionKernel.Flip(flipped, call, name)],
        ExtractSlidingPatches extract => [ConvolutionKernel.Extract(extract, call, name)],
        FoldSlidingPatches fold => [ConvolutionKernel.Fold(fold, call, name)],
        MaxPool pool => [ConvolutionKernel.MaxPool(pool, call, name)],
        MaxPoolGradient pool => [ConvolutionKernel.MaxPoolGradient(pool, call, name)],
        DepthwiseConvolution convolution => [DepthwiseKernel.Forward(convolution, call, name)],
        DepthwiseInputGradient gradient => [DepthwiseKernel.InputGradient(gradient, call, name)],
        DepthwiseWeightGradient gradient => DepthwiseKernel.WeightGradient(gradient, call, name, options),
        PadImages pad => [PadImagesKernel.Forward(pad, call, name)],
        PadImagesGradient pad => PadImagesKernel.Gradients(pad, call, name, options),
        _ => throw new NotSupportedException($"{call.Operation.GetType().Name} has no kernel."),
    };

    /// <summary>The kernels that compute a call on the devices that have tensor cores; none where those of every device do.</summary>
    public static IReadOnlyList<Kernel> OnTensorCores(Call call, string name, KernelOptions options)
    {
        if (options.TensorCores is null)
            return [];
        IReadOnlyList<Kernel>? kernels = call.Operation switch
        {
            Product product when TensorProductKernel.Create(product, call, name, options) is { } kernel => [kernel],
            Attention attention when TensorAttentionKernel.Create(attention, call, name, options) is { } kernel => [kernel],
            AttentionGradient attention when !options.IsUntiled =>
                TiledAttentionGradientKernel.Create(attention, call, name, options, onTensorCores: true),
            _ => null,
        };
        return kernels is not null && kernels.Any(kernel => kernel.TakesAddresses) ? kernels : [];
    }

    /// <summary>The call's formula: what a kernel that computes all of it is summed up with.</summary>
    public static string Summary(Call call) => Summary(call, new CallOperands(call));

    /// <summary>The same, over operands whose numbers of rows may be parameters.</summary>
    public static string Summary(Call call, CallOperands operands) => Summary(call, operands.Inputs, operands.Outputs);

    /// <summary>The same, over a kernel's own names of the operands.</summary>
    public static string Summary(Call call, IEnumerable<KernelOperand> inputs, IEnumerable<KernelOperand> results)
    {
        string formula = CallText.Formula(call, [.. inputs.Select(o => o.Name)]);
        return $"{KernelOperand.Text(results)} = {formula}.";
    }
}
