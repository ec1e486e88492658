using VptDsl.Common;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Works through a program's trained regions a piece at a time, so that no second copy of a large model is needed.</summary>
internal static class TrainedState
{
    private const int PieceFloats = 1 << 16;

    /// <summary>Clears what the optimiser remembers, so that a fit does not depend on the one before.</summary>
    public static void ClearMoments(ModelProgram program, OptimizerKind optimizer)
    {
        Clear(program, Region.FirstMoments);
        if (optimizer == OptimizerKind.AdamW)
            Clear(program, Region.SecondMoments);
    }

    /// <summary>Whether every trained parameter is a finite number.</summary>
    public static bool IsFinite(ModelProgram program)
    {
        long total = program.Model.TrainedFloats;
        float[] piece = new float[Math.Min(total, PieceFloats)];
        for (long offset = 0; offset < total; offset += piece.Length)
        {
            Span<float> values = piece.AsSpan(0, (int)Math.Min(piece.Length, total - offset));
            program.Read(new Slot(Region.Trained, offset), values);
            if (!FiniteNumbers.AreAll(values))
                return false;
        }

        return true;
    }

    private static void Clear(ModelProgram program, Region region)
    {
        long total = program.Model.TrainedFloats;
        float[] zeros = new float[Math.Min(total, PieceFloats)];
        for (long offset = 0; offset < total; offset += zeros.Length)
            program.Write(new Slot(region, offset), zeros.AsSpan(0, (int)Math.Min(zeros.Length, total - offset)));
    }
}
