using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>What a vision transformer makes of an image before its first block: tokens of its own, then one for each patch.</summary>
internal static class TokenEmbedding
{
    private const double LongestWavelength = 10000;

    // As timm draws tokens that are no patches.
    private const double PrefixDeviation = 1e-6;

    /// <summary>The sequence before the first block, as prompts leave it.</summary>
    public static TokenSequence Build(
        GraphBuilder graph, ParameterFactory parameters, VitSpec vit, Value images, PromptScheme prompts)
    {
        (string Name, Parameter Tokens)[] prefix = [.. DeclarePrefix(parameters, vit)];
        Parameter? positions = DeclarePositions(parameters, vit);
        Parameter weight = parameters.Weight("patch_embed.proj.weight", vit.Width, vit.Channels, vit.Patch.Height, vit.Patch.Width);
        Parameter? bias = vit.PreNorm ? null : parameters.Bias("patch_embed.proj.bias", vit.Width);
        TokenNorm? norm = vit.PreNorm ? TokenNorm.Declare(graph, parameters, "norm_pre", vit.Width, vit.Epsilon) : null;
        Value EmbedPatches(Value x, string name) =>
            graph.Linear(x, graph.Read(weight.AsMatrix(vit.Width)), bias is null ? null : graph.ReadRow(bias), name);

        Value patches = graph.Patches(images, vit.Channels, vit.Image, vit.Patch, "patches");
        Value embedded = prompts.Embedded(graph, EmbedPatches(patches, "embedded"));
        Value[] tokens = Position(graph, vit, prefix, positions, embedded);
        Value tokensOfImage = graph.ConcatRows(tokens, "tokens");
        return prompts.Enter(graph, new(norm?.Apply(tokensOfImage, "normalizedTokens") ?? tokensOfImage, null), EmbedPatches);
    }

    private static IEnumerable<(string Name, Parameter Tokens)> DeclarePrefix(ParameterFactory parameters, VitSpec vit)
    {
        if (vit.ClassToken is { } classToken)
            yield return ("classToken", Declare(classToken, 1));
        if (vit.HasDistillationToken)
            yield return ("distillationToken", Declare("dist_token", 1));
        if (vit.Registers > 0)
            yield return ("registers", Declare("reg_token", vit.Registers));

        Parameter Declare(string name, int count) =>
            parameters.Declare(name, ParameterKind.Backbone, new(Distribution.Normal, PrefixDeviation), 1, count, vit.Width);
    }

    private static Parameter? DeclarePositions(ParameterFactory parameters, VitSpec vit)
    {
        return vit.Positions switch
        {
            PositionEmbedding.None => null,
            PositionEmbedding.SineCosine => Declare(new(Distribution.SineCosine, LongestWavelength), vit.PrefixTokens),
            PositionEmbedding.LearnedOnPatches => Declare(new(Distribution.Normal, ParameterFactory.WeightDeviation), 0),
            _ => Declare(new(Distribution.Normal, ParameterFactory.WeightDeviation), vit.PrefixTokens),
        };

        Parameter Declare(Initializer initializer, int prefix) =>
            parameters.Positions("pos_embed", initializer, new(prefix, vit.Grid.Height, vit.Grid.Width), vit.Width);
    }

    /// <summary>The parts of the sequence, each with its own rows of the positions where they have any.</summary>
    private static Value[] Position(
        GraphBuilder graph, VitSpec vit, (string Name, Parameter Tokens)[] prefix, Parameter? positions, Value embedded)
    {
        int offset = 0, prefixed = positions?.Grid!.Prefix ?? 0;
        Value? places = positions is null ? null : graph.Read(positions.Slice((long)prefixed * vit.Width, vit.Patches, vit.Width));
        Value positioned = places is null ? embedded : graph.Add(embedded, places, "positioned");
        var parts = new List<Value>();
        foreach ((string name, Parameter tokens) in prefix)
        {
            int rows = (int)(tokens.Count / vit.Width);
            Value read = graph.Read(tokens.AsMatrix(rows));
            parts.Add(prefixed == 0
                ? read
                : graph.Add(read, graph.Read(positions!.Slice((long)offset * vit.Width, rows, vit.Width)), name));
            offset += rows;
        }

        return [.. parts, positioned];
    }
}
