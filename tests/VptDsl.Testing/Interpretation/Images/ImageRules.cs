using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What happens to images, whose rows are the lines of one channel after those of the other: borders and patches.</summary>
internal static class ImageRules
{
    public static void PadImages(PadImages operation, Invocation call)
    {
        BatchMatrix images = call.Inputs[0], topBottom = call.Inputs[1], leftRight = call.Inputs[2];
        (int size, int pixels) = (operation.Size, operation.Pixels);
        int side = size + (2 * pixels);
        call.Outputs[0].Fill((image, row, column) =>
        {
            int channel = row / side, y = (row % side) - pixels, x = column - pixels;
            if (y < 0)
                return topBottom[image, (channel * 2 * pixels) + y + pixels, column];
            if (y >= size)
                return topBottom[image, (channel * 2 * pixels) + pixels + (y - size), column];
            if (x < 0)
                return leftRight[image, (channel * size) + y, x + pixels];
            if (x >= size)
                return leftRight[image, (channel * size) + y, pixels + (x - size)];
            return images[image, (channel * size) + y, x];
        });
    }

    public static void PadImagesGradient(PadImagesGradient operation, Invocation call)
    {
        BatchMatrix padded = call.Inputs[0];
        (int size, int pixels) = (operation.Size, operation.Pixels);
        int side = size + (2 * pixels);
        double Sum(int row, int column) => Enumerable.Range(0, padded.Images).Sum(image => padded[image, row, column]);
        call.Outputs[0].Fill((image, row, column) => padded[image, (row / size * side) + pixels + (row % size), pixels + column]);
        call.Outputs[1].Fill((_, row, column) =>
        {
            int line = row % (2 * pixels);
            return Sum((row / (2 * pixels) * side) + line + (line < pixels ? 0 : size), column);
        });
        call.Outputs[2].Fill((_, row, column) =>
            Sum((row / size * side) + pixels + (row % size), column + (column < pixels ? 0 : size)));
    }

    public static void ExtractPatches(ExtractPatches operation, Invocation call)
    {
        BatchMatrix images = call.Inputs[0];
        int patch = operation.Patch, patchesInRow = operation.Size / patch;
        call.Outputs[0].Fill((image, row, column) =>
        {
            int channel = column / (patch * patch);
            int y = (row / patchesInRow * patch) + (column / patch % patch);
            int x = (row % patchesInRow * patch) + (column % patch);
            return images[image, (channel * operation.Size) + y, x];
        });
    }

    public static void FoldPatches(FoldPatches operation, Invocation call)
    {
        BatchMatrix patches = call.Inputs[0];
        int patch = operation.Patch, patchesInRow = operation.Size / patch;
        call.Outputs[0].Fill((image, row, x) =>
        {
            int channel = row / operation.Size, y = row % operation.Size;
            return patches[image, (y / patch * patchesInRow) + (x / patch), (((channel * patch) + (y % patch)) * patch) + (x % patch)];
        });
    }
}
