namespace VptDsl.Devices.Cpu;

/// <summary>Which way the operands of a product lie in memory.</summary>
internal enum ProductLayout
{
    /// <summary>C[M, N] = A[M, K] * B[N, K]ᵀ: a linear layer, B is its weight [outputs, inputs].</summary>
    NT,

    /// <summary>C[M, N] = A[M, K] * B[K, N]: the gradient of a linear layer's input.</summary>
    NN,

    /// <summary>C[M, N] = A[K, M]ᵀ * B[K, N]: the gradient of a weight; K counts all rows of all images.</summary>
    TN,
}

/// <summary>
/// A product and what happens to each element on its way out, in this order: plus bias, kept as pre-activation, activated or times
/// the activation's derivative at a gate, plus residual. Absent operands are skipped.
/// </summary>
internal readonly unsafe struct ProductCall
{
    /// <summary>The operands' layout.</summary>
    public required ProductLayout Layout { get; init; }

    /// <summary>Rows of C, over all images.</summary>
    public required long M { get; init; }

    /// <summary>Columns of C.</summary>
    public required int N { get; init; }

    /// <summary>The length of the sums: columns of A, or for <see cref="ProductLayout.TN"/> rows of A and B over all images.</summary>
    public required long K { get; init; }

    /// <summary>The left operand.</summary>
    public required Matrix A { get; init; }

    /// <summary>
    /// Where they are, A is a map of pixels, and its patches are what is multiplied: <see cref="M"/> counts patches, <see cref="K"/> the
    /// elements of one.
    /// </summary>
    public SlidingPatch Patches { get; init; }

    /// <summary>The right operand.</summary>
    public required Matrix B { get; init; }

    /// <summary>Whether each float of B's memory holds two neighbouring columns in bfloat16; not where the layout is TN.</summary>
    public bool BInPairs { get; init; }

    /// <summary>The result; it must not overlap A or B.</summary>
    public required Matrix C { get; init; }

    /// <summary>N floats added to every row, or null.</summary>
    public float* Bias { get; init; }

    /// <summary>Where the value before the activation goes.</summary>
    public Matrix Pre { get; init; }

    /// <summary>The activation function that is applied, or with a gate, whose derivative is multiplied by; null for neither.</summary>
    public ActivationKind? Activation { get; init; }

    /// <summary>Where the activation's derivative is taken, if it is the gradient's product.</summary>
    public Matrix Gate { get; init; }

    /// <summary>Added last; may be C itself, or have an image stride of 0.</summary>
    public Matrix Residual { get; init; }
}
