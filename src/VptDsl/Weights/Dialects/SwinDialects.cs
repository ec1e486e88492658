using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>
/// The names that timm gives a Swin transformer's parameters: what leads to a stage belongs to it, not to the stage before.
/// </summary>
internal sealed class TimmSwinDialect : IWeightDialect
{
    private readonly TimmDialect _timm = new();

    /// <inheritdoc/>
    public string Name => "timm Swin";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter) => SwinName.Parse(parameter.Name) switch
    {
        null => [],
        { Stage: { } stage, Block: null, Member: var member } =>
            [new TensorPart($"layers.{SwinName.Text(stage + 1)}.{member}", parameter.Shape)],
        _ => [new TensorPart(parameter.Name, parameter.Shape)],
    };

    /// <inheritdoc/>
    public bool Ignores(string tensor) => _timm.Ignores(tensor);
}

/// <summary>The names of torchvision's Swin transformers.</summary>
internal sealed class TorchvisionSwinDialect : IWeightDialect
{
    /// <inheritdoc/>
    public string Name => "torchvision Swin";

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        if (SwinName.Parse(parameter.Name) is not { } name)
        {
            return [];
        }

        // Stages and what lies between them alternate, after the embedding.
        string renamed = name switch
        {
            { Stage: null } => name.Member
                .Replace("patch_embed.proj.", "features.0.0.", StringComparison.Ordinal)
                .Replace("patch_embed.norm.", "features.0.2.", StringComparison.Ordinal),
            { Stage: { } stage, Block: null } =>
                $"features.{SwinName.Text((2 * stage) + 2)}.{name.Member.Replace("downsample.", "", StringComparison.Ordinal)}",
            { Stage: { } stage, Block: { } block } => $"features.{SwinName.Text((2 * stage) + 1)}.{block}." + name.Member
                .Replace("mlp.fc1.", "mlp.0.", StringComparison.Ordinal)
                .Replace("mlp.fc2.", "mlp.3.", StringComparison.Ordinal),
        };
        return [new TensorPart(renamed, parameter.Shape)];
    }

    /// <inheritdoc/>
    public bool Ignores(string tensor) =>
        tensor.StartsWith("head.", StringComparison.Ordinal) || tensor.EndsWith(".relative_position_index", StringComparison.Ordinal);
}

/// <summary>A canonical name of a Swin transformer in its parts.</summary>
/// <param name="Stage">The stage; null outside of stages.</param>
/// <param name="Block">The block of the stage; null outside of blocks.</param>
/// <param name="Member">The rest, for instance <c>attn.qkv.weight</c> or <c>downsample.norm.bias</c>.</param>
internal sealed partial record SwinName(int? Stage, string? Block, string Member)
{
    /// <summary>Takes a name apart; null where it is none of a Swin transformer.</summary>
    public static SwinName? Parse(string name)
    {
        if (Staged().Match(name) is { Success: true } match)
        {
            return new(
                int.Parse(match.Groups["stage"].Value, CultureInfo.InvariantCulture),
                match.Groups["block"] is { Success: true } block ? block.Value : null,
                match.Groups["member"].Value);
        }

        bool isKnown = name.StartsWith("patch_embed.", StringComparison.Ordinal) || name.StartsWith("norm.", StringComparison.Ordinal);
        return isKnown ? new(null, null, name) : null;
    }

    /// <summary>A number in a name.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^layers\.(?<stage>\d{1,3})\.(blocks\.(?<block>\d{1,4})\.)?(?<member>.+)\z")]
    private static partial Regex Staged();
}
