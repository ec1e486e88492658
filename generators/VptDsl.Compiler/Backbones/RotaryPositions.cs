using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Backbones;

/// <summary>Turns queries and keys by their patches' places, all layers by the same table.</summary>
internal sealed class RotaryPositions
{
    // The longest period of DINOv3 over the shortest.
    private const double Temperature = 100;

    private readonly GraphBuilder _graph;
    private readonly VitSpec _vit;
    private readonly Parameter _table;
    private readonly Dictionary<int, Value> _padded = [];

    private RotaryPositions(GraphBuilder graph, VitSpec vit, Parameter table) => (_graph, _vit, _table) = (graph, vit, table);

    /// <summary>Declares the table; null where nothing turns.</summary>
    public static RotaryPositions? Declare(GraphBuilder graph, ParameterFactory parameters, VitSpec vit)
    {
        Initializer? angles = vit.Rotary switch
        {
            RotaryEmbedding.Halves => new(Distribution.RotaryHalves, Temperature),
            RotaryEmbedding.Pairs => new(Distribution.RotaryPairs, vit.RotaryGrid),
            _ => null,
        };
        if (angles is null)
            return null;
        int[] shape = [vit.Grid.Height, vit.Grid.Width, 2 * vit.HeadWidth];
        return new(graph, vit, parameters.Constant("rotary", ParameterKind.Computed, angles, shape));
    }

    /// <summary>Queries or keys of a sequence that ends in the patches; what comes before them stays.</summary>
    public Value Turn(Value x, string name) =>
        _graph.One(new Rotate(_vit.Rotary == RotaryEmbedding.Pairs, Back: false), [x, Table(x.Shape.Rows)], name);

    private Value Table(int rows)
    {
        if (!_padded.TryGetValue(rows, out Value? table))
        {
            // It belongs to no layer, whichever asks for it first.
            Scope scope = _graph.Scope;
            _graph.Scope = new("embedding", -1, Backward: false);
            table = _graph.Read(_table.AsMatrix(_vit.Patches));
            if (rows > _vit.Patches)
                table = _graph.PadRows(table, rows - _vit.Patches, rows, "rotary");
            _padded.Add(rows, table);
            _graph.Scope = scope;
        }

        return table;
    }
}
