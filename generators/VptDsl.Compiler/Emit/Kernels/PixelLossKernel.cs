using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Cross-entropy of pixels: threads for parts of an image, then for each image its parts, then for each image all images; each sum in
/// a fixed order.
/// </summary>
internal static class PixelLossKernel
{
    private const int PixelsOfPart = 64;

    // A part's loss, its pixels that count, and those whose right class scores highest.
    private const int Sums = 3;

    public static IReadOnlyList<Kernel> Forward(PixelCrossEntropy loss, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), losses = operands.Out(0);
        int parts = (logits.Rows + PixelsOfPart - 1) / PixelsOfPart, stride = parts * Sums;
        var scratch = new ScratchSize(PerImage: true, stride);
        KernelOperand[] ofImage = [.. new[] { operands.Wanted(1) }.OfType<KernelOperand>()];
        KernelOperand[] ofBatch = [losses, .. new[] { operands.Wanted(2) }.OfType<KernelOperand>()];
        return
        [
            new(name + "Parts", $"The sums of {PixelsOfPart} pixels of {logits.Name}.", [logits, labels], new ThreadCount(PerImage: true, parts), writer =>
            {
                writer.Line($"int part = index % {parts}, image = index / {parts};");
                writer.Line($"int end = XMath.Min({logits.Rows}, (part + 1) * {PixelsOfPart});");
                writer.Line("float loss = 0, counted = 0, right = 0;");
                using (writer.Block($"for (int row = part * {PixelsOfPart}; row < end; row++)"))
                {
                    writer.Line($"int label = {Label(labels)};");
                    writer.Line($"if (label == {loss.Ignored})");
                    writer.Indented("continue;");
                    WriteSoftmaxSum(writer, logits);
                    writer.Line($"loss += XMath.Log(total) - ({logits.At("row", "label")} - max);");
                    writer.Line("counted += 1;");
                    // Floats on both sides: ILGPU gives OpenCL an integer otherwise, whose bits it takes for a float.
                    writer.Line($"float isFirst = {logits.At("row", "label")} < max ? 0f : 1f;");
                    writer.Line("for (int column = 0; column < label; column++)");
                    writer.Indented($"isFirst = {logits.At("row", "column")} < max ? isFirst : 0f;");
                    writer.Line("right += isFirst;");
                }

                writer.Line($"long target = image * {stride}L + part * {Sums};");
                writer.Line("scratch[target] = loss;");
                writer.Line("scratch[target + 1] = counted;");
                writer.Line("scratch[target + 2] = right;");
            })
            {
                Scratch = scratch,
            },
            new(name + "Images", "The sums of each image, in the place of its first part.", ofImage, new ThreadCount(PerImage: true, 1), writer =>
            {
                writer.Line($"int image = index;");
                writer.Line("float loss = 0, counted = 0, right = 0;");
                using (writer.Block($"for (int part = 0; part < {parts}; part++)"))
                {
                    writer.Line($"long source = image * {stride}L + part * {Sums};");
                    writer.Line("loss += scratch[source];");
                    writer.Line("counted += scratch[source + 1];");
                    writer.Line("right += scratch[source + 2];");
                }

                writer.Line($"scratch[image * {stride}L] = loss;");
                writer.Line($"scratch[image * {stride}L + 1] = counted;");
                foreach (KernelOperand correct in ofImage)
                    writer.Line($"{correct.At("0")} = right / XMath.Max(counted, 1f);");
            })
            {
                Scratch = scratch,
            },
            new(name, KernelFamilies.Summary(call), ofBatch, new ThreadCount(PerImage: true, 1), writer =>
            {
                writer.Line("float all = 0;");
                writer.Line("for (int other = 0; other < batch; other++)");
                writer.Indented($"all += scratch[other * {stride}L + 1];");
                writer.Line("int image = index;");
                writer.Line($"{losses.At("0")} = scratch[image * {stride}L] * batch / XMath.Max(all, 1f);");
                foreach (KernelOperand counted in ofBatch.Skip(1))
                {
                    writer.Line("if (image == 0)");
                    writer.Indented($"{counted.At("0")} = all;");
                }
            })
            {
                Scratch = scratch,
            },
        ];
    }

    /// <summary>A thread for each pixel.</summary>
    public static Kernel Gradient(PixelCrossEntropyGradient loss, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), counted = operands.In(2), dLogits = operands.Out(0);
        var indices = ThreadIndices.Rows(logits);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            indices.Write(writer);
            if (logits.Rows == 1)
                writer.Line("const int row = 0;");
            writer.Line($"int label = {Label(labels)};");
            using (writer.Block($"if (label == {loss.Ignored})"))
            {
                writer.Line($"for (int column = 0; column < {logits.Columns}; column++)");
                writer.Indented($"{dLogits.At("row", "column")} = 0;");
                writer.Line("return;");
            }

            WriteSoftmaxSum(writer, logits);
            writer.Line($"float share = 1 / XMath.Max({counted.At("0")}, 1f);");
            writer.Line($"for (int column = 0; column < {logits.Columns}; column++)");
            writer.Indented($"{dLogits.At("row", "column")} = XMath.Exp({logits.At("row", "column")} - max) / total * share;");
            writer.Line($"{dLogits.At("row", "label")} -= share;");
        });
    }

    private static void WriteSoftmaxSum(SourceWriter writer, KernelOperand logits)
    {
        writer.Line($"float max = {logits.At("row", "0")}, total = 0;");
        writer.Line($"for (int column = 1; column < {logits.Columns}; column++)");
        writer.Indented($"max = XMath.Max(max, {logits.At("row", "column")});");
        writer.Line($"for (int column = 0; column < {logits.Columns}; column++)");
        writer.Indented($"total += XMath.Exp({logits.At("row", "column")} - max);");
    }

    private static string Label(KernelOperand labels) => $"(int){labels.At("row", "0")}";
}
