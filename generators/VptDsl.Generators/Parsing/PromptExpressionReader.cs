using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Generators.Parsing;

/// <summary>Reads the expressions of a prompt method. What has no meaning in a model adds a problem and is read as 0.</summary>
internal sealed class PromptExpressionReader(PlaceList places, IParameterSymbol layer, List<Problem> problems)
{
    private const string LayerType = "VptDsl.Prompts.PromptedLayer", TokensType = "VptDsl.Prompts.Tokens";

    private readonly Dictionary<ILocalSymbol, int> _variables = new(SymbolEqualityComparer.Default);

    public static bool IsLayer(ITypeSymbol? type) => type?.ToDisplayString() == LayerType;

    /// <summary>Whether a variable can have this type.</summary>
    public static bool IsValue(ITypeSymbol? type) => IsNumber(type) || IsTokens(type);

    /// <summary>A variable's number, in order of declaration.</summary>
    public int Number(ILocalSymbol local)
    {
        if (!_variables.TryGetValue(local, out int number))
            _variables.Add(local, number = _variables.Count);
        return number;
    }

    public PromptExpression Read(IOperation operation)
    {
        int place = places.Add(operation.Syntax.GetLocation());
        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
            return constant is string text ? new PromptText(place, text) : new PromptNumber(place, ToNumber(constant));
        switch (operation)
        {
            case IConversionOperation { OperatorMethod: null } conversion when IsWidening(conversion):
                return Read(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return Read(parenthesized.Operand);
            case ILocalReferenceOperation local when IsValue(local.Type):
                return new PromptVariable(place, Number(local.Local));
            case ILocalReferenceOperation:
                // Its declaration was reported.
                break;
            case IPropertyReferenceOperation { Instance: { } instance } member when IsTheLayer(instance):
                return new PromptMember(place, null, member.Property.Name);
            case IPropertyReferenceOperation { Instance: { } instance } member when IsTokens(instance.Type):
                return new PromptMember(place, Read(instance), member.Property.Name);
            case IUnaryOperation { OperatorMethod: null } unary when IsNumber(unary.Type) && Operator(unary.OperatorKind) is { } @operator:
                return new PromptUnary(place, @operator, Read(unary.Operand));
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Plus } unary when IsNumber(unary.Type):
                return Read(unary.Operand);
            case IBinaryOperation binary when IsOurs(binary.OperatorMethod):
                return Sum(place, Read(binary.LeftOperand), Read(binary.RightOperand));
            case IBinaryOperation { OperatorMethod: null } binary
                when Operator(binary.OperatorKind, binary.LeftOperand, binary.RightOperand) is { } @operator:
                return new PromptBinary(place, @operator, IsInteger(binary.Type), Read(binary.LeftOperand), Read(binary.RightOperand));
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return new PromptChoice(place, Read(choice.Condition), Read(choice.WhenTrue), Read(otherwise));
            case IInvocationOperation call when IsOurs(call.TargetMethod):
                return Call(place, call);
            case IInvocationOperation call:
                problems.Add(Problems.UnknownPromptCall(place, call.TargetMethod.Name));
                break;
            default:
                problems.Add(Problems.NotAGraphOperation(
                    place, $"'{Shortened(operation.Syntax.ToString())}'",
                    "use constants, the method's variables, the layer's members and those of tokens"));
                break;
        }

        return new PromptNumber(place, 0);
    }

    /// <summary>target += value and its like.</summary>
    public PromptExpression Combine(ICompoundAssignmentOperation assignment, IOperation target, IOperation value)
    {
        int place = places.Add(assignment.Syntax.GetLocation());
        if (IsOurs(assignment.OperatorMethod))
            return Sum(place, Read(target), Read(value));
        if (assignment.OperatorMethod is null && Operator(assignment.OperatorKind, target, value) is { } @operator)
            return new PromptBinary(place, @operator, IsInteger(assignment.Type), Read(target), Read(value));
        problems.Add(Problems.NotAGraphOperation(place, $"'{Shortened(assignment.Syntax.ToString())}'", "write the assignment out"));
        return new PromptNumber(place, 0);
    }

    private static PromptCall Sum(int place, PromptExpression left, PromptExpression right) =>
        new(place, "Add", EquatableArray.Of<PromptArgument>(new("left", left), new("right", right)));

    private PromptCall Call(int place, IInvocationOperation call)
    {
        var arguments = new List<PromptArgument>();
        if (call.Instance is { } instance && !IsTheLayer(instance))
            arguments.Add(new("this", Read(instance)));
        arguments.AddRange(call.Arguments
            .OrderBy(a => a.Parameter!.Ordinal)
            .Select(a => new PromptArgument(a.Parameter!.Name, Read(a.Value))));
        return new(place, call.TargetMethod.Name, arguments.ToEquatableArray());
    }

    private bool IsTheLayer(IOperation instance) =>
        instance is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, layer);

    private static bool IsOurs(IMethodSymbol? method) =>
        method is not null && (IsLayer(method.ContainingType) || IsTokens(method.ContainingType));

    private static bool IsTokens(ITypeSymbol? type) =>
        type?.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString() == TokensType;

    private static bool IsNumber(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Double or SpecialType.System_Boolean;

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_Int32;

    private static bool IsWidening(IConversionOperation conversion) =>
        conversion.Conversion is { IsIdentity: true }
        || (IsNumber(conversion.Type) && IsNumber(conversion.Operand.Type)
            && conversion.Conversion is { IsNumeric: true, IsImplicit: true })
        || (IsTokens(conversion.Type) && IsTokens(conversion.Operand.Type));

    private static double ToNumber(object constant) =>
        constant is bool flag
            ? (flag ? 1 : 0)
            : constant is char letter ? letter : Convert.ToDouble(constant, CultureInfo.InvariantCulture);

    private static string Shortened(string code) =>
        code.IndexOf('\n') is var end && end >= 0 ? code.Substring(0, end).TrimEnd() + "…" : code;

    private static PromptOperator? Operator(UnaryOperatorKind kind) => kind switch
    {
        UnaryOperatorKind.Minus => PromptOperator.Negate,
        UnaryOperatorKind.Not => PromptOperator.Not,
        _ => null,
    };

    /// <summary>What C# computes of two numbers of one type; other types have operators of the same signs.</summary>
    private static PromptOperator? Operator(BinaryOperatorKind kind, IOperation left, IOperation right) =>
        !IsNumber(left.Type) || left.Type!.SpecialType != right.Type?.SpecialType
            ? null
            : (kind, IsInteger(left.Type)) switch
            {
                (BinaryOperatorKind.And, true) => PromptOperator.BitwiseAnd,
                (BinaryOperatorKind.Or, true) => PromptOperator.BitwiseOr,
                _ => Operator(kind),
            };

    private static PromptOperator? Operator(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => PromptOperator.Plus,
        BinaryOperatorKind.Subtract => PromptOperator.Minus,
        BinaryOperatorKind.Multiply => PromptOperator.Times,
        BinaryOperatorKind.Divide => PromptOperator.Over,
        BinaryOperatorKind.Remainder => PromptOperator.Remainder,
        BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And => PromptOperator.And,
        BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or => PromptOperator.Or,
        BinaryOperatorKind.Equals => PromptOperator.Equal,
        BinaryOperatorKind.NotEquals => PromptOperator.NotEqual,
        BinaryOperatorKind.LessThan => PromptOperator.Less,
        BinaryOperatorKind.LessThanOrEqual => PromptOperator.LessOrEqual,
        BinaryOperatorKind.GreaterThan => PromptOperator.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => PromptOperator.GreaterOrEqual,
        _ => null,
    };
}
