namespace VptDsl.Compiler.Spec;

/// <summary>The multiples of a divisor on both sides of a value that is none.</summary>
internal readonly record struct Multiples(int Value, int Divisor)
{
    /// <summary>The nearer of them, the lower one if both are as near; it may be more than an int holds.</summary>
    public long Nearest => Below > 0 && Value - Below <= Above - Value ? Below : Above;

    private long Below => Value / Divisor * (long)Divisor;

    private long Above => Below + Divisor;

    /// <summary>As messages name them: no size is 0.</summary>
    public override string ToString() => Below == 0 ? $"{Above}" : $"{Below} or {Above}";
}
