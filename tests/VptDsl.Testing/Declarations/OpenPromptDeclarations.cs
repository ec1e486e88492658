using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Testing.Declarations;

/// <summary>Tiny declarations whose prompts are methods of their own: those of the sample, and one that uses every operation.</summary>
internal static class OpenPromptDeclarations
{
    private static readonly PromptStatement[][] Methods =
        [KeyValue(), SharedKeyValue(), Gated(), Cross(), EveryOperation(), Shallow(), SharedUpdates(), Appended(), Alone()];

    /// <summary>How many methods there are.</summary>
    public static int Count => Methods.Length;

    /// <summary>The same seed always gives the same declaration; consecutive seeds go through the methods.</summary>
    public static ModelSpec Draw(Random random, int seed)
    {
        int patch = random.Next(1, 3), heads = random.Next(1, 4);
        var vit = new VitSpec(
            Image: patch * random.Next(1, 4), Channels: random.Next(1, 3), patch, Width: heads * random.Next(4, 7),
            Layers: random.Next(3, 5), heads, Mlp: random.Next(3, 12))
        {
            Pool = random.Next(3) == 0 ? TokenPool.ImageTokens : TokenPool.ClassToken,
        };
        var program = new PromptProgram("Prompt", Methods[seed % Methods.Length].ToEquatableArray());
        return new(
            new("Drawn", $"Tuner{seed}", "public"),
            vit,
            OpenPromptRules.Check(program, vit),
            new ClassifierHeadSpec(Classes: random.Next(2, 6)),
            random.Next(3) == 0 ? TrainedSet.Everything : TrainedSet.PromptsAndHead);
    }

    private static PromptStatement[] KeyValue() =>
    [
        Write("Prompts", Parameter("prompts", 2)),
        Set(0, "keys", Parameter("keys", 3)),
        Set(1, "values", Parameter("values", 3)),
        Do(Call("RunAttention", ("keys", Get(0)), ("values", Get(1)))),
    ];

    private static PromptStatement[] SharedKeyValue() =>
    [
        Set(0, "both", Parameter("both", 2, call: "SharedParameter")),
        Do(Call("RunAttention", ("keys", Get(0)), ("values", Get(0)))),
    ];

    private static PromptStatement[] Gated() =>
    [
        If(Binary(PromptOperator.Equal, Member("Index"), Number(0)), Write("Prompts", Parameter("prompts", 3))),
        Set(0, "before", Member("Prompts")),
        Do(Call("Run")),
        If(
            Binary(PromptOperator.Less, Member("Index"), Binary(PromptOperator.Minus, Member("Count"), Number(1))),
            Write("Prompts", Call("Blend", ("gate", Parameter("gate", 1, 1)), ("a", Member("Prompts")), ("b", Get(0))))),
    ];

    private static PromptStatement[] Cross() =>
    [
        Do(Call("RunAttention")),
        Set(0, "queries", Call("Query", ("x", Call("Normalize", ("x", Member("Tokens")))))),
        Set(1, "prompts", Parameter("prompts", 3)),
        Set(
            2, "attended",
            Call("Attend", ("queries", Get(0)), ("keys", Call("Key", ("x", Get(1)))), ("values", Call("Value", ("x", Get(1)))))),
        Write("Tokens", Add(Member("Tokens"), Call("Project", ("x", Get(2))))),
    ];

    /// <summary>Prompts from a bottleneck, normalised and scaled; a row on all tokens; prompts of one layer alone.</summary>
    private static PromptStatement[] EveryOperation() =>
    [
        Set(0, "narrow", Parameter("narrow", 3, 2)),
        Set(1, "wide", Call("Gelu", (
            "this",
            Call("Linear", ("this", Get(0)), ("weight", Parameter("weight", Member("Width"), 2)), ("bias", Parameter("shift", 1)))))),
        Set(1, "normalized", Call("LayerNorm", ("this", Get(1)), ("scale", Parameter("scale", 1)), ("shift", Parameter("offset", 1)))),
        Set(1, "scaled", Call("ScaleColumns", ("this", Get(1)), ("factors", Parameter("factors", 1)))),
        Set(2, "upper", Call("Slice", ("this", Get(1)), ("start", Number(1)), ("count", Number(2)))),
        If(
            Binary(PromptOperator.Greater, Member("Index"), Number(0)),
            Set(2, "both", Call("Append", ("this", Get(2)), ("others", Member("Prompts"))))),
        If(
            Binary(PromptOperator.Equal, Binary(PromptOperator.Remainder, Member("Index"), Number(2)), Number(0)),
            Write("Prompts", Get(2))),
        Write("Tokens", Add(
            Member("Tokens"),
            Call("Linear", ("this", Get(1)), ("weight", Parameter("square", Member("Width"))), ("bias", Parameter("row", 1))),
            row: true)),
        Do(Call("RunAttention")),
        If(
            Binary(PromptOperator.Equal, Member("Index"), Number(1)),
            Do(Call("RemovePrompts")),
            Write("Prompts", Parameter("fresh", 1)),
            Do(Call("RunMlp")),
            new PromptReturn(0)),
        Do(Call("Run")),
    ];

