namespace VptDsl.Testing.Ptx;

/// <summary>
/// The matrices that a warp's lanes hold together, where PTX ISA says ("Matrix Fragments for mma.m16n8k8", "… m16n8k16"): lane 4·g + t has
/// rows g and g + 8 and columns from t on.
/// </summary>
internal static class PtxMatrices
{
    private const string TensorFloat = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32",
        BFloat16 = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";

    public static bool IsKnown(string name) => name is TensorFloat or BFloat16;

    /// <summary>d = a · b + c of a warp.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="registers">The warp's registers: 32 lanes of each, one behind the other.</param>
    /// <remarks>
    /// Products are exact. Sums are taken together and cut off to a float, not rounded, as tensor cores are known to do (Fasi et al., 2021,
    /// "Numerical behavior of NVIDIA tensor cores").
    /// </remarks>
    public static void Multiply(PtxInstruction instruction, ulong[] registers)
    {
        (PtxOperand d, PtxOperand a, PtxOperand b, PtxOperand c) =
            (instruction.Operands[0], instruction.Operands[1], instruction.Operands[2], instruction.Operands[3]);
        int depth = instruction.Name == TensorFloat ? 8 : 16, packed = depth / 8;
        Span<float> left = stackalloc float[16 * depth], right = stackalloc float[8 * depth];
        for (int lane = 0; lane < 32; lane++)
        {
            (int g, int t) = (lane / 4, lane % 4);
            for (int i = 0; i < 4; i++)
            {
                for (int part = 0; part < packed; part++)
                    left[((g + (8 * (i % 2))) * depth) + (i / 2 * 4 * packed) + (t * packed) + part] = Part(a.Registers[i], lane, part);
            }

            for (int i = 0; i < 2; i++)
            {
                for (int part = 0; part < packed; part++)
                    right[(g * depth) + (i * 4 * packed) + (t * packed) + part] = Part(b.Registers[i], lane, part);
            }
        }

        // All lanes have read before one writes.
        Span<uint> results = stackalloc uint[4 * 32];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                (int row, int column) = ((lane / 4) + (8 * (i / 2)), (lane % 4 * 2) + (i % 2));
                double sum = PtxArithmetic.Float(registers[(c.Registers[i] * 32) + lane]);
                for (int k = 0; k < depth; k++)
                    sum += (double)left[(row * depth) + k] * right[(column * depth) + k];
                results[(i * 32) + lane] = PtxArithmetic.Bits(CutOff(sum));
            }
        }

        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
                registers[(d.Registers[i] * 32) + lane] = results[(i * 32) + lane];
        }

        float Part(int register, int lane, int part)
        {
            uint bits = (uint)registers[(register * 32) + lane];
            if (packed == 2)
                return PtxArithmetic.Float(bits >> (16 * part) << 16);
            return (bits & 0x1fff) == 0
                ? PtxArithmetic.Float(bits)
                : throw new PtxFaultException($"'{instruction.Text}' is given {bits:x8}, which is not rounded to TF32.");
        }
    }

    private static float CutOff(double value)
    {
        float nearest = (float)value;
        return !float.IsFinite(nearest) || Math.Abs((double)nearest) <= Math.Abs(value) ? nearest
            : BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(nearest) - 1);
    }
}
