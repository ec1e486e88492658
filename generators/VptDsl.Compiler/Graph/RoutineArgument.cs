namespace VptDsl.Compiler.Graph;

/// <summary>What a device's routine takes at one place: of one of the types that convert to it, or nothing.</summary>
/// <param name="Value">The text of an operand, the texts of several, an attribute, or null for an operand that is not there.</param>
/// <param name="Name">The name that it is passed by; null for its place.</param>
internal readonly record struct RoutineArgument(object? Value, string? Name = null)
{
    public static implicit operator RoutineArgument(string? operand) => new(operand);

    public static implicit operator RoutineArgument(string?[] operands) => new(operands);

    public static implicit operator RoutineArgument(OperationAttribute attribute) => new(attribute.Value);
}
