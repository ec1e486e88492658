using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Low-rank updates of linear layers.</summary>
/// <param name="Rank">Their rank.</param>
/// <param name="Alpha">They are multiplied by this over the rank.</param>
/// <param name="On">The layers that have one.</param>
internal sealed record LoRASpec(int Rank, double Alpha, LoRATargets On)
{
    /// <summary>What they are multiplied by.</summary>
    public double Scale => Alpha / Rank;

    /// <summary>In one line, with a space before it.</summary>
    public string Identity =>
        $" lora(rank={Rank},alpha={InvariantNumbers.Shortest(Alpha)},on={On.ToString().Replace(", ", "+")})";

    /// <summary>The numbers that they add to a backbone.</summary>
    public double ParameterCount(VitSpec vit)
    {
        double width = vit.Width, hidden = vit.Mlp, first = vit.MlpForm == MlpForm.Plain ? hidden : 2 * hidden, count = 0;
        foreach (LoRATargets target in new[] { LoRATargets.Query, LoRATargets.Key, LoRATargets.Value, LoRATargets.Projection })
            count += On.HasFlag(target) ? 2 * width : 0;
        count += On.HasFlag(LoRATargets.MlpIn) ? width + first : 0;
        count += On.HasFlag(LoRATargets.MlpOut) ? width + hidden : 0;
        return Rank * count * vit.Layers;
    }
}
