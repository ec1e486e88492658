using System.Text;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Writes one text of PTX: instructions over registers with names of their own, and the shared memory that they use.</summary>
/// <remarks>
/// Kernels hand the text to ILGPU whole, since what passes between two texts goes through local memory. ILGPU takes <c>%0</c>,
/// <c>%1</c> … for arguments, so that a register of the machine, such as the thread's number, is written with two percent signs.
/// </remarks>
internal sealed class PtxWriter
{
    /// <summary>The register of where shared memory begins.</summary>
    public const string Shared = "tiles";

    private const string Memory = "memory";

    private const int LineLength = 130;

    private readonly int _sharedBytes;
    private readonly StringBuilder _body = new();
    private readonly Dictionary<string, List<string>> _registers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { Memory };

    /// <param name="sharedBytes">Shared memory of a group.</param>
    public PtxWriter(int sharedBytes)
    {
        _sharedBytes = sharedBytes;
        Line($"mov.u32 {Word(Shared)}, {Memory};");
    }

    public string Float(string name) => Register("f32", name, name);

    public string[] Floats(string name, int count) => Registers("f32", name, count);

    /// <summary>A register of 32 bits: a whole number, or bits that are multiplied.</summary>
    public string Word(string name) => Register("b32", name, name);

    public string[] Words(string name, int count) => Registers("b32", name, count);

    /// <summary>A register of 64 bits: an address.</summary>
    public string Long(string name) => Register("b64", name, name);

    public string[] Longs(string name, int count) => Registers("b64", name, count);

    public string Predicate(string name) => Register("pred", name, name);

    /// <summary>A line of instructions, each of which brings its semicolon.</summary>
    public PtxWriter Line(string instructions)
    {
        _body.Append(instructions).Append('\n');
        return this;
    }

    /// <summary>Instructions side by side, as many in a line as fit.</summary>
    public PtxWriter Lines(IEnumerable<string> instructions)
    {
        var line = new StringBuilder();
        foreach (string instruction in instructions)
        {
            if (line.Length > 0 && line.Length + instruction.Length >= LineLength)
            {
                Line(line.ToString());
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(instruction);
        }

        return line.Length == 0 ? this : Line(line.ToString());
    }

    public PtxWriter Comment(string text) => Line($"// {text}");

    /// <summary>A place to branch to.</summary>
    public PtxWriter Label(string name) => Line($"{name}:");

    /// <summary>A float as PTX writes it: its bits.</summary>
    public static string Literal(float value) => $"0f{BitConverter.ToInt32(BitConverter.GetBytes(value), 0):X8}";

    /// <summary>The text, a block of its own so that it shares no name with what stands around it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{\n");
        text.Append($".shared .align 128 .b8 {Memory}[{SourceWriter.Literal(_sharedBytes)}];\n");
        foreach (string type in new[] { "f32", "b32", "b64", "pred" })
        {
            if (!_registers.TryGetValue(type, out List<string>? declared))
                continue;
            var line = new StringBuilder();
            foreach (string register in declared)
            {
                if (line.Length + register.Length > LineLength)
                {
                    text.Append($".reg .{type} {line};\n");
                    line.Clear();
                }

                line.Append(line.Length == 0 ? "" : ", ").Append(register);
            }

            text.Append($".reg .{type} {line};\n");
        }

        return text.Append(_body.ToString()).Append('}').ToString();
    }

    private string[] Registers(string type, string name, int count)
    {
        Register(type, name, $"{name}<{SourceWriter.Literal(count)}>");
        return [.. Enumerable.Range(0, count).Select(i => name + SourceWriter.Literal(i))];
    }

    private string Register(string type, string name, string declaration)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"There is a register {name} already.", nameof(name));
        if (!_registers.TryGetValue(type, out List<string>? declared))
            _registers.Add(type, declared = []);
        declared.Add(declaration);
        return name;
    }
}
