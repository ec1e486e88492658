using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Prompts;

/// <summary>The prompts of each layer as the tokens that they become.</summary>
internal sealed class PromptTable(TokenPromptSpec spec, VitSpec vit, ParameterFactory parameters)
{
    private const double NormalDeviation = 0.02;

    private (Value Weight, Value Bias)? _projection;
    private Value? _shared;

    /// <summary>The prompts of a layer, [tokens, width].</summary>
    public Value Read(GraphBuilder graph, int layer)
    {
        if (!spec.Shared)
            return Project(graph, Declare(graph, $"prompts.{layer}"), $"prompts.{layer}");
        return _shared ??= Project(graph, Declare(graph, "prompts.shared"), "prompts.shared");
    }

    /// <summary>The half-width of the interval that the paper's code draws prompts from, whatever the number of channels.</summary>
    public static double Limit(VitSpec vit, int width) => Math.Sqrt(6.0 / ((3.0 * vit.Patch * vit.Patch) + width));

    private Value Declare(GraphBuilder graph, string name)
    {
        int width = spec.Projection ?? vit.Width;
        Initializer initializer = spec.Draw switch
        {
            PromptDraw.Normal => new(Distribution.Normal, NormalDeviation),
            PromptDraw.Zero => new(Distribution.Constant, 0),
            _ => new(Distribution.Uniform, Limit(vit, width)),
        };
        return graph.Read(parameters.Declare(name, ParameterKind.Prompt, initializer, spec.Tokens, width).AsMatrix(spec.Tokens));
    }

    private Value Project(GraphBuilder graph, Value prompts, string name)
    {
        if (spec.Projection is not { } width)
            return prompts;
        if (_projection is null)
        {
            // As in the paper's code: Kaiming-normal over the fan-out; a bias from PyTorch's usual interval.
            Parameter weight = parameters.Declare(
                "prompts.proj.weight", ParameterKind.Prompt, new(Distribution.Normal, Math.Sqrt(2.0 / vit.Width)), vit.Width, width);
            Parameter bias = parameters.Declare(
                "prompts.proj.bias", ParameterKind.Prompt, new(Distribution.Uniform, 1 / Math.Sqrt(width)), vit.Width);
            _projection = (graph.Read(weight.AsMatrix(vit.Width)), graph.ReadRow(bias));
        }

        return graph.Linear(prompts, _projection.Value.Weight, _projection.Value.Bias, name.Replace("prompts.", "projectedPrompts."));
    }
}
