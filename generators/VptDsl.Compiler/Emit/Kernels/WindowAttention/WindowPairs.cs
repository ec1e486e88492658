using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Writes, as C#, which tokens meet in a window. Variables y, x and keyY, keyX are places after the shift.</summary>
internal sealed class WindowPairs(WindowGrid grid)
{
    /// <summary>Declares the place of a token and the first place of its window.</summary>
    public void WritePlace(SourceWriter writer, string token, string y, string x)
    {
        WriteShifted(writer, token, y, x);
        writer.Line($"int top = {y} / {grid.Window} * {grid.Window}, left = {x} / {grid.Window} * {grid.Window};");
    }

    /// <summary>Declares the place of a token.</summary>
    public void WriteShifted(SourceWriter writer, string token, string y, string x)
    {
        string back = grid.Shift == 0 ? "" : $" + {grid.Side - grid.Shift}", around = grid.Shift == 0 ? "" : $" % {grid.Side}";
        writer.Line($"int {y} = ({token} / {grid.Side}{back}){around}, {x} = ({token} % {grid.Side}{back}){around};");
    }

    /// <summary>Declares the first place of a window.</summary>
    public void WriteWindow(SourceWriter writer, string window) =>
        writer.Line($"int top = {window} / {grid.WindowsOnSide} * {grid.Window}, left = {window} % {grid.WindowsOnSide} * {grid.Window};");

    /// <summary>The window that begins at <c>top</c> and <c>left</c>.</summary>
    public string Window => $"top / {grid.Window} * {grid.WindowsOnSide} + left / {grid.Window}";

    /// <summary>Opens a loop over the tokens of the window, and declares the place of each and its row.</summary>
    public SourceWriter.Scope ForEachToken(SourceWriter writer, string row, string y, string x)
    {
        SourceWriter.Scope loop = writer.Block($"for (int token = 0; token < {grid.TokensOfWindow}; token++)");
        writer.Line($"int {y} = top + token / {grid.Window}, {x} = left + token % {grid.Window};");
        WriteRow(writer, row, y, x);
        return loop;
    }

    /// <summary>Declares the row of the token at a place.</summary>
    public void WriteRow(SourceWriter writer, string row, string y, string x)
    {
        string Unshifted(string place) => grid.Shift == 0 ? place : $"({place} + {grid.Shift}) % {grid.Side}";
        writer.Line($"int {row} = {Unshifted(y)} * {grid.Side} + {Unshifted(x)};");
    }

    /// <summary>Adds position bias and mask to a score.</summary>
    public void WriteBias(SourceWriter writer, KernelOperand bias, string head)
    {
        writer.Line($"int offset = (y - keyY + {grid.Window - 1}) * {grid.Offsets} + x - keyX + {grid.Window - 1};");
        writer.Line($"score += {bias.At("offset", head)};");
        if (grid.Shift == 0)
            return;
        int cut = grid.Side - grid.Shift;
        writer.Line($"if (y >= {cut} != keyY >= {cut} || x >= {cut} != keyX >= {cut})")
            .Indented($"score += {SourceWriter.Literal(WindowGrid.Masked)};");
    }

    /// <summary>
    /// Opens the body for keys at a relative position, given by <c>position</c>, of the query; none may be in the window.
    /// </summary>
    public SourceWriter.Scope ForKeyAtPosition(SourceWriter writer)
    {
        writer.Line(
            $"int keyY = y - position / {grid.Offsets} + {grid.Window - 1}, keyX = x - position % {grid.Offsets} + {grid.Window - 1};");
        SourceWriter.Scope inside = writer.Block(
            $"if (keyY >= top && keyY < top + {grid.Window} && keyX >= left && keyX < left + {grid.Window})");
        WriteRow(writer, "keyRow", "keyY", "keyX");
        return inside;
    }
}
