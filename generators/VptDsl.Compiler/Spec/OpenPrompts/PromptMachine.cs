namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>Runs a prompt method for one layer: numbers are computed here, tokens by the target.</summary>
/// <typeparam name="T">What stands for tokens.</typeparam>
internal sealed class PromptMachine<T>
    where T : class
{
    private readonly PromptLayer _layer;
    private readonly IPromptTarget<T> _target;
    private readonly PromptOperations<T> _operations;
    private readonly Dictionary<int, object> _variables = [];

    private PromptMachine(PromptLayer layer, IPromptTarget<T> target)
    {
        _layer = layer;
        _target = target;
        _operations = new(layer, target, Evaluate);
    }

    /// <summary>Runs the method, and then what it has not run of the layer. Throws <see cref="PromptException"/> where it cannot.</summary>
    public static void Run(PromptProgram program, PromptLayer layer, IPromptTarget<T> target)
    {
        var machine = new PromptMachine<T>(layer, target);
        machine.Run(program.Body);
        machine._operations.RunRest();
    }

    /// <summary>Whether the method goes on after these statements.</summary>
    private bool Run(IEnumerable<PromptStatement> statements)
    {
        foreach (PromptStatement statement in statements)
        {
            switch (statement)
            {
                case PromptAssignment assignment:
                    _variables[assignment.Variable] = Evaluate(assignment.Value, assignment.Name);
                    break;
                case PromptWrite write:
                    _operations.Write(write, (T)Evaluate(write.Value, write.Member == "Tokens" ? "tokens" : "promptTokens"));
                    break;
                case PromptAction action:
                    Evaluate(action.Call, null);
                    break;
                case PromptBranch branch when !Run(Number(branch.Condition) != 0 ? branch.Then : branch.Otherwise):
                case PromptReturn:
                    return false;
                default:
                    break;
            }
        }

        return true;
    }

    /// <summary>A number or tokens; nothing, for a call that returns nothing, is 0.</summary>
    private object Evaluate(PromptExpression expression, string? name) => expression switch
    {
        PromptNumber number => number.Value,
        PromptText text => text.Value,
        PromptVariable variable => _variables[variable.Variable],
        PromptMember member => Member(member),
        PromptChoice choice => Evaluate(Number(choice.Condition) != 0 ? choice.WhenTrue : choice.WhenFalse, name),
        PromptUnary unary => unary.Operator == PromptOperator.Not ? Truth(Number(unary.Operand) == 0) : -Number(unary.Operand),
        PromptBinary binary => Compute(binary),
        PromptCall call => _operations.Call(call, name),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "This expression has no rule."),
    };

    private double Number(PromptExpression expression) => (double)Evaluate(expression, null);

    private object Member(PromptMember member)
    {
        if (member.Tokens is { } tokens)
        {
            TokenShape shape = _target.ShapeOf((T)Evaluate(tokens, null));
            return (double)(member.Name == "Rows" ? shape.Rows : shape.Columns);
        }

        return member.Name switch
        {
            "Index" => (double)_layer.Index,
            "Count" => (double)_layer.Count,
            "Width" => (double)_layer.Width,
            "Heads" => (double)_layer.Heads,
            "HasPrompts" => Truth(_target.Prompts is not null),
            "Tokens" => _target.Tokens,
            _ => _target.Prompts ?? throw new PromptException(Problems.PromptOutOfOrder(
                member.Place, "layer.Prompts", _layer.Index, "no prompts are in the sequence: assign some first, or ask layer.HasPrompts")),
        };
    }

    private double Compute(PromptBinary binary)
    {
        double left = Number(binary.Left);
        if (binary.Operator is PromptOperator.And or PromptOperator.Or && (left != 0) == (binary.Operator == PromptOperator.Or))
            return left;
        double right = Number(binary.Right);
        double result = binary.Operator switch
        {
            PromptOperator.Plus => left + right,
            PromptOperator.Minus => left - right,
            PromptOperator.Times => left * right,
            PromptOperator.Over => binary.IsInteger ? Math.Truncate(left / right) : left / right,
            PromptOperator.Remainder => left % right,
            PromptOperator.BitwiseAnd => (int)left & (int)right,
            PromptOperator.BitwiseOr => (int)left | (int)right,
            PromptOperator.Equal => Truth(left == right),
            PromptOperator.NotEqual => Truth(left != right),
            PromptOperator.Less => Truth(left < right),
            PromptOperator.LessOrEqual => Truth(left <= right),
            PromptOperator.Greater => Truth(left > right),
            PromptOperator.GreaterOrEqual => Truth(left >= right),
            _ => right,
        };
        if (double.IsNaN(result) || double.IsInfinity(result) || (binary.IsInteger && Math.Abs(result) > int.MaxValue))
        {
            throw new PromptException(Problems.PromptOutOfOrder(
                binary.Place, "A number", _layer.Index, "it is too large, or was divided by 0: compute another"));
        }

        return result;
    }

    private static double Truth(bool value) => value ? 1 : 0;
}

/// <summary>A prompt method that cannot be run for a layer.</summary>
internal sealed class PromptException(Problem problem) : Exception
{
    public Problem Problem { get; } = problem;
}
