using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VptDsl.Benchmarks.Libtorch;

/// <summary>SigLIP's pool: a learned query attends to the patches, and an MLP follows, with a residual from there on.</summary>
internal sealed class AttentionPool
{
    private readonly int _heads;
    private readonly Tensor _latent;
    private readonly Linear _query;
    private readonly Linear _keysAndValues;
    private readonly Linear _projection;
    private readonly Norm _norm;
    private readonly Mlp _mlp;

    /// <param name="weights">Where the parameters come from.</param>
    /// <param name="vit">The backbone.</param>
    public AttentionPool(Weights weights, VisionTransformerAttribute vit)
    {
        int width = vit.Width;
        _heads = vit.Heads;
        _latent = weights.Backbone("attn_pool.latent", 1, 1, width);
        _query = weights.Linear("attn_pool.q", width, width);
        _keysAndValues = weights.Linear("attn_pool.kv", width, 2 * width);
        _projection = weights.Linear("attn_pool.proj", width, width);
        _norm = weights.Norm("attn_pool.norm", width, vit.Epsilon);
        _mlp = Mlp.Create(weights, vit, "attn_pool.mlp");
    }

    /// <summary>[batch, 1, width] of patches [batch, patches, width].</summary>
    public Tensor Apply(Tensor patches)
    {
        long batch = patches.shape[0], count = patches.shape[1], width = patches.shape[2], head = width / _heads;
        Tensor query = _query.Apply(_latent.expand(batch, -1, -1)).reshape(batch, 1, _heads, head).transpose(1, 2);
        Tensor both = _keysAndValues.Apply(patches).reshape(batch, count, 2, _heads, head).permute(2, 0, 3, 1, 4);
        Tensor attended = functional.scaled_dot_product_attention(query, both[0], both[1]);
        Tensor x = _projection.Apply(attended.transpose(1, 2).reshape(batch, 1, width));
        return x + _mlp.Apply(_norm.Apply(x));
    }
}
