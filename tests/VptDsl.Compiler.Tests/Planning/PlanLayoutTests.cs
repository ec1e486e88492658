using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>Where operands lie: inside the matrices that they are parts of, apart from what is alive, inside what is reserved.</summary>
public sealed class PlanLayoutTests
{
    public static TheoryData<int> Seeds { get; } = [.. TestTier.Seeds(Enumerable.Range(0, 30), every: 4)];

    public static TheoryData<int> AllKinds { get; } =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 30), .. RandomDeclarations.OtherKinds], every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_operand_lies_inside_its_region(int seed) => ForEachPlan(seed, planned =>
    {
        foreach (int batch in new[] { 1, 2, 3, 64 })
        {
            foreach (var (step, operand, layout) in Operands(planned.Plan))
            {
                long end = Offset(operand.Address, batch) + Extent(layout, batch);
                Assert.True(Offset(operand.Address, batch) >= 0 && end <= RegionFloats(planned, operand.Address.Region, batch),
                    $"{planned.Name}: {operand} of {step.Call.Operation} ends at {end} with {batch} images.");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rows_and_images_of_an_operand_do_not_overlap_each_other(int seed) => ForEachPlan(seed, planned =>
    {
        foreach (var (_, operand, layout) in Operands(planned.Plan))
        {
            Assert.Equal(operand.Shape, layout.Shape);
            Assert.True(layout.RowStride >= layout.Columns, $"{planned.Name}: rows of {operand} overlap.");
            Assert.True(
                !layout.Batched || layout.ImageStride >= ((layout.Rows - 1) * layout.RowStride) + layout.Columns,
                $"{planned.Name}: images of {operand} overlap.");
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_view_is_a_rectangle_of_its_root(int seed) => ForEachPlan(seed, planned =>
    {
        if (planned.IsHoisted)
            return;
        var roots = new PlannedRoots(planned);
        foreach (var (_, operand, layout) in Operands(planned.Plan).Where(o => o.Operand.Value >= 0))
        {
            (Value root, long offset) = roots.Find(operand);
            long row = offset / root.Shape.Columns, column = offset % root.Shape.Columns;
            Assert.Equal(root.Shape.Columns, layout.RowStride);
            Assert.Equal(root.Shape.Batched ? root.Shape.Count : 0, layout.ImageStride);
            Assert.True(
                row + layout.Rows <= root.Shape.Rows && column + layout.Columns <= root.Shape.Columns,
                $"{planned.Name}: {operand} at row {row}, column {column} leaves {root}.");
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Blocks_that_are_alive_together_lie_apart(int seed) => ForEachPlan(seed, planned =>
    {
        if (planned.IsHoisted)
            return;
        var roots = new PlannedRoots(planned);
        var blocks = roots.InArena(Operands(planned.Plan).Select(o => o.Operand)).ToArray();
        foreach (int batch in new[] { 1, 2, 3, 64 })
        {
            for (int i = 0; i < blocks.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    var (a, b) = (blocks[i], blocks[j]);
                    bool together = a.First <= b.Last && b.First <= a.Last;
                    Assert.True(!together || End(a, batch) <= Offset(b.Place, batch) || End(b, batch) <= Offset(a.Place, batch),
                        $"{planned.Name}: {a.Root} and {b.Root} overlap with {batch} images.");
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_result_lies_where_an_operand_lies_only_as_the_operation_allows(int seed) => ForEachPlan(seed, planned =>
    {
        foreach (Step step in planned.Plan.Prepare.Concat(planned.Plan.Steps))
        {
            int inputs = step.Call.Inputs.Count;
            var places = step.Operands.Zip(step.Call.Operands, (o, c) => (o.Address, c.Layout)).ToArray();
            for (int output = inputs; output < places.Length; output++)
            {
                for (int other = 0; other < output; other++)
                {
                    // Several results may never share; one may take the whole place of the input that is read in step with it.
                    bool isInPlace = other == step.Call.Operation.InPlaceInput && output == inputs;

                    // And the next value of a statistic takes the place of the statistic.
                    bool isNext = other < inputs && places[output].Address.Region == Region.Statistics;
                    bool isAllowed = (isInPlace || isNext) && places[other] == places[output];
                    Assert.True(isAllowed || !Overlap(places[other], places[output]),
                        $"{planned.Name}: operands {other} and {output} of {step.Call.Operation} share memory: {step.Operands[output]}");
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Places_in_the_arena_start_at_cache_lines_whatever_the_batch(int seed) => ForEachPlan(seed, planned =>
    {
        if (planned.IsHoisted)
            return;
        var roots = new PlannedRoots(planned);
        Assert.All(roots.InArena(Operands(planned.Plan).Select(o => o.Operand)), block =>
        {
            Assert.Equal(0, block.Place.Fixed % 16);
            Assert.Equal(0, block.Place.PerImage % 16);
        });
    });

    /// <summary>A method of the emitted program has one variable for each number.</summary>
    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Operands_of_one_number_lie_at_one_place(int seed) => ForEachPlan(seed, planned =>
    {
        foreach (StepGroup group in StepGroups.Of(planned.Plan.Prepare).Concat(StepGroups.Of(planned.Plan.Steps)))
        {
            Assert.All(
                group.Instances.SelectMany(steps => steps.SelectMany(step => step.Operands).GroupBy(operand => operand.Value)),
                operands => Assert.Single(operands.Select(operand => operand.Address).Distinct()));
        }
    });

    private static void ForEachPlan(int seed, Action<PlannedGraph> check)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        foreach (PlannedGraph planned in PlannedGraph.Of(spec))
            check(planned);
    }

    private static IEnumerable<(Step Step, Operand Operand, Layout Layout)> Operands(ProgramPlan plan) =>
        plan.Prepare.Concat(plan.Steps).SelectMany(s => s.Operands.Zip(s.Call.Operands, (o, c) => (s, o, c.Layout)));

    private static long RegionFloats(PlannedGraph planned, Region region, int batch) => region switch
    {
        Region.Arena => planned.ArenaFloats(batch),
        Region.Weights => planned.Parameters.FrozenFloats,
        Region.Trained or Region.Gradients => planned.Parameters.TrainedFloats,
        Region.Folded => planned.Parameters.FoldedFloats,
        Region.Statistics => planned.Parameters.MeasuredFloats,
        Region.Noise => 2L * planned.Graph.Nodes.Count(n => n.Operation is ReadNoise),
        Region.Labels => planned.Graph.Nodes.Where(n => n.Operation is ReadLabels).Sum(n => n.Outputs[0]!.Shape.Count) * batch,
        Region.ImageWeights => batch,
        Region.Softening => ReadSoftening.Columns * batch,
        Region.Inputs => planned.Graph.Nodes.SelectMany(n => n.Outputs).Where(o => o?.Name == "images").Sum(o => o!.Shape.Count) * batch,
        Region.Embeddings => batch * planned.Graph.Results.Single(r => r.Role == ResultRole.Embedding).Value.Shape.Count,
        _ => batch * planned.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>()
            .Where(o => o.Name == "features").Concat(planned.Graph.Results.Where(r => r.Role == ResultRole.Features).Select(r => r.Value))
            .Max(v => v.Shape.Count),
    };

    private static long Offset(Address address, int batch) => address.Fixed + (batch * address.PerImage);

    private static long End(PlannedBlock block, int batch) =>
        Offset(block.Place, batch) + (block.Root.Shape.Count * (block.Root.Shape.Batched ? batch : 1));

    private static long Extent(Layout layout, int batch) =>
        (layout.Batched ? (batch - 1) * layout.ImageStride : 0) + ((layout.Rows - 1) * layout.RowStride) + layout.Columns;

    private static bool Overlap((Address Address, Layout Layout) a, (Address Address, Layout Layout) b) =>
        a.Address.Region == b.Address.Region && Floats(a.Address, a.Layout).Intersect(Floats(b.Address, b.Layout)).Any();

    private static IEnumerable<long> Floats(Address address, Layout layout)
    {
        const int batch = 2;
        return from image in Enumerable.Range(0, layout.Batched ? batch : 1)
               from row in Enumerable.Range(0, layout.Rows)
               from column in Enumerable.Range(0, layout.Columns)
               select Offset(address, batch) + (image * layout.ImageStride) + (row * layout.RowStride) + column;
    }
}
