using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>A batch of many tasks' images shares everything but what is a task's own.</summary>
public sealed class MixedProgramTests
{
    public static TheoryData<string> Families => PrunedFamily.Names;

    [Theory]
    [MemberData(nameof(Families))]
    public void Prompts_and_head_alone_are_read_task_by_task(string family)
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare(family, PrunedFamily.AllLayers));

        Assert.Null(model.Mixed);
        Step[] ofTask = [.. model.Inference.Steps.Where(s => s.Operands.Any(o => o.IsOfTask))];
        Assert.Equal(PrunedFamily.Layers + 1, ofTask.Length);
        Assert.Equal(PrunedFamily.Layers, ofTask.Count(s => s.Call.Operation is Attention));
        Assert.Equal("head", ofTask[^1].Scope.Part);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Low_rank_updates_leave_the_weights_to_all_tasks(string family)
    {
        CompiledModel model = ModelCompiler.Analyze(PrunedFamily.Declare(family) with { LoRA = new(2, 4, LoRATargets.All) });

        ProgramPlan mixed = Assert.IsType<ProgramPlan>(model.Mixed);
        Assert.DoesNotContain(mixed.Prepare, s => s.Call.Operation is Product { Layout: ProductLayout.NN });
        Step[] ofTask = [.. mixed.Steps.Where(s => s.Operands.Any(o => o.IsOfTask))];
        Assert.NotEmpty(ofTask);
        Assert.All(
            ofTask.Where(s => s.Call.Operation is Product),
            s => Assert.True(s.Operands[1].IsOfTask && s.Operands[1].Address.Region != Region.Weights, $"{s.Call.Operation}"));
    }
}
