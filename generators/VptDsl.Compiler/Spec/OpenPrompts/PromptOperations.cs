using System.Text.RegularExpressions;

namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>The members of the library's <c>PromptedLayer</c> and <c>Tokens</c>: what each asks of its operands, and the shape it gives.</summary>
/// <typeparam name="T">What stands for tokens.</typeparam>
internal sealed class PromptOperations<T>(PromptLayer layer, IPromptTarget<T> target, Func<PromptExpression, string?, object> evaluate)
    where T : class
{
    /// <summary>More rows or columns than any prompts have; keeps sums of them from overflowing.</summary>
    private const int MaxSide = 1_000_000;

    private static readonly Regex ParameterName = new("^[a-z][A-Za-z0-9]*$");

    private readonly HashSet<string> _declared = [];
    private readonly TokenShape _image = target.ShapeOf(target.Tokens);
    private bool _hasAttended, _hasRunMlp;

    /// <summary>Carries out a call; what returns nothing gives 0.</summary>
    public object Call(PromptCall call, string? name)
    {
        switch (call.Name)
        {
            case "Parameter":
                return Declare(call, layer.Index);
            case "SharedParameter":
                return Declare(call, null);
            case "RunAttention":
                RunAttention(call);
                return 0.0;
            case "RunMlp":
                RunMlp(call);
                return 0.0;
            case "Run":
                RunRest();
                return 0.0;
            case "RemovePrompts":
                target.Prompts = null;
                return 0.0;
            default:
                return Compute(call, name);
        }
    }

    /// <summary>layer.Tokens = … or layer.Prompts = ….</summary>
    public void Write(PromptWrite write, T value)
    {
        TokenShape shape = target.ShapeOf(value);
        if (write.Member == "Prompts")
        {
            Require(shape.Columns == layer.Width, write.Place, "layer.Prompts", $"{shape}", $"prompts are {layer.Width} wide");
            target.Prompts = value;
            return;
        }

        Require(shape == _image, write.Place, "layer.Tokens", $"{shape}", $"class token and patches stay {_image}");
        target.Tokens = value;
    }

    /// <summary>What has not been run of the layer yet.</summary>
    public void RunRest()
    {
        if (!_hasAttended)
            target.RunAttention(null, null);
        if (!_hasRunMlp)
            target.RunMlp();
        _hasAttended = _hasRunMlp = true;
    }

    private T Declare(PromptCall call, int? ofLayer)
    {
        string name = (string)evaluate(call["name"]!, null);
        double rows = Number(call, "rows"), columns = Number(call, "columns");
        columns = columns == 0 ? layer.Width : columns;
        if (!ParameterName.IsMatch(name))
            throw new PromptException(Problems.PromptParameterUnsound(call["name"]!.Place, name, "is no name", "a small letter, then letters and digits"));
        if (!_declared.Add(name))
            throw new PromptException(Problems.PromptParameterUnsound(call.Place, name, "is declared a second time in a layer", "one name for each parameter, and keep it in a variable"));
        if (rows is < 1 or > MaxSide || columns is < 1 or > MaxSide)
        {
            throw new PromptException(Problems.PromptParameterUnsound(
                call.Place, name, FormattableString.Invariant($"has {rows} rows and {columns} columns"), $"from 1 to {MaxSide} of each"));
        }

        double? value = call["value"] is null ? null : Number(call, "value");
        var draw = (PromptDraw)(call["draw"] is null ? 0 : Number(call, "draw"));
        if (draw is not (PromptDraw.Uniform or PromptDraw.Normal or PromptDraw.Zero))
            throw new PromptException(Problems.PromptParameterUnsound(call["draw"]!.Place, name, "is drawn from no known distribution", "PromptDraw.Uniform, PromptDraw.Normal or PromptDraw.Zero"));
        T parameter = target.Declare(new(call.Place, name, ofLayer, (int)rows, (int)columns, draw, value));
        if (target.ShapeOf(parameter) != new TokenShape(false, (int)rows, (int)columns))
            throw new PromptException(Problems.PromptParameterUnsound(call.Place, name, "has another size in another layer", "the same size wherever it is shared"));
        return parameter;
    }

    private void RunAttention(PromptCall call)
    {
        if (_hasAttended)
            throw OutOfOrder(call, "layer.RunAttention", "the layer's attention has run already: call it once");
        _hasAttended = true;
        if (call["keys"] is null)
        {
            target.RunAttention(null, null);
            return;
        }

        T keys = Tokens(call, "keys"), values = Tokens(call, "values");
        TokenShape keyShape = target.ShapeOf(keys), valueShape = target.ShapeOf(values);
        Require(
            keyShape == valueShape && keyShape.Columns == layer.Width, call.Place, "layer.RunAttention", $"{keyShape} and {valueShape}",
            $"keys and values have the same shape and are {layer.Width} wide");
        target.RunAttention(keys, values);
    }

    private void RunMlp(PromptCall call)
    {
        if (_hasRunMlp)
            throw OutOfOrder(call, "layer.RunMlp", "the layer's MLP has run already: call it once");
        if (!_hasAttended)
            throw OutOfOrder(call, "layer.RunMlp", "the MLP comes after the attention: call layer.RunAttention() before");
        _hasRunMlp = true;
        target.RunMlp();
    }

    private T Compute(PromptCall call, string? name)
    {
        if (!Enum.TryParse(call.Name, out PromptOperationKind kind))
            throw new ArgumentOutOfRangeException(nameof(call), call.Name, "This member has no rule.");
        var operation = new PromptOperation(kind);
        T[] operands = [.. call.Arguments.Where(a => a.Name is not ("start" or "count")).Select(a => (T)evaluate(a.Value, null))];
        TokenShape[] shapes = [.. operands.Select(target.ShapeOf)];
        TokenShape x = shapes[0], result = x;
        string given = string.Join(" and ", shapes.Select(s => s.ToString()));
        switch (kind)
        {
            case PromptOperationKind.Add when shapes[1] == new TokenShape(false, 1, x.Columns) && x.Rows > 1:
                operation = new(PromptOperationKind.AddRow);
                break;
            case PromptOperationKind.Add:
                Fits(x.Rows == shapes[1].Rows && x.Columns == shapes[1].Columns, "a sum is of equally many rows and columns, or of rows and one row");
                result = x with { Batched = shapes.Any(s => s.Batched) };
                break;
            case PromptOperationKind.ScaleColumns:
                Fits(shapes[1] == new TokenShape(false, 1, x.Columns), $"factors are [1, {x.Columns}]");
                break;
            case PromptOperationKind.Linear:
                Fits(!shapes[1].Batched && shapes[1].Columns == x.Columns, $"a weight is [outputs, {x.Columns}]");
                result = x with { Columns = shapes[1].Rows };
                Fits(shapes.Length < 3 || shapes[2] == new TokenShape(false, 1, result.Columns), $"a bias is [1, {result.Columns}]");
                break;
            case PromptOperationKind.LayerNorm:
                Fits(shapes.Skip(1).All(s => s == new TokenShape(false, 1, x.Columns)), $"scale and shift are [1, {x.Columns}]");
                break;
            case PromptOperationKind.Slice:
                double start = Number(call, "start"), count = Number(call, "count");
                Fits(start >= 0 && count >= 1 && start + count <= x.Rows, FormattableString.Invariant($"it has no rows {start} to {start + count - 1}"));
                operation = new(kind, (int)start);
                result = x with { Rows = (int)count };
                break;
            case PromptOperationKind.Append:
                Fits(x.Columns == shapes[1].Columns && x.Rows + shapes[1].Rows <= MaxSide, "rows of one width go below each other");
                result = new(shapes.Any(s => s.Batched), x.Rows + shapes[1].Rows, x.Columns);
                break;
            case PromptOperationKind.Blend:
                Fits(x == new TokenShape(false, 1, 1), "a gate is one number, [1, 1]");
                Fits(shapes[1].Rows == shapes[2].Rows && shapes[1].Columns == shapes[2].Columns, "what is blended has equally many rows and columns");
                result = shapes[1] with { Batched = shapes[1].Batched || shapes[2].Batched };
                break;
            case PromptOperationKind.Normalize or PromptOperationKind.Query or PromptOperationKind.Key or PromptOperationKind.Value or PromptOperationKind.Project:
                Fits(x.Columns == layer.Width, $"the layer's weights take tokens {layer.Width} wide");
                break;
            case PromptOperationKind.Attend:
                Fits(shapes[1] == shapes[2] && shapes[1].Columns == x.Columns, "keys and values have the same shape, and the queries' width");
                Fits(x.Columns % layer.Heads == 0, $"the width is a multiple of the {layer.Heads} heads");
                result = x with { Batched = shapes.Any(s => s.Batched) };
                break;
            default:
                break;
        }

        return target.Compute(operation, operands, result, name ?? char.ToLowerInvariant(call.Name[0]) + call.Name.Substring(1));

        void Fits(bool condition, string rule) => Require(condition, call.Place, call.Name, given, rule);
    }

    private T Tokens(PromptCall call, string parameter) => (T)evaluate(call[parameter]!, parameter);

    private double Number(PromptCall call, string parameter) => (double)evaluate(call[parameter]!, null);

    private void Require(bool condition, int place, string what, string given, string rule)
    {
        if (!condition)
            throw new PromptException(Problems.PromptShapesDiffer(place, what, given, layer.Index, rule));
    }

    private PromptException OutOfOrder(PromptCall call, string what, string why) =>
        new(Problems.PromptOutOfOrder(call.Place, what, layer.Index, why));
}
