using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler;

/// <summary>The compiler: a declaration in, source text out.</summary>
internal static class ModelCompiler
{
    /// <summary>Compiles a declaration that has no problems.</summary>
    public static EquatableArray<EmittedFile> Compile(ModelSpec spec)
    {
        CompiledModel model = Analyze(spec);
        var calls = new CallTable(model.Training.Steps.Concat(model.Inference.Prepare).Concat(model.Inference.Steps));
        return EquatableArray.Of(
            File("", SurfaceEmitter.Emit(spec, model.Parameters, model.Training, model.Inference)),
            File("Program.", ProgramEmitter.Emit(spec, model.Training, model.Inference, calls)),
            File("Operations.", OperationsEmitter.Emit(spec, calls)),
            File("Cpu.", CpuEmitter.Emit(spec, calls)));

        EmittedFile File(string part, string text) => new($"{spec.Type.FullName}.{part}g.cs", text);
    }

    /// <summary>Everything but the writing: from the declaration to the plans of training and inference.</summary>
    public static CompiledModel Analyze(ModelSpec spec)
    {
        ClassifierGraph classifier = ClassifierGraph.Build(spec);
        var parameters = new ParameterPlan(classifier.Parameters);

        DataflowGraph forward = PassList.Forward.Apply(classifier.Graph);
        DataflowGraph training = PassList.Whole.Apply(ReverseMode.Differentiate(forward));
        DataflowGraph logits = new(forward.Nodes, forward.Results.Where(r => r.Role == ResultRole.Logits).ToArray());
        DataflowGraph inference = PassList.Whole.Apply(logits);

        return new(
            parameters,
            Planner.Plan(training, parameters, hoist: false),
            Planner.Plan(inference, parameters, hoist: true));
    }
}

/// <summary>A model as the compiler sees it before it is written down.</summary>
internal sealed record CompiledModel(ParameterPlan Parameters, ProgramPlan Training, ProgramPlan Inference);

/// <summary>One generated source file.</summary>
internal sealed record EmittedFile(string HintName, string Text);
