using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// What is added to the scores of attention's first segment. It is packed once a call, for all images have the same, into panels that
/// lie as the scores do: [head, query panel, key, <see cref="MicroKernel.Columns"/>].
/// </summary>
internal readonly unsafe struct AttentionBias
{
    private readonly Matrix _bias;
    private readonly int _queries;
    private readonly int _keys;
    private readonly int _panelsOfHead;
    private readonly float _factor;
    private readonly float* _panels;

    private AttentionBias(in Matrix bias, int queries, int keys, float scale, float* panels)
    {
        _bias = bias;
        _queries = queries;
        _keys = keys;
        _panelsOfHead = Panels.Count(queries, MicroKernel.Columns);
        _panels = panels;

        // Scores are multiplied by their scale after the bias, so it is divided by it.
        _factor = 1 / scale;
    }

    private long PanelFloats => (long)_keys * MicroKernel.Columns;

    /// <summary>Floats that the packed bias takes.</summary>
    public static long FloatsOf(in Matrix bias, int heads, int queries, int keys) => bias.IsPresent
        ? CpuWorkers.RoundUp((long)heads * Panels.Count(queries, MicroKernel.Columns) * keys * MicroKernel.Columns)
        : 0;

    /// <summary>Packs a bias, if there is one.</summary>
    /// <param name="bias">The bias, or an absent one.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="queries">Queries of an image.</param>
    /// <param name="keys">Tokens of the first segment.</param>
    /// <param name="scale">The scale of the scores.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="memory">Room for <see cref="FloatsOf"/>.</param>
    public static AttentionBias Pack(in Matrix bias, int heads, int queries, int keys, float scale, CpuWorkers workers, float* memory)
    {
        if (!bias.IsPresent)
        {
            return default;
        }

        var packed = new AttentionBias(bias, queries, keys, scale, memory);
        workers.Run(heads * packed._panelsOfHead, &PackPanel, &packed);
        return packed;
    }

    /// <summary>Adds it to a panel of products that still lack their scale, if there is one.</summary>
    /// <param name="products">[keys, <see cref="MicroKernel.Columns"/>], those of the first segment's tokens first.</param>
    /// <param name="head">The head.</param>
    /// <param name="first">The panel's first query.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(float* products, int head, int first)
    {
        if (_panels != null)
        {
            AttentionScores.Add(products, Panel((head * _panelsOfHead) + (first / MicroKernel.Columns)), PanelFloats, accumulate: true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanel(void* context, int item)
    {
        ref readonly var packed = ref *(AttentionBias*)context;
        int head = item / packed._panelsOfHead;
        int first = item % packed._panelsOfHead * MicroKernel.Columns;
        float* panel = packed.Panel(item);
        Panels.FromRows(
            packed._bias, first, packed._queries - first, (long)head * packed._keys, packed._keys, MicroKernel.Columns, panel);
        var factor = Vector.Create(packed._factor);
        for (long i = 0; i < packed.PanelFloats; i += Lanes.Width)
        {
            Vector.Store(Vector.Load(panel + i) * factor, panel + i);
        }
    }

    private float* Panel(long index) => _panels + (index * PanelFloats);
}
