using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>The prompts of each layer as the tokens that they become.</summary>
/// <param name="spec">The prompts.</param>
/// <param name="stem">The embedding of patches.</param>
/// <param name="parameters">Where they are declared.</param>
internal sealed class PromptTable(TokenPromptSpec spec, StemSpec stem, ParameterFactory parameters)
{
    internal const double NormalDeviation = 0.02;

    private (Value Weight, Value Bias)? _projection;
    private Value? _shared;

    /// <summary>The prompts of a layer, [tokens, width]; with dropout, [batch, tokens, width] in training.</summary>
    public Value Read(GraphBuilder graph, int layer, int width)
    {
        Value prompts = spec.Shared
            ? _shared ??= Project(graph, Declare(graph, "prompts.shared", width), "prompts.shared", width)
            : Project(graph, Declare(graph, $"prompts.{layer}", width), $"prompts.{layer}", width);
        return graph.Dropout(prompts, spec.Dropout, "droppedPrompts");
    }

    /// <summary>The half-width of the interval that the paper's code draws prompts from, whatever the number of channels.</summary>
    public static double Limit(PlaneSize patch, int width) => Math.Sqrt(6.0 / ((3.0 * patch.Area) + width));

    private Value Declare(GraphBuilder graph, string name, int tokenWidth)
    {
        int width = spec.Projection ?? tokenWidth;
        Initializer initializer = spec.Draw switch
        {
            PromptDraw.Normal => new(Distribution.Normal, NormalDeviation),
            PromptDraw.Zero => new(Distribution.Constant, 0),
            PromptDraw.ClassToken => new(Distribution.ClassToken, NormalDeviation),
            _ => new(Distribution.Uniform, Limit(stem.Kernel, spec.Projection ?? stem.Width)),
        };
        return graph.Read(parameters.Declare(name, ParameterKind.Prompt, initializer, spec.Tokens, width).AsMatrix(spec.Tokens));
    }

    private Value Project(GraphBuilder graph, Value prompts, string name, int tokenWidth)
    {
        if (spec.Projection is not { } width)
            return prompts;
        if (_projection is null)
        {
            // As in the paper's code: Kaiming-normal over the fan-out; a bias from PyTorch's usual interval.
            Parameter weight = parameters.Declare(
                "prompts.proj.weight", ParameterKind.Prompt, new(Distribution.Normal, Math.Sqrt(2.0 / tokenWidth)), tokenWidth, width);
            Parameter bias = parameters.Declare(
                "prompts.proj.bias", ParameterKind.Prompt, new(Distribution.Uniform, 1 / Math.Sqrt(width)), tokenWidth);
            _projection = (graph.Read(weight.AsMatrix(tokenWidth)), graph.ReadRow(bias));
        }

        return graph.Linear(prompts, _projection.Value.Weight, _projection.Value.Bias, name.Replace("prompts.", "projectedPrompts."));
    }
}
