using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>Prompts added to the tokens, class token included, before some layers: the paper's ablations "add" and "add-1".</summary>
internal sealed class AddedPrompts(AddedPromptSpec spec, StemSpec stem, ParameterFactory parameters) : PromptScheme
{
    public override TokenSequence BeforeLayer(GraphBuilder graph, int layer, TokenSequence tokens)
    {
        if (!spec.Layers.Contains(layer))
            return tokens;
        int rows = spec.PerToken ? tokens.Image.Shape.Rows : 1, width = tokens.Image.Shape.Columns;
        Parameter prompts = parameters.Declare(
            $"prompts.{layer}", ParameterKind.Prompt, new(Distribution.Uniform, PromptTable.Limit(stem.Kernel, stem.Width)), rows, width);
        Value read = graph.Read(prompts.AsMatrix(rows));
        return tokens with
        {
            Image = spec.PerToken ? graph.Add(tokens.Image, read, "prompted") : graph.AddRow(tokens.Image, read, "prompted"),
        };
    }
}
