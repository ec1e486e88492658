namespace Study;

/// <summary>The groups of VTAB's tasks, as the paper's Table 1 has them.</summary>
internal enum TaskKind
{
    /// <summary>What everybody sees and photographs.</summary>
    Natural,

    /// <summary>What special equipment takes: images of medicine, or from satellites.</summary>
    Specialized,

    /// <summary>Rendered scenes, of which position, orientation or number are asked.</summary>
    Structured,
}
