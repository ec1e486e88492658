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
            int side = patches.Size / patches.Patch, patch = patches.Patch;
            indices.Write(writer);
            writer.Line($"int channel = {column} / {patch * patch};");
            writer.Line($"int y = {row} / {side} * {patch} + {column} / {patch} % {patch};");
            writer.Line($"int x = {row} % {side} * {patch} + {column} % {patch};");
            writer.Line($"{result.At(row, column)} = {images.At($"(channel * {patches.Size} + y)", "x")};");
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
            int side = fold.Size / fold.Patch, patch = fold.Patch;
            indices.Write(writer);
            writer.Line($"int channel = {row} / {fold.Size};");
            writer.Line($"int y = {row} % {fold.Size};");
            writer.Line($"int place = y / {patch} * {side} + {x} / {patch};");
            writer.Line($"int pixel = (channel * {patch} + y % {patch}) * {patch} + {x} % {patch};");
            writer.Line($"{images.At(row, x)} = {patches.At("place", "pixel")};");
        });
    }
}
