using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Where the elements lie that a thread loads of lines whose neighbours in memory are summed over.</summary>
/// <remarks>
/// A thread loads items; those at the same step lie at the same depth of different lines. Depths and columns are counted in floats.
/// </remarks>
internal interface ITileLines
{
    /// <summary>Declares what is known of an item's line before any depth.</summary>
    void WriteLine(SourceWriter writer, int item, string line);

    /// <summary>Writes what the items of a step have in common at a depth.</summary>
    void WriteDepth(SourceWriter writer, int step, string depth, bool declare);

    /// <summary>The element of an item, of one or four floats.</summary>
    string Element(int item, int step, string depth);

    /// <summary>Writes the methods that elements call.</summary>
    void WriteFunctions(SourceWriter writer);
}

/// <summary>Lines that are rows of a matrix.</summary>
/// <param name="name">What variables begin with.</param>
/// <param name="source">The matrix, counted in units.</param>
/// <param name="unit">Floats of an item.</param>
internal sealed class MatrixLines(string name, KernelOperand source, int unit) : ITileLines
{
    public void WriteLine(SourceWriter writer, int item, string line) =>
        writer.Line($"long {name}Offset{item} = {source.RowOffset(line)};");

    public void WriteDepth(SourceWriter writer, int step, string depth, bool declare)
    {
    }

    public string Element(int item, int step, string depth) =>
        $"{source.Name}[{name}Offset{item} + {(unit == 1 ? depth : $"({depth}) / {unit}")}]";

    public void WriteFunctions(SourceWriter writer)
    {
    }
}

/// <summary>
/// Lines that are patches of a map: a depth is a channel of one of a patch's pixels, and zero where that lies beyond the map.
/// </summary>
/// <param name="kernel">The kernel's name, which that of its method begins with.</param>
/// <param name="name">What variables begin with.</param>
/// <param name="source">The map, counted in units.</param>
/// <param name="unit">Floats of an item, all of the same pixel.</param>
/// <param name="grid">The patches.</param>
internal sealed class PatchLines(string kernel, string name, KernelOperand source, int unit, SlidingPatch grid) : ITileLines
{
    private int Channels => source.Columns * unit;

    private string Method => kernel + "Pixel";

    public void WriteLine(SourceWriter writer, int item, string line)
    {
        writer.Line($"int {name}Patch{item} = {line};");
        if (source.Batched)
        {
            writer.Line(
                $"long {name}Image{item} = {name}Patch{item} / {grid.Patches} * {SourceWriter.Literal(source.Layout.ImageStride)}L;");
        }

        writer.Line($"int {name}Top{item} = {name}Patch{item} % {grid.Patches} / {grid.Side} * {grid.Stride} - {grid.Padding};");
        writer.Line($"int {name}Left{item} = {name}Patch{item} % {grid.Side} * {grid.Stride} - {grid.Padding};");
    }

    public void WriteDepth(SourceWriter writer, int step, string depth, bool declare)
    {
        string type = declare ? "int " : "";
        writer.Line($"{type}{name}Down{step} = ({depth}) / {grid.Kernel * Channels};");
        writer.Line($"{type}{name}Across{step} = ({depth}) / {Channels} % {grid.Kernel};");
        writer.Line($"{type}{name}Channel{step} = ({depth}) % {Channels}{(unit == 1 ? "" : $" / {unit}")};");
    }

    public string Element(int item, int step, string depth)
    {
        string image = source.Batched ? $"{name}Image{item}" : "0L";
        return $"{Method}({source.Name}, {image}, {name}Top{item} + {name}Down{step}, {name}Left{item} + {name}Across{step}, "
            + $"{name}Channel{step})";
    }

    public void WriteFunctions(SourceWriter writer)
    {
        (string type, string zero) = unit == 1 ? ("float", "0") : ($"Float{unit}", "default");
        string inside = $"y >= 0 && y < {grid.Size} && x >= 0 && x < {grid.Size}";
        writer.Line();
        writer.Summary("Channels of a pixel of the map; those of pixels beyond its edges are zero.");
        writer.Line($"private static {type} {Method}(ArrayView<{type}> map, long image, int y, int x, int channel) =>");
        writer.Indented(
            $"{inside} ? map[image + (y * {grid.Size} + x) * {SourceWriter.Literal(source.Layout.RowStride)} + channel] : {zero};");
    }
}
