using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Cross-entropy of pixels: a line of threads for each pixel, which reads its logits side by side; then a group for each image, which sums
/// its pixels; then for each image all images. Each sum is in a fixed order.
/// </summary>
internal static class PixelLossKernel
{
    // A pixel's loss, whether it counts, and whether its right class scores highest.
    private const int Sums = 3;

    public static IReadOnlyList<Kernel> Forward(PixelCrossEntropy loss, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), losses = operands.Out(0);
        int pixels = logits.Rows;
        string first = $"image * {Sums * pixels}L";
        var scratch = new ScratchSize(0, Sums * pixels);
        KernelOperand[] ofBatch = [losses, .. new[] { operands.Wanted(2) }.OfType<KernelOperand>()];
        return
        [
            OfPixels(loss.Ignored, logits, labels, first, name, options) with { Scratch = scratch },
            OfImages(operands.Wanted(1), pixels, first, name, options) with { Scratch = scratch },
            new(name, KernelFamilies.Summary(call), ofBatch, new ThreadCount(PerImage: true, 1), writer =>
            {
                writer.Line("float all = 0;");
                writer.Line("for (int other = 0; other < batch; other++)");
                writer.Indented($"all += scratch[other * {Sums * pixels}L + 1];");
                writer.Line("int image = index;");
                writer.Line($"{losses.At("0")} = scratch[{first}] * batch / XMath.Max(all, 1f);");
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

    /// <remarks>A thread reads its logits before it writes their gradients: they may share memory.</remarks>
    public static Kernel Gradient(PixelCrossEntropyGradient loss, Call call, string name, KernelOptions options)
    {
        var operands = new CallOperands(call);
        KernelOperand logits = operands.In(0), labels = operands.In(1), counted = operands.In(2), dLogits = operands.Out(0);
        var groups = new RowGroups(logits, options);
        return groups.Kernel(name, KernelFamilies.Summary(call), operands.All, reductions: 2, writer =>
        {
            string row = groups.WriteIndices(writer, "maxima", "totals");
            WriteMax(writer, groups, logits, row);
            writer.Line("float total = 0;");
            writer.Line(groups.Columns).Indented($"total += XMath.Exp({logits.At(row, "column")} - max);");
            groups.WriteSums(writer, ("totals", "total"));
            writer.Line();
            writer.Line($"int label = (int){labels.At(row, "0")};");
            writer.Line($"float share = 1 / XMath.Max({counted.At("0")}, 1f);");
            using (writer.Block(groups.Columns))
            {
                string slope = $"(XMath.Exp({logits.At(row, "column")} - max) / total - (column == label ? 1f : 0f)) * share";
                writer.Line($"{dLogits.At(row, "column")} = label == {loss.Ignored} ? 0f : {slope};");
            }
        });
    }

    /// <remarks>Floats on both sides of a choice: ILGPU gives OpenCL an integer otherwise, whose bits it takes for a float.</remarks>
    private static Kernel OfPixels(
        int ignored, KernelOperand logits, KernelOperand labels, string first, string name, KernelOptions options)
    {
        var groups = new RowGroups(logits, options);
        string summary = $"The loss of each pixel of {logits.Name}, whether it counts, and whether its class scores highest.";
        return groups.Kernel(name + "Pixels", summary, [logits, labels], reductions: 3, writer =>
        {
            string row = groups.WriteIndices(writer, "maxima", "totals", "rivals");
            writer.Line($"int label = (int){labels.At(row, "0")}, right = label == {ignored} ? 0 : label;");
            WriteMax(writer, groups, logits, row);
            writer.Line("// Of equal logits the first is the highest: those before the right class are its rivals.");
            writer.Line("float total = 0, rival = 0;");
            using (writer.Block(groups.Columns))
            {
                writer.Line($"total += XMath.Exp({logits.At(row, "column")} - max);");
                writer.Line($"rival += column >= right || {logits.At(row, "column")} < max ? 0f : 1f;");
            }

            groups.WriteSums(writer, ("totals", "total"), ("rivals", "rival"));
            writer.Line();
            using (writer.Block(groups.IsFirst))
            {
                writer.Line($"float score = {logits.At(row, "right")};");
                writer.Line($"long place = {first}{(row == "0" ? "" : $" + {row}")};");
                writer.Line($"scratch[place] = label == {ignored} ? 0f : XMath.Log(total) - (score - max);");
                writer.Line($"scratch[place + {logits.Rows}] = label == {ignored} ? 0f : 1f;");
                writer.Line($"scratch[place + {2 * logits.Rows}] = label == {ignored} || score < max || rival > 0 ? 0f : 1f;");
            }
        });
    }

    private static Kernel OfImages(KernelOperand? correct, int pixels, string first, string name, KernelOptions options)
    {
        int threads = (options.Reduction ?? TileModel.RowReduction(pixels, unit: 1, options.Limits)).Across;
        string[] sums = ["loss", "counted", "right"];
        KernelOperand[] written = [.. new[] { correct }.OfType<KernelOperand>()];
        var groups = new GroupLaunch(threads, 1, Sums * threads, GroupCount.OnePerImage, GroupCount.One, GroupCount.One);
        return new(
            name + "Images", $"The sums of each image, in the place of its first pixel. {threads} threads for an image.", written, groups,
            writer =>
            {
                foreach (string sum in sums)
                    TreeReduction.Declare(writer, sum + "Sums", threads);
                writer.Line("int thread = Group.IdxX, image = Grid.IdxX;");
                writer.Line("float loss = 0, counted = 0, right = 0;");
                using (writer.Block($"for (int pixel = thread; pixel < {pixels}; pixel += {threads})"))
                {
                    writer.Line($"long place = {first} + pixel;");
                    for (int i = 0; i < Sums; i++)
                        writer.Line($"{sums[i]} += scratch[place{(i == 0 ? "" : $" + {i * pixels}")}];");
                }

                writer.Line();
                new TreeReduction(threads, 1, "thread").WriteSums(writer, [.. sums.Select(s => (s + "Sums", s))]);
                using (writer.Block("if (thread == 0)"))
                {
                    writer.Line($"scratch[{first}] = lossSums[0];");
                    writer.Line($"scratch[{first} + 1] = countedSums[0];");
                    foreach (KernelOperand share in written)
                        writer.Line($"{share.At("0")} = rightSums[0] / XMath.Max(countedSums[0], 1f);");
                }
            });
    }

    private static void WriteMax(SourceWriter writer, RowGroups groups, KernelOperand logits, string row)
    {
        writer.Line("float max = float.NegativeInfinity;");
        writer.Line(groups.Columns).Indented($"max = XMath.Max(max, {logits.At(row, "column")});");
        groups.WriteMax(writer, "maxima", "max");
        writer.Line();
    }
}
