using System.Reflection;
using System.Text.RegularExpressions;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Diagnostics;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects messages from holes: the compiler fills in exactly the words that the shell's message has room for.</summary>
public sealed partial class MessageTests
{
    private static readonly IReadOnlyList<Problem> EveryProblem =
    [
        .. typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(m => (Problem)m.Invoke(null, [.. m.GetParameters().Select(p => Sample(p.ParameterType))])!),
    ];

    [Fact]
    public void Every_problem_of_a_declaration_has_a_descriptor_and_every_descriptor_a_problem() =>
        Assert.Equal(
            Descriptors.All.Keys
                .Except([Descriptors.UnusableTiles.Id, Descriptors.UnusableKernels.Id, Descriptors.UnusableTensorCores.Id]).Order(),
            EveryProblem.Select(p => p.Id).Order());

    [Fact]
    public void Every_message_uses_every_word_it_is_given() =>
        Assert.All(
            EveryProblem,
            p => Assert.Equal(
                Enumerable.Range(0, p.Arguments.Count),
                Placeholder().Matches(Descriptors.Find(p.Id).MessageFormat.ToString()).Select(m => int.Parse(m.Groups[1].Value)).Distinct()
                    .Order()));

    private static object? Sample(Type type) =>
        type == typeof(string) ? "words" : type == typeof(Remedy) ? null : Activator.CreateInstance(type)!;

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Placeholder();
}
