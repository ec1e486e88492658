using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>A graph with its plan.</summary>
/// <param name="Name">What the graph is.</param>
/// <param name="Graph">The graph.</param>
/// <param name="Parameters">Where its parameters lie.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="IsHoisted">Whether what depends on no image was planned as a preparation.</param>
internal sealed record PlannedGraph(string Name, DataflowGraph Graph, ParameterPlan Parameters, ProgramPlan Plan, bool IsHoisted)
{
    /// <summary>The arena of a batch, in floats.</summary>
    public long ArenaFloats(int batch) => Plan.SharedFloats + (batch * Plan.FloatsPerImage);

    /// <summary>
    /// The graphs of a declaration: those that are emitted, and those that passes have not touched, whose operations are more and
    /// smaller, so that more of them share memory.
    /// </summary>
    public static IReadOnlyList<PlannedGraph> Of(ModelSpec spec)
    {
        ClassifierGraph classifier = ClassifierGraph.Build(spec);
        var parameters = new ParameterPlan(classifier.Parameters);
        DataflowGraph forward = PassList.Forward.Apply(classifier.Graph);
        DataflowGraph step = forward.For(ResultRole.Logits, ResultRole.Losses, ResultRole.Correct, ResultRole.Statistic);
        DataflowGraph training = PassList.Whole.Apply(ReverseMode.Differentiate(step));
        DataflowGraph inferred = forward.For(ResultRole.Logits, ResultRole.Embedding);
        var planned = new List<PlannedGraph>
        {
            Plan("the step as differentiated", ReverseMode.Differentiate(classifier.Graph), hoist: false),
            Plan("the step in one sequence", ReverseMode.Differentiate(ClassifierGraph.BuildJoined(spec).Graph), hoist: false),
            Plan("the step", training, hoist: false),
            Plan("the step that recomputes", PassList.Whole.Apply(RecomputeActivations.Run(ReverseMode.Differentiate(step))), hoist: false),
            Plan("the step that packs what it saves", PackSaved.Run(training), hoist: false),
            Plan("inference as built", ForInference.Run(inferred), hoist: true),
            Plan("inference", PassList.Inference.Apply(inferred), hoist: true),
        };
        if (SplitFrozen.FindFeatures(training) is { } features)
        {
            planned.Add(Plan("the encoding", SplitFrozen.Encoding(training, features), hoist: false));
            planned.Add(Plan("the step from features", SplitFrozen.FromFeatures(training, features), hoist: false));
        }

        var constants = new FoldConstants();
        constants.Run(PassList.Whole.Apply(constants.Run(training)));
        if (constants.Program is { } folding)
        {
            var places = new ParameterPlan(classifier.Parameters, constants.Folded);
            planned.Add(new(
                $"the folding of {spec.Identity}", folding, places, Planner.Plan(folding, places, hoist: false), IsHoisted: false));
        }

        return planned;

        PlannedGraph Plan(string name, DataflowGraph graph, bool hoist) =>
            new($"{name} of {spec.Identity}", graph, parameters, Planner.Plan(graph, parameters, hoist), hoist);
    }

    /// <summary>Random inputs for a certain number of images.</summary>
    public static GraphInputs Draw(ModelSpec spec, int seed, int batch)
    {
        var random = new Random(seed + (1000 * batch));
        return RandomInputs.Draw(spec, seed) with
        {
            Batch = batch,
            Images = RandomInputs.Uniform(
                random, (long)batch * spec.Backbone.Channels * spec.Backbone.Image.Height * spec.Backbone.Image.Width, 1),
            Labels = RandomInputs.Labels(spec, random, batch),
        };
    }
}
