namespace VptDsl;

/// <summary>What Hugging Face's and timm's configurations call activations.</summary>
internal static class ActivationNames
{
    /// <summary>The name of an activation.</summary>
    public static string Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Gelu => "gelu",
        ActivationKind.GeluTanh => "gelu_pytorch_tanh",
        ActivationKind.QuickGelu => "quick_gelu",
        ActivationKind.Relu => "relu",
        ActivationKind.Silu => "silu",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This activation has no name."),
    };

    /// <summary>The activation of a name; null where there is none.</summary>
    public static ActivationKind? Find(string name) => name switch
    {
        "gelu" or "gelu_python" => ActivationKind.Gelu,
        "gelu_pytorch_tanh" or "gelu_tanh" or "gelu_new" or "gelu_fast" or "gelu_accurate" or "gelu_approximate" => ActivationKind.GeluTanh,
        "quick_gelu" or "quickgelu" => ActivationKind.QuickGelu,
        "relu" => ActivationKind.Relu,
        "silu" or "swish" => ActivationKind.Silu,
        _ => null,
    };
}
