using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler;

/// <summary>The compiler: a declaration in, source text out.</summary>
internal static class ModelCompiler
{
    /// <summary>Compiles a declaration that has no problems.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="options">What kernels are emitted for; null for what users get.</param>
    /// <param name="onnx">Whether the model is emitted as an ONNX graph too.</param>
    /// <param name="cancellation">Asked between passes, plans and files.</param>
    public static EmittedModel Compile(
        ModelSpec spec, KernelOptions? options = null, bool onnx = false, CancellationToken cancellation = default)
    {
        KernelOptions wanted = (options ?? KernelOptions.Default).For(spec);
        Precision? precision = wanted.TensorCores?.Precision ?? spec.Precision;
        CompiledModel model = Analyze(spec with { Precision = precision }, cancellation);
        var calls = new CallTable(model.Programs.SelectMany(p => p.Prepare.Concat(p.Steps)));
        CallKernels? kernels = wanted.AreLeftOut ? null : new CallKernels(calls, wanted);
        if (precision is { } multiplied)
        {
            string words = Explain.Explanation.OfPrecision(multiplied, kernels?.Products, model.PacksSaved);
            model = model with { Explanation = $"{model.Explanation}{words}\n" };
        }

        var files = new List<EmittedFile>
        {
            File("", SurfaceEmitter.Emit(spec, model, kernels?.Scratch ?? ScratchSize.None)),
            File("Description.", DescriptionEmitter.Emit(spec, model, wanted.TensorCores?.Precision)),
            File("Program.", ProgramEmitter.Emit(spec, model, calls, hasKernels: kernels is not null)),
            File("Operations.", OperationsEmitter.Emit(spec, calls)),
            File("Cpu.", CpuEmitter.Emit(spec, calls)),
        };
        if (kernels is not null)
            files.Add(File("Ilgpu.", IlgpuEmitter.Emit(spec, kernels)));
        if (onnx)
            files.Add(File("Onnx.", OnnxSurfaceEmitter.Emit(spec, model)));
        if (onnx && OnnxText.Missing(model).Count == 0)
            files.Add(File("OnnxGraph.", OnnxEmitter.Emit(spec, model)));

        return new(files.ToEquatableArray(), kernels?.Emitted ?? EquatableArray<KernelText>.Empty);

        EmittedFile File(string part, string text)
        {
            cancellation.ThrowIfCancellationRequested();
            return new($"{spec.Type.FileName}.{part}g.cs", text);
        }
    }

    /// <summary>Everything but the writing: from the declaration to the plans of its programs.</summary>
    public static CompiledModel Analyze(ModelSpec spec, CancellationToken cancellation = default)
    {
        ClassifierGraph classifier = ClassifierGraph.Build(spec);
        var constants = new FoldConstants();
        DataflowGraph forward = constants.Run(PassList.Forward.Apply(classifier.Graph, cancellation));
        DataflowGraph differentiated = ReverseMode.Differentiate(
            forward.For(ResultRole.Logits, ResultRole.Losses, ResultRole.Correct, ResultRole.Statistic));
        DataflowGraph whole =
            constants.Run(PassList.Whole.Apply(spec.Recompute ? RecomputeActivations.Run(differentiated) : differentiated, cancellation));
        DataflowGraph inference =
            constants.Run(PassList.Inference.Apply(forward.For(ResultRole.Logits, ResultRole.Embedding), cancellation));

        // Merged updates would give each task weights of its own; nothing else of inference depends on how many tasks there are.
        DataflowGraph? mixed = spec.LoRA is null
            ? null
            : constants.Run(PassList.Mixed.Apply(forward.For(ResultRole.Logits, ResultRole.Embedding), cancellation));

        DataflowGraph training = whole;

        // Training and inference start from the same features, or both from the images.
        var numbering = new ValueNumbering(constants);
        numbering.Add(training.Nodes);
        Value? features = SplitFrozen.FindFeatures(training);
        Value? inferred = features is null ? null : SplitFrozen.FindSame(inference, features, numbering);
        DataflowGraph? encoding = null;
        if (features is not null && inferred is not null)
        {
            encoding = SplitFrozen.Encoding(training, features);
            training = SplitFrozen.FromFeatures(training, features);
            inference = SplitFrozen.FromFeatures(inference, inferred);
            Value? together = mixed is null ? null : SplitFrozen.FindSame(mixed, features, numbering);
            mixed = together is null ? null : SplitFrozen.FromFeatures(mixed!, together);
        }

        ISet<Parameter>? inPairs = spec.FrozenWeights == WeightStorage.BFloat16
            ? PairedWeights.Of(new[] { constants.Program, encoding, training, inference, mixed }.OfType<DataflowGraph>())
            : null;
        var parameters = new ParameterPlan(classifier.Parameters, constants.Folded, inPairs);
        ProgramPlan inferencePlan = Plan(inference, hoist: true);
        var model = new CompiledModel(
            parameters,
            encoding is null ? null : Plan(encoding, hoist: false, reserved: inferencePlan.SharedFloats),
            Plan(spec.Precision == Precision.BFloat16 ? PackSaved.Run(training) : training, hoist: false),
            inferencePlan,
            encoding is null ? null : features!.Shape)
        {
            EncodingGraph = encoding,
            InferenceGraph = inference,
            Mixed = mixed is null ? null : Plan(mixed, hoist: true),
            Folding = constants.Program is { } folding ? Plan(folding, hoist: false) : null,
            NoisyPlaces = classifier.Graph.Nodes.Count(n => n.Operation is ReadNoise),
            EmbeddingFloats = forward.Results.Single(r => r.Role == ResultRole.Embedding).Value.Shape.Count,
        };
        return model with { Explanation = Explain.Explanation.Of(spec, classifier.Graph, whole, encoding, model) };

        ProgramPlan Plan(DataflowGraph graph, bool hoist, long reserved = 0)
        {
            cancellation.ThrowIfCancellationRequested();
            return Planner.Plan(graph, parameters, hoist, reserved);
        }
    }
}

