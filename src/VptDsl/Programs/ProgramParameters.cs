namespace VptDsl.Programs;

/// <summary>A program's memory, parameter by parameter.</summary>
internal static class ProgramParameters
{
    /// <summary>Where a parameter lies.</summary>
    public static Slot SlotOf(ParameterDescription parameter) =>
        new(parameter.Region, parameter.Offset);

    /// <summary>A copy of a parameter's elements.</summary>
    public static float[] Read(this ModelProgram program, ParameterDescription parameter) =>
        program.Read(SlotOf(parameter), parameter.Count);

    /// <summary>A copy of elements that follow one another.</summary>
    public static float[] Read(this ModelProgram program, Slot source, long count)
    {
        float[] values = new float[count];
        program.Read(source, values);
        return values;
    }
}
