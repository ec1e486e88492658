using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;
using VptDsl.Programs;

namespace VptDsl.Compiler.Prompts;

/// <summary>Prompts that the user's own method describes: it runs once for each layer and leaves its operations in the graph.</summary>
/// <param name="spec">The prompts.</param>
/// <param name="vit">The backbone.</param>
/// <param name="parameters">Where they are declared.</param>
/// <param name="joined">Whether prompts go through a layer in one sequence with the image's tokens, as in an eager framework.</param>
internal sealed class OpenPromptScheme(OpenPromptSpec spec, VitSpec vit, ParameterFactory parameters, bool joined) : PromptScheme
{
    private readonly Dictionary<string, Value> _shared = [];

    public override TokenSequence RunLayer(GraphBuilder graph, int layer, TokenSequence tokens, IPromptedBlock block)
    {
        var target = new OpenPromptLayer(graph, block, tokens, vit.PrefixTokens, joined, Declare);
        PromptMachine<Value>.Run(spec.Program, new(layer, vit.Layers, vit.Width, block.Heads), target);
        return new(target.Tokens, target.Prompts);

        Value Declare(PromptParameter parameter)
        {
            if (parameter.Layer is null && _shared.TryGetValue(parameter.Name, out Value? declared))
                return declared;
            Initializer initializer = (parameter.Value, parameter.Draw) switch
            {
                ({ } value, _) => new(Distribution.Constant, value),
                (_, PromptDraw.Normal) => new(Distribution.Normal, PromptTable.NormalDeviation),
                (_, PromptDraw.Zero) => new(Distribution.Constant, 0),
                _ => new(Distribution.Uniform, PromptTable.Limit(vit.Patch, vit.Width)),
            };
            Value read = graph.Read(parameters
                .Declare(parameter.FullName, ParameterKind.Prompt, initializer, parameter.Rows, parameter.Columns)
                .AsMatrix(parameter.Rows));
            if (parameter.Layer is null)
                _shared.Add(parameter.Name, read);
            return read;
        }
    }
}