/// <summary>A model as the compiler sees it before it is written down.</summary>
/// <param name="Parameters">Where its parameters lie.</param>
/// <param name="Encoding">From images to features, where a frozen part is worth cutting off.</param>
/// <param name="Training">A step: from the features, or from the images.</param>
/// <param name="Inference">The logits: from the features, or from the images.</param>
/// <param name="Features">What the encoding makes of an image.</param>
internal sealed record CompiledModel(
    ParameterPlan Parameters, ProgramPlan? Encoding, ProgramPlan Training, ProgramPlan Inference, Shape? Features)
{
    /// <summary>What <see cref="Encoding"/> was planned from.</summary>
    public required DataflowGraph? EncodingGraph { get; init; }

    /// <summary>What <see cref="Inference"/> was planned from.</summary>
    public required DataflowGraph InferenceGraph { get; init; }

    /// <summary>What was removed and why, for people.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>What is computed once from frozen parameters, where anything is.</summary>
    public ProgramPlan? Folding { get; init; }

    /// <summary>The logits of images of several tasks, where that is another program than <see cref="Inference"/>.</summary>
    public ProgramPlan? Mixed { get; init; }

    /// <summary>The places in the model where a training step needs noise.</summary>
    public required int NoisyPlaces { get; init; }

    /// <summary>The numbers that the head reads of an image.</summary>
    public required long EmbeddingFloats { get; init; }

    /// <summary>Whether a step keeps something for its backward pass in bfloat16.</summary>
    public bool PacksSaved => Training.Steps.Any(step => step.Call.Operation is PackPairs);

    /// <summary>The nodes that lead from images to logits.</summary>
    public IEnumerable<Node> InferenceNodes => (EncodingGraph?.Nodes ?? []).Concat(InferenceGraph.Nodes);

    public IEnumerable<ProgramPlan> Programs => new[] { Folding, Encoding, Training, Inference, Mixed }.OfType<ProgramPlan>();
}

/// <summary>What is written for a model.</summary>
/// <param name="Files">The files that are its own.</param>
/// <param name="Kernels">The kernels that it shares with the other models of the project.</param>
internal sealed record EmittedModel(EquatableArray<EmittedFile> Files, EquatableArray<KernelText> Kernels)
{
    /// <summary>All files of a project whose only model it is.</summary>
    public IEnumerable<EmittedFile> Alone => Kernels.Count == 0 ? Files : Files.Append(KernelsEmitter.Emit(Kernels));
}

/// <summary>One generated source file.</summary>
internal sealed record EmittedFile(string HintName, string Text);
