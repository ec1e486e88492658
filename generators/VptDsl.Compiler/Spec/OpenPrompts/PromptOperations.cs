using System.Text.RegularExpressions;

namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>
/// The members of the library's <c>PromptedLayer</c> and <c>Tokens</c>: what each asks of its operands, and the shape it gives.
/// </summary>
/// <typeparam name="T">What stands for tokens.</typeparam>
internal sealed class PromptOperations<T>(PromptLayer layer, IPromptTarget<T> target, Func<PromptExpression, string?, object> evaluate)
    where T : class
{
    private static readonly Regex ParameterName = new("^[a-z][A-Za-z0-9]*\\z");

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
            throw Unsound(call["name"]!.Place, "is no name", "a small letter, then letters and digits");
        if (!_declared.Add(name))
            throw Unsound(call.Place, "is declared a second time in a layer", "one name for each parameter, and keep it in a variable");
        if (rows is < 1 or > PromptShapeRules.MaxSide || columns is < 1 or > PromptShapeRules.MaxSide)
        {
            throw Unsound(
                call.Place,
                FormattableString.Invariant($"has {rows} rows and {columns} columns"),
                $"from 1 to {PromptShapeRules.MaxSide} of each");
        }

        double? value = call["value"] is null ? null : Number(call, "value");
        if (value is { } start && float.IsInfinity((float)start) || value is double.NaN)
            throw Unsound(call["value"]!.Place, "starts at no finite number", "a value that a float can be");
        var draw = (PromptDraw)(call["draw"] is null ? 0 : Number(call, "draw"));
        if (draw is not (PromptDraw.Uniform or PromptDraw.Normal or PromptDraw.Zero))
        {
            throw Unsound(
                call["draw"]!.Place, "is drawn from no known distribution", "PromptDraw.Uniform, PromptDraw.Normal or PromptDraw.Zero");
        }

        T parameter = target.Declare(new(call.Place, name, ofLayer, (int)rows, (int)columns, draw, value));
        if (target.ShapeOf(parameter) != new TokenShape(false, (int)rows, (int)columns))
            throw Unsound(call.Place, "has another size in another layer", "the same size wherever it is shared");
        return parameter;

        PromptException Unsound(int place, string complaint, string remedy) =>
            new(Problems.PromptParameterUnsound(place, name, complaint, remedy));
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
        T[] operands = [.. call.Arguments.Where(a => a.Name is not ("start" or "count")).Select(a => (T)evaluate(a.Value, null))];
        TokenShape[] shapes = [.. operands.Select(target.ShapeOf)];
        if (kind == PromptOperationKind.Add && shapes[0].Rows > 1 && PromptShapeRules.IsRow(shapes[1], shapes[0].Columns))
            kind = PromptOperationKind.AddRow;
        (double Start, double Count) rows = kind == PromptOperationKind.Slice ? (Number(call, "start"), Number(call, "count")) : default;
        TokenShape? result = PromptShapeRules.ResultOf(kind, shapes, rows, layer, out string rule);
        Require(result is not null, call.Place, call.Name, string.Join(" and ", shapes.Select(s => s.ToString())), rule);
        return target.Compute(
            new(kind, (int)rows.Start), operands, result!, name ?? char.ToLowerInvariant(call.Name[0]) + call.Name.Substring(1));
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