    /// <summary>One set of prompts that go through all layers, summed up over batch and no batch.</summary>
    private static PromptStatement[] Shallow() =>
    [
        Set(0, "shared", Parameter("shared", 2, call: "SharedParameter")),
        Write("Prompts", new PromptChoice(0, Member("HasPrompts"), Add(Get(0), Member("Prompts")), Get(0))),
    ];

    /// <summary>Low-rank updates of one weight in all layers, through one projection upwards, and each layer's own downwards.</summary>
    private static PromptStatement[] SharedUpdates() =>
    [
        Set(0, "mix", Parameter("mix", Member("Width"), call: "SharedParameter")),
        Set(1, "up", Parameter("up", Member("Width"), 2, call: "SharedParameter")),
        Set(2, "low", Call("Linear", ("this", Member("Tokens")), ("weight", Parameter("down", 2)))),
        If(
            Binary(PromptOperator.Equal, Binary(PromptOperator.Remainder, Member("Index"), Number(2)), Number(0)),
            Set(2, "scaled", Call("ScaleColumns", ("this", Get(2)), ("factors", Parameter("factors", 1, 2))))),
        Write("Tokens", Add(
            Call("Linear", ("this", Get(2)), ("weight", Get(1))), Call("Linear", ("this", Member("Tokens")), ("weight", Get(0))))),
    ];

    /// <summary>Prompts in two pieces of unlike sizes, and the sum of two parameters.</summary>
    private static PromptStatement[] Appended() =>
    [
        Set(0, "sum", Call("Add", ("left", Parameter("left", 3)), ("right", Parameter("right", 3)))),
        Write("Prompts", Call("Append", ("this", Get(0)), ("others", Parameter("others", 2)))),
        Do(Call("Run")),
    ];

    /// <summary>A prompt that goes through the MLP alone, where no batch has met it, and is added to all tokens.</summary>
    private static PromptStatement[] Alone() =>
    [
        Do(Call("RunAttention")),
        Write("Prompts", Parameter("row", 1)),
        Do(Call("RunMlp")),
        Write("Tokens", Add(Member("Tokens"), Member("Prompts"))),
        Do(Call("RemovePrompts")),
    ];

    private static PromptAssignment Set(int variable, string name, PromptExpression value) => new(0, variable, name, value);

    private static PromptWrite Write(string member, PromptExpression value) => new(0, member, value);

    private static PromptAction Do(PromptCall call) => new(0, call);

    private static PromptBranch If(PromptExpression condition, params PromptStatement[] then) =>
        new(0, condition, then.ToEquatableArray(), EquatableArray<PromptStatement>.Empty);

    private static PromptCall Call(string name, params (string Name, PromptExpression Value)[] arguments) =>
        new(0, name, arguments.Select(a => new PromptArgument(a.Name, a.Value)).ToEquatableArray());

    /// <summary>A sum; of all rows and the first row of the right side, where asked for.</summary>
    private static PromptCall Add(PromptExpression left, PromptExpression right, bool row = false) =>
        Call("Add", ("left", left), ("right", row ? Call("Slice", ("this", right), ("start", Number(0)), ("count", Number(1))) : right));

    private static PromptCall Parameter(string name, int rows, int columns = 0, string call = "Parameter") =>
        Parameter(name, Number(rows), columns, call);

    private static PromptCall Parameter(string name, PromptExpression rows, int columns = 0, string call = "Parameter") =>
        Call(call, ("name", new PromptText(0, name)), ("rows", rows), ("columns", Number(columns)), ("draw", Number(0)));

    private static PromptMember Member(string name) => new(0, null, name);

    private static PromptVariable Get(int variable) => new(0, variable);

    private static PromptNumber Number(double value) => new(0, value);

    private static PromptBinary Binary(PromptOperator @operator, PromptExpression left, PromptExpression right) =>
        new(0, @operator, true, left, right);
}
