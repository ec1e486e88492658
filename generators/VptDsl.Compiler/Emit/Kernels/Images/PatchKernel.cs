using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Cuts images into patches: a thread for each element of the patches.</summary>
internal static class PatchKernel
{
    public static Kernel Create(ExtractPatches patches, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand images = operands.In(0), result = operands.Out(0);
        var indices = ThreadIndices.Elements(result);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], column = indices.Variables[1];
            int across = patches.Size.Over(patches.Patch).Width, height = patches.Patch.Height, width = patches.Patch.Width;
            indices.Write(writer);
            writer.Line($"int channel = {column} / {height * width};");
            writer.Line($"int y = {row} / {across} * {height} + {column} / {width} % {height};");
            writer.Line($"int x = {row} % {across} * {width} + {column} % {width};");
            writer.Line($"{result.At(row, column)} = {images.At($"(channel * {patches.Size.Height} + y)", "x")};");
        });
    }

    /// <summary>Puts patches back into images: a thread for each pixel.</summary>
    public static Kernel Fold(FoldPatches fold, Call call, string name)
    {
        var operands = new CallOperands(call);
        KernelOperand patches = operands.In(0), images = operands.Out(0);
        var indices = ThreadIndices.Elements(images);
        return new(name, KernelFamilies.Summary(call), operands.All, indices.Threads, writer =>
        {
            string row = indices.Variables[0], x = indices.Variables[1];
            int across = fold.Size.Over(fold.Patch).Width, height = fold.Patch.Height, width = fold.Patch.Width;
            indices.Write(writer);
            writer.Line($"int channel = {row} / {fold.Size.Height};");
            writer.Line($"int y = {row} % {fold.Size.Height};");
            writer.Line($"int place = y / {height} * {across} + {x} / {width};");
            writer.Line($"int pixel = (channel * {height} + y % {height}) * {width} + {x} % {width};");
            writer.Line($"{images.At(row, x)} = {patches.At("place", "pixel")};");
        });
    }
}
