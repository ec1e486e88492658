namespace VptDsl;

/// <summary>The activation functions. Devices have a function and a derivative of each of these names.</summary>
public enum ActivationKind
{
    /// <summary>The exact GELU, x·Φ(x), by the error function.</summary>
    Gelu,

    /// <summary>The approximation of GELU by a hyperbolic tangent: x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2.</summary>
    GeluTanh,

    /// <summary>The approximation of GELU by a logistic function: x·σ(1.702·x).</summary>
    QuickGelu,

    /// <summary>max(x, 0); what is no number stays so.</summary>
    Relu,

    /// <summary>x·σ(x).</summary>
    Silu,
}
