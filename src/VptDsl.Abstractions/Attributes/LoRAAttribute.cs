namespace VptDsl;

/// <summary>
/// Trains low-rank updates of linear layers beside the head (Hu et al., 2022): a layer's weight becomes W + (Alpha / Rank) · B · A. What
/// prompts are compared with, and can be combined with.
/// </summary>
/// <remarks>
/// <para>
/// Trains <c>blocks.{layer}.attn.{query,key,value,proj}.{lora_A,lora_B}.weight</c> and
/// <c>blocks.{layer}.mlp.{fc1,fc2}.{lora_A,lora_B}.weight</c>, A of shape [rank, inputs], B of shape [outputs, rank]. A is drawn as the
/// public code draws it, B is 0: training starts from the backbone as it is.
/// </para>
/// <para>In inference the updates are added to the weights once, so that they cost nothing more. Vision transformers take it.</para>
/// </remarks>
/// <example><code>[LoRA(Rank = 8, Alpha = 16, On = LoRATargets.Query | LoRATargets.Value)]</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LoRAAttribute : Attribute
{
    /// <summary>The rank of an update, from 1 on; 8 unless stated.</summary>
    public int Rank { get; set; } = 8;

    /// <summary>How much updates count: they are multiplied by Alpha / Rank. Above 0; 16 unless stated.</summary>
    public double Alpha { get; set; } = 16;

    /// <summary>The layers that are updated; queries and values unless stated.</summary>
    public LoRATargets On { get; set; } = LoRATargets.Query | LoRATargets.Value;
}

/// <summary>The linear layers of a block that low-rank updates can be of.</summary>
[Flags]
public enum LoRATargets
{
    /// <summary>None: no update at all, which is an error.</summary>
    None = 0,

    /// <summary>The queries of attention.</summary>
    Query = 1,

    /// <summary>The keys of attention.</summary>
    Key = 2,

    /// <summary>The values of attention.</summary>
    Value = 4,

    /// <summary>The layer after attention.</summary>
    Projection = 8,

    /// <summary>The first layer of the MLP, gate and all.</summary>
    MlpIn = 16,

    /// <summary>The second layer of the MLP.</summary>
    MlpOut = 32,

    /// <summary>All layers of attention.</summary>
    Attention = Query | Key | Value | Projection,

    /// <summary>Both layers of the MLP.</summary>
    Mlp = MlpIn | MlpOut,

    /// <summary>All of them.</summary>
    All = Attention | Mlp,
}
