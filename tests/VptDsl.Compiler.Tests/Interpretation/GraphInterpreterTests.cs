using VptDsl.Compiler.Graph;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Interpretation;

/// <summary>The interpreter knows the whole closed set of operations: a new one cannot slip past the tests that rest on it.</summary>
public sealed class GraphInterpreterTests
{
    public static TheoryData<string> Operations { get; } = [.. typeof(Operation).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract).Select(t => t.FullName!).Order()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_has_a_rule(string operation) =>
        Assert.True(
            GraphInterpreter.Supports(typeof(Operation).Assembly.GetType(operation)!),
            $"{operation} has no rule in {nameof(GraphInterpreter)}.");
}
