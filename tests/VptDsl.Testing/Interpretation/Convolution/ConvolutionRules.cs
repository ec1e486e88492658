using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>Patches over maps of pixels: rows are pixels, line by line, columns are channels.</summary>
internal static class ConvolutionRules
{
    public static void ExtractSlidingPatches(ExtractSlidingPatches operation, Invocation call)
    {
        BatchMatrix map = call.Inputs[0];
        call.Outputs[0].Fill((image, patch, column) =>
            PixelOf(operation.Grid, patch, column / map.Columns) is { } pixel ? map[image, pixel, column % map.Columns] : 0);
    }

    public static void SlidingProduct(SlidingProduct operation, Invocation call)
    {
        BatchMatrix map = call.Inputs[0], weight = call.Inputs[1];
        var product = new BatchMatrix(call.Outputs[0].Shape, call.Batch);
        ForEachTap(operation.Grid, map, (image, patch, tap, pixel, channel) =>
        {
            for (int output = 0; output < product.Columns; output++)
                product[image, patch, output] += map[image, pixel, channel] * weight[0, output, (tap * map.Columns) + channel];
        });
        ProductRules.Finish(operation, call, (image, row, column) => product[image, row, column]);
    }

    public static void FlippedWeight(FlippedWeight operation, Invocation call)
    {
        BatchMatrix weight = call.Inputs[0];
        int outputs = weight.Rows, inputs = weight.Columns / operation.Taps;
        call.Outputs[0].Fill((_, input, column) =>
            weight[0, column % outputs, ((operation.Taps - 1 - (column / outputs)) * inputs) + input]);
    }

    public static void FoldSlidingPatches(FoldSlidingPatches operation, Invocation call)
    {
        BatchMatrix map = call.Outputs[0], patches = call.Inputs[0];
        ForEachTap(operation.Grid, map, (image, patch, tap, pixel, channel) =>
            map[image, pixel, channel] += patches[image, patch, (tap * map.Columns) + channel]);
    }

    public static void MaxPool(MaxPool operation, Invocation call)
    {
        BatchMatrix largest = call.Outputs[0], map = call.Inputs[0];
        largest.Fill((_, _, _) => double.NegativeInfinity);
        ForEachTap(operation.Grid, map, (image, patch, _, pixel, channel) =>
            largest[image, patch, channel] = Math.Max(largest[image, patch, channel], map[image, pixel, channel]));
    }

    public static void MaxPoolGradient(MaxPoolGradient operation, Invocation call)
    {
        BatchMatrix dMap = call.Outputs[0], dLargest = call.Inputs[0], map = call.Inputs[1], largest = call.Inputs[2];
        var done = new HashSet<(int, int, int)>();
        ForEachTap(operation.Grid, map, (image, patch, _, pixel, channel) =>
        {
            if (map[image, pixel, channel] == largest[image, patch, channel] && done.Add((image, patch, channel)))
                dMap[image, pixel, channel] += dLargest[image, patch, channel];
        });
    }

    public static void DepthwiseConvolution(DepthwiseConvolution operation, Invocation call)
    {
        BatchMatrix y = call.Outputs[0], map = call.Inputs[0], weight = call.Inputs[1], bias = call.Inputs[2];
        y.Fill((_, _, channel) => bias[0, 0, channel]);
        ForEachTap(Centred(operation.Size, operation.Kernel), map, (image, patch, tap, pixel, channel) =>
            y[image, patch, channel] += map[image, pixel, channel] * weight[0, tap, channel]);
    }

    public static void DepthwiseInputGradient(DepthwiseInputGradient operation, Invocation call)
    {
        BatchMatrix dMap = call.Outputs[0], dy = call.Inputs[0], weight = call.Inputs[1];
        ForEachTap(Centred(operation.Size, operation.Kernel), dMap, (image, patch, tap, pixel, channel) =>
            dMap[image, pixel, channel] += dy[image, patch, channel] * weight[0, tap, channel]);
    }

    public static void DepthwiseWeightGradient(DepthwiseWeightGradient operation, Invocation call)
    {
        BatchMatrix dWeight = call.Outputs[0], dy = call.Inputs[0], map = call.Inputs[1];
        ForEachTap(Centred(operation.Size, operation.Kernel), map, (image, patch, tap, pixel, channel) =>
            dWeight[0, tap, channel] += dy[image, patch, channel] * map[image, pixel, channel]);
    }

    private static SlidingPatch Centred(int size, int kernel) => new(size, kernel, Stride: 1, Padding: kernel / 2);

    /// <summary>Visits each pixel of each patch, in order, with each channel.</summary>
    private static void ForEachTap(SlidingPatch grid, BatchMatrix map, Action<int, int, int, int, int> visit)
    {
        for (int image = 0; image < map.Images; image++)
        {
            for (int patch = 0; patch < grid.Patches; patch++)
            {
                for (int tap = 0; tap < grid.Taps; tap++)
                {
                    if (PixelOf(grid, patch, tap) is not { } pixel)
                        continue;
                    for (int channel = 0; channel < map.Columns; channel++)
                        visit(image, patch, tap, pixel, channel);
                }
            }
        }
    }

    /// <summary>The pixel at a place of a patch; none outside the map.</summary>
    private static int? PixelOf(SlidingPatch grid, int patch, int tap)
    {
        int y = (patch / grid.Side * grid.Stride) + (tap / grid.Kernel) - grid.Padding;
        int x = (patch % grid.Side * grid.Stride) + (tap % grid.Kernel) - grid.Padding;
        return y >= 0 && y < grid.Size && x >= 0 && x < grid.Size ? (y * grid.Size) + x : null;
    }
}
