using VptDsl.Data;

namespace Pretrain.Rendering;

/// <summary>The choices that renderings leave to chance.</summary>
internal static class Chance
{
    /// <summary>A number between two, each as likely.</summary>
    public static float Between(this ref RandomStream random, float least, float most) => least + ((most - least) * random.NextFloat());

    /// <summary>Whether something that happens with a probability does.</summary>
    public static bool Happens(this ref RandomStream random, float probability) => random.NextFloat() < probability;
}
