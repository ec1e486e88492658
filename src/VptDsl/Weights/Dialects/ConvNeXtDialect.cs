using System.Collections.Immutable;
using System.Globalization;
using VptDsl.Programs;

namespace VptDsl.Weights.Dialects;

/// <summary>Names of ConvNeXt's parameters elsewhere. The canonical ones, those of its authors, need no translation.</summary>
internal abstract class ConvNeXtDialect : IWeightDialect
{
    private const string Stages = "stages.", Downsampling = "downsample_layers.", Norm = "norm.";

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorPart> Parts(ParameterDescription parameter)
    {
        string[] words = parameter.Name.Split('.');
        string? name = null;
        if (parameter.Name.StartsWith(Stages, StringComparison.Ordinal) && words.Length >= 4)
            name = InBlock(Number(words[1]), words[2], words[3]) is { } member ? Join(member, words[4..]) : null;
        else if (parameter.Name.StartsWith(Downsampling, StringComparison.Ordinal) && words.Length == 4)
            name = Join(BeforeStage(Number(words[1]), words[2]), words[3..]);
        else if (parameter.Name.StartsWith(Norm, StringComparison.Ordinal) && words.Length == 2)
            name = Join(FinalNorm, words[1..]);
        return name is null ? [] : [new TensorPart(name, ShapeOf(parameter))];
    }

    /// <inheritdoc/>
    public abstract bool Ignores(string tensor);

    /// <summary>The norm after pooling.</summary>
    protected abstract string FinalNorm { get; }

    /// <summary>A norm or a convolution before a stage.</summary>
    protected abstract string BeforeStage(int stage, string part);

    /// <summary>A member of a block; null for none that is known.</summary>
    protected abstract string? InBlock(int stage, string block, string member);

    /// <summary>A parameter's shape in the file.</summary>
    protected virtual ImmutableArray<int> ShapeOf(ParameterDescription parameter) => parameter.Shape;

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static string Join(string owner, string[] leaf) => string.Join('.', [owner, .. leaf]);
}

/// <summary>timm's names of ConvNeXt.</summary>
internal sealed class TimmConvNeXtDialect : ConvNeXtDialect
{
    /// <inheritdoc/>
    public override string Name => "timm ConvNeXt";

    /// <inheritdoc/>
    protected override string FinalNorm => "head.norm";

    /// <inheritdoc/>
    public override bool Ignores(string tensor) => tensor.StartsWith("head.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string BeforeStage(int stage, string part) => stage == 0 ? $"stem.{part}" : $"stages.{stage}.downsample.{part}";

    /// <inheritdoc/>
    protected override string? InBlock(int stage, string block, string member)
    {
        string? renamed = member switch
        {
            "gamma" or "norm" => member,
            "dwconv" => "conv_dw",
            "pwconv1" => "mlp.fc1",
            "pwconv2" => "mlp.fc2",
            _ => null,
        };
        return renamed is null ? null : $"stages.{stage}.blocks.{block}.{renamed}";
    }
}

/// <summary>torchvision's names of ConvNeXt: positions in sequences.</summary>
internal sealed class TorchvisionConvNeXtDialect : ConvNeXtDialect
{
    /// <inheritdoc/>
    public override string Name => "torchvision ConvNeXt";

    /// <inheritdoc/>
    protected override string FinalNorm => "classifier.0";

    /// <inheritdoc/>
    public override bool Ignores(string tensor) => tensor.StartsWith("classifier.", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string BeforeStage(int stage, string part) => $"features.{2 * stage}.{part}";

    /// <inheritdoc/>
    protected override string? InBlock(int stage, string block, string member)
    {
        string? renamed = member switch
        {
            "gamma" => "layer_scale",
            "dwconv" => "block.0",
            "norm" => "block.2",
            "pwconv1" => "block.3",
            "pwconv2" => "block.5",
            _ => null,
        };
        return renamed is null ? null : $"features.{(2 * stage) + 1}.{block}.{renamed}";
    }

    /// <inheritdoc/>
    protected override ImmutableArray<int> ShapeOf(ParameterDescription parameter) =>
        parameter.Name.EndsWith(".gamma", StringComparison.Ordinal) ? [.. parameter.Shape, 1, 1] : parameter.Shape;
}
