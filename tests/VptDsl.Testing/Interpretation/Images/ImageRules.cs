using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What happens to images, whose rows are the lines of one channel after those of the other: borders and patches.</summary>
internal static class ImageRules
{
    public static void PadImages(PadImages operation, Invocation call)
    {
        BatchMatrix images = call.Inputs[0], topBottom = call.Inputs[1], leftRight = call.Inputs[2];
        (int height, int width, int pixels) = (operation.Size.Height, operation.Size.Width, operation.Pixels);
        int rows = height + (2 * pixels);
        call.Outputs[0].Fill((image, row, column) =>
        {
            int channel = row / rows, y = (row % rows) - pixels, x = column - pixels;
            if (y < 0)
                return topBottom[image, (channel * 2 * pixels) + y + pixels, column];
            if (y >= height)
                return topBottom[image, (channel * 2 * pixels) + pixels + (y - height), column];
            if (x < 0)
                return leftRight[image, (channel * height) + y, x + pixels];
            if (x >= width)
                return leftRight[image, (channel * height) + y, pixels + (x - width)];
            return images[image, (channel * height) + y, x];
        });
    }

    public static void PadImagesGradient(PadImagesGradient operation, Invocation call)
    {
        BatchMatrix padded = call.Inputs[0];
        (int height, int width, int pixels) = (operation.Size.Height, operation.Size.Width, operation.Pixels);
        int rows = height + (2 * pixels);
        double Sum(int row, int column) => Enumerable.Range(0, padded.Images).Sum(image => padded[image, row, column]);
        call.Outputs[0].Fill((image, row, column) => padded[image, (row / height * rows) + pixels + (row % height), pixels + column]);
        call.Outputs[1].Fill((_, row, column) =>
        {
            int line = row % (2 * pixels);
            return Sum((row / (2 * pixels) * rows) + line + (line < pixels ? 0 : height), column);
        });
        call.Outputs[2].Fill((_, row, column) =>
            Sum((row / height * rows) + pixels + (row % height), column + (column < pixels ? 0 : width)));
    }

    public static void ExtractPatches(ExtractPatches operation, Invocation call)
    {
        BatchMatrix images = call.Inputs[0];
        (int height, int width) = (operation.Patch.Height, operation.Patch.Width);
        int patchesInRow = operation.Size.Width / width;
        call.Outputs[0].Fill((image, row, column) =>
        {
            int channel = column / (height * width);
            int y = (row / patchesInRow * height) + (column / width % height);
            int x = (row % patchesInRow * width) + (column % width);
            return images[image, (channel * operation.Size.Height) + y, x];
        });
    }

    public static void FoldPatches(FoldPatches operation, Invocation call)
    {
        BatchMatrix patches = call.Inputs[0];
        (int height, int width) = (operation.Patch.Height, operation.Patch.Width);
        int patchesInRow = operation.Size.Width / width;
        call.Outputs[0].Fill((image, row, x) =>
        {
            int channel = row / operation.Size.Height, y = row % operation.Size.Height;
            return patches[
                image, (y / height * patchesInRow) + (x / width), (((channel * height) + (y % height)) * width) + (x % width)];
        });
    }
}
