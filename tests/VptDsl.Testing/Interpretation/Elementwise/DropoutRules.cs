using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Testing.Interpretation;

/// <summary>What is dropped by chance, where chance is a hash of noise, image and element.</summary>
internal static class DropoutRules
{
    public static void ReadNoise(ReadNoise operation, Invocation call) =>
        call.Outputs[0].Fill((_, _, column) => call.Graph.Noise[(operation.Place * Compiler.Graph.Operations.ReadNoise.Numbers) + column]);

    public static void Dropout(Dropout operation, Invocation call)
    {
        BatchMatrix x = call.Inputs[0];
        uint first = (uint)call.Inputs[1][0, 0, 0], second = (uint)call.Inputs[1][0, 0, 1];
        call.Outputs[0].Fill((image, row, column) =>
        {
            uint element = (uint)((row * x.Columns) + column);
            uint hash = Mix(Mix(first ^ unchecked((uint)image * 506952113u)) ^ second ^ unchecked(element * 99338859u)) / 256;
            return hash < operation.Rate * (1 << 24) ? 0 : x[image, row, column] / (1 - operation.Rate);
        });
    }

    /// <summary>A mixing function for 32 bits.</summary>
    private static uint Mix(uint bits) => unchecked(Shifted(Shifted(Shifted(bits, 15) * 0x2C1B3C6Du, 12) * 0x297A2D39u, 15));

    private static uint Shifted(uint bits, int by) => bits ^ (bits >> by);
}
