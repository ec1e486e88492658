using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;
using Declared = VptDsl.Compiler.Spec.Problems;

namespace VptDsl.Generators.Parsing;

/// <summary>Reads the statements of a prompt method; a problem for each that has no meaning in a model.</summary>
internal sealed class PromptStatementReader
{
    private readonly PlaceList _places;
    private readonly PromptExpressionReader _expressions;

    public PromptStatementReader(PlaceList places, IParameterSymbol layer)
    {
        _places = places;
        _expressions = new(places, layer, Problems);
    }

    public List<Problem> Problems { get; } = [];

    public EquatableArray<PromptStatement> Read(IOperation? statement) => ReadAll(statement).ToEquatableArray();

    private IEnumerable<PromptStatement> ReadAll(IOperation? statement)
    {
        switch (statement)
        {
            case null or IEmptyOperation:
                return [];
            case IBlockOperation block:
                return block.Operations.SelectMany(ReadAll);
            case IVariableDeclarationGroupOperation group:
                return group.Declarations.SelectMany(d => d.Declarators).Select(Declare).OfType<PromptStatement>();
            case IExpressionStatementOperation { Operation: { } expression }:
                return [ReadExpression(expression)];
            case IConditionalOperation branch:
                return
                [
                    new PromptBranch(Place(branch), _expressions.Read(branch.Condition), Read(branch.WhenTrue), Read(branch.WhenFalse)),
                ];
            case IReturnOperation { ReturnedValue: null } end:
                return end.IsImplicit ? [] : [new PromptReturn(Place(end))];
            default:
                Problems.Add(Declared.NotAGraphOperation(
                    _places.Add(FirstToken(statement)), $"A statement '{statement.Syntax.GetFirstToken().Text}'",
                    "write variables, assignments, calls, 'if' and 'return' alone"));
                return [];
        }
    }

    private PromptAssignment? Declare(IVariableDeclaratorOperation declarator)
    {
        int place = Place(declarator);
        ILocalSymbol local = declarator.Symbol;
        if (!PromptExpressionReader.IsValue(local.Type))
        {
            Problems.Add(Declared.PromptVariableType(
                place,
                local.Name,
                local.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
            return null;
        }

        int variable = _expressions.Number(local);
        IVariableInitializerOperation? initializer = declarator.Initializer
            ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer;
        return initializer is null ? null : new(place, variable, NameOf(local), _expressions.Read(initializer.Value));
    }

    private PromptStatement ReadExpression(IOperation expression)
    {
        int place = Place(expression);
        switch (expression)
        {
            case ISimpleAssignmentOperation assignment:
                return Assign(place, assignment.Target, _expressions.Read(assignment.Value));
            case ICompoundAssignmentOperation assignment:
                return Assign(place, assignment.Target, _expressions.Combine(assignment, assignment.Target, assignment.Value));
            default:
                PromptExpression read = _expressions.Read(expression);
                return new PromptAction(place, read as PromptCall ?? new(place, "Run", EquatableArray<PromptArgument>.Empty));
        }
    }

    private PromptStatement Assign(int place, IOperation target, PromptExpression value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local when PromptExpressionReader.IsValue(local.Local.Type):
                return new PromptAssignment(place, _expressions.Number(local.Local), NameOf(local.Local), value);
            case IPropertyReferenceOperation { Instance: IParameterReferenceOperation } member:
                return new PromptWrite(place, member.Property.Name, value);
            default:
                Problems.Add(Declared.NotAGraphOperation(
                    _places.Add(target.Syntax.GetLocation()), $"An assignment to '{target.Syntax}'",
                    "assign to a variable of the method, to layer.Tokens or to layer.Prompts"));
                return new PromptReturn(place);
        }
    }

    private int Place(IOperation operation) => _places.Add(operation.Syntax.GetLocation());

    private static Location FirstToken(IOperation operation) => operation.Syntax.GetFirstToken().GetLocation();

    /// <summary>
    /// Names of variables become names in generated code: one word that starts with a small letter, as no method there does. Keywords have
    /// no sign that makes them names, and "blocks" is what names of layers begin with.
    /// </summary>
    private static string NameOf(ILocalSymbol local)
    {
        string joined = string.Concat(local.Name.Split('_').Where(w => w.Length > 0).Select((w, i) => i == 0 ? w : Capital(w)));
        string word = string.Concat(joined.SkipWhile(c => !SyntaxFacts.IsIdentifierStartCharacter(c)));
        string name = word.Length == 0 ? "value" : char.ToLowerInvariant(word[0]) + word.Substring(1);
        return name == "blocks" || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? name + "Value" : name;
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word.Substring(1);
}
