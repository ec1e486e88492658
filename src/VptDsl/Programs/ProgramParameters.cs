using System.Runtime.InteropServices;
using VptDsl.Common;

namespace VptDsl.Programs;

/// <summary>A program's memory, parameter by parameter.</summary>
internal static class ProgramParameters
{
    /// <summary>Where a parameter lies.</summary>
    public static Slot SlotOf(ParameterDescription parameter) =>
        new(parameter.Region, parameter.Offset);

    /// <summary>A copy of a parameter's elements.</summary>
    public static float[] Read(this ModelProgram program, ParameterDescription parameter) => program.Read(parameter, 0, parameter.Count);

    /// <summary>A copy of some of a parameter's elements, which follow one another.</summary>
    /// <param name="program">The program.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="offset">The first of them; even where memory holds the parameter in bfloat16.</param>
    /// <param name="count">How many; as well.</param>
    public static float[] Read(this ModelProgram program, ParameterDescription parameter, long offset, long count)
    {
        Slot whole = SlotOf(parameter);
        if (parameter.Storage != WeightStorage.BFloat16)
            return program.Read(whole with { Offset = whole.Offset + offset }, count);
        float[] values = new float[count];
        float[] packed = program.Read(whole with { Offset = whole.Offset + (offset / 2) }, count / 2);
        BFloat16.Unpack(MemoryMarshal.Cast<float, ushort>(packed), values);
        return values;
    }

    /// <summary>A copy of elements that follow one another.</summary>
    public static float[] Read(this ModelProgram program, Slot source, long count)
    {
        float[] values = new float[count];
        program.Read(source, values);
        return values;
    }

    /// <summary>The SHA-256 of a parameter's elements, as they were written.</summary>
    public static byte[] HashOf(this ModelProgram program, ParameterDescription parameter) =>
        program.HashesBeforeRounding.GetValueOrDefault(parameter.Name) ?? FloatsHash.Of(program.Read(parameter));

    /// <summary>Writes a parameter's elements, rounded where memory holds it in bfloat16.</summary>
    public static void Write(this ModelProgram program, ParameterDescription parameter, ReadOnlySpan<float> values)
    {
        if (parameter.Storage != WeightStorage.BFloat16)
        {
            program.Write(SlotOf(parameter), values);
            return;
        }

        program.HashesBeforeRounding[parameter.Name] = FloatsHash.Of(values);
        float[] packed = new float[values.Length / 2];
        BFloat16.Pack(values, MemoryMarshal.Cast<float, ushort>(packed.AsSpan()));
        program.Write(SlotOf(parameter), packed);
    }
}
