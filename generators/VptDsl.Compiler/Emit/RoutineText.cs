using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit;

/// <summary>Writes the call of an operation's routine.</summary>
internal static class RoutineText
{
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">The texts of the inputs.</param>
    /// <param name="outputs">The texts of the outputs; null for those that are not asked for.</param>
    /// <remarks>What has a name and is not there is left out.</remarks>
    public static string Of(Operation operation, IReadOnlyList<string> inputs, IReadOnlyList<string?> outputs)
    {
        IEnumerable<string> arguments = operation.RoutineArguments(inputs, outputs)
            .Where(argument => argument is not { Name: not null, Value: null })
            .Select(argument => argument.Name is null ? Text(argument.Value) : $"{argument.Name}: {Text(argument.Value)}");
        return $"{operation.Routine}({string.Join(", ", arguments)})";
    }

    private static string Text(object? value) => value switch
    {
        null => "default",
        string operand => operand,
        int number => SourceWriter.Literal(number),
        double number => SourceWriter.Literal(number),
        bool isTrue => isTrue ? "true" : "false",
        ActivationKind kind => $"ActivationKind.{kind}",
        PlaneSize size => size.Code,
        SlidingPatch grid => $"new({grid.Size}, {grid.Kernel}, {grid.Stride}, {grid.Padding})",
        IEnumerable<double> numbers => List(numbers.Select(SourceWriter.Literal)),
        IEnumerable<string?> operands => List(operands.Select(Text)),
        var other => throw new NotSupportedException($"Arguments that are {other.GetType().Name} have no C#; write it down here."),
    };

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";
}
