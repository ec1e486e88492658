using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>Finds the values whose memory a plan's operands lie in.</summary>
internal sealed class PlannedRoots
{
    private readonly Placement _placement;
    private readonly Dictionary<int, Value> _values;

    /// <param name="planned">A graph that was planned in one piece.</param>
    public PlannedRoots(PlannedGraph planned)
    {
        _placement = new Placement(Schedule.Order(planned.Graph), planned.Graph.Results, planned.Parameters);
        _values = planned.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().ToDictionary(v => v.Id);
    }

    /// <summary>The root of an operand, and how far behind the root's first float it begins.</summary>
    public (Value Root, long Offset) Find(Operand operand)
    {
        Value value = _values[operand.Value], root = _placement.Root(value);
        return (root, FixedOf(value) - FixedOf(root));
    }

    /// <summary>The roots in the arena. All operands of a root must agree on where it lies.</summary>
    public IEnumerable<PlannedBlock> InArena(IEnumerable<Operand> operands)
    {
        var lifetimes = _placement.RootLifetimes();
        foreach (var group in operands.Where(o => o.Value >= 0 && o.Address.Region == Region.Arena).GroupBy(o => Find(o).Root))
        {
            Address place = Assert.Single(group.Select(o => o.Address.Plus(-Find(o).Offset)).Distinct());
            yield return new(group.Key, place, lifetimes[group.Key].First, lifetimes[group.Key].Last);
        }
    }

    private long FixedOf(Value value) => _placement.AddressOf(value, _ => new(Region.Arena, 0, 0)).Fixed;
}

/// <summary>A root's place in the arena and the steps from its first definition to its last use.</summary>
internal sealed record PlannedBlock(Value Root, Address Place, int First, int Last);
