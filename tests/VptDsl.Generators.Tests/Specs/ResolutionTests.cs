using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using static VptDsl.Generators.Tests.Specs.DeclarationBuilder;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Protects the road from what the user wrote to what the compiler gets.</summary>
public sealed class ResolutionTests
{
    [Fact]
    public void Base_is_the_papers_backbone()
    {
        ModelSpec model = Model(Vit(("Size", 2)), Head());

        Assert.Equal(new VitSpec(Image: 224, Channels: 3, Patch: 16, Width: 768, Layers: 12, Heads: 12, Mlp: 3072), model.Backbone);
        Assert.Null(model.Prompts);
        Assert.Equal(TrainedSet.PromptsAndHead, model.Trained);
    }

    [Theory]
    [InlineData(0, 16, 5_524_416)]
    [InlineData(1, 16, 21_665_664)]
    [InlineData(2, 16, 85_798_656)]
    [InlineData(2, 32, 87_455_232)]
    [InlineData(3, 16, 303_301_632)]
    [InlineData(4, 14, 630_764_800)]
    public void Presets_have_the_published_parameter_counts(int size, int patch, double parameters) =>
        Assert.Equal(parameters, Model(Vit(("Size", size), ("Patch", patch)), Head()).Backbone.ParameterCount);

    [Theory]
    [InlineData(SwinSize.Tiny, 27_519_354)]
    [InlineData(SwinSize.Small, 48_837_258)]
    [InlineData(SwinSize.Base, 86_743_224)]
    [InlineData(SwinSize.Large, 194_995_476)]
    public void Presets_in_stages_have_the_published_number_of_parameters(SwinSize size, long parameters)
    {
        ModelSpec model = Model(Swin(("Size", (int)size)), Head());

        Assert.Equal(parameters, model.Backbone.ParameterCount);
        Assert.Equal(
            parameters,
            ClassifierGraph.Build(model).Parameters.Where(p => p.Kind == ParameterKind.Backbone).Sum(p => p.Count));
    }

    [Fact]
    public void What_is_stated_wins_over_the_preset()
    {
        VitSpec vit = (VitSpec)Model(
            Vit(("Size", 0), ("Width", 96), ("Layers", 2), ("Heads", 4), ("Patch", 8), ("Image", 32), ("Channels", 1)), Head()).Backbone;

        Assert.Equal(new VitSpec(Image: 32, Channels: 1, Patch: 8, Width: 96, Layers: 2, Heads: 4, Mlp: 384), vit);
    }

    [Fact]
    public void Shallow_prompts_enter_the_first_layer_and_go_on() =>
        Assert.Equal(
            new TokenPromptSpec(50, EquatableArray.Of(0), PromptFlow.Carry),
            Model(Vit(("Size", 0)), Head(), new(AttributeKind.ShallowPrompt, EquatableArray<DeclaredArgument>.Empty)).Prompts);

    [Fact]
    public void Deep_prompts_enter_every_layer() =>
        Assert.Equal(Enumerable.Range(0, 12), Model(Vit(("Size", 0)), Head(), Deep(null)).Tokens().Layers);

    [Theory]
    [InlineData("3..11", new[] { 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    [InlineData("0,2,5", new[] { 0, 2, 5 })]
    [InlineData("..5", new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData("^6..", new[] { 6, 7, 8, 9, 10, 11 })]
    [InlineData("^6..^1", new[] { 6, 7, 8, 9, 10, 11 })]
    [InlineData("^1", new[] { 11 })]
    [InlineData(" 5 , 0 .. 1 , ^ 2 ", new[] { 0, 1, 5, 10 })]
    [InlineData("2..4,3..5,3", new[] { 2, 3, 4, 5 })]
    public void Listed_layers_are_ascending_and_each_once(string layers, int[] expected) =>
        Assert.Equal(expected, Model(Vit(("Size", 0)), Head(), Deep(layers)).Tokens().Layers);

    [Fact]
    public void Heads_have_hidden_layers_before_the_last()
    {
        Assert.Equal(
            new ClassifierHeadSpec(10) { HiddenLayers = new MlpHeadAttribute().Layers - 1, Dropout = new MlpHeadAttribute().Dropout },
            Model(Vit(("Size", 0)), Mlp()).Head);
        Assert.Equal(
            new ClassifierHeadSpec(10) { HiddenLayers = 1, Dropout = 0.1, FrozenStatistics = true },
            Model(Vit(("Size", 0)), Mlp(("Layers", 2), ("FrozenStatistics", 1))).Head);
        Assert.Equal(Model(Vit(("Size", 0)), Head()), Model(Vit(("Size", 0)), Mlp(("Layers", 1), ("FrozenStatistics", 1))));
        Assert.Contains(" mlp(classes=10,layers=3,dropout=0.1) ", Model(Vit(("Size", 0)), Mlp()).Identity, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(AttributeKind.LinearHead))]
    [InlineData(nameof(AttributeKind.MlpHead))]
    public void A_classifier_has_room_for_a_thousand_classes_unless_it_says_otherwise(string head) => Assert.Equal(
        1000,
        Model(
            Vit(("Size", 0)),
            new DeclaredAttribute(Enum.Parse<AttributeKind>(head), EquatableArray<DeclaredArgument>.Empty)).Head.Classes);

    [Fact]
    public void Two_ways_to_say_the_same_are_equal()
    {
        var shallow = new DeclaredAttribute(AttributeKind.ShallowPrompt, EquatableArray<DeclaredArgument>.Empty);

        Assert.Equal(Model(Vit(("Size", 0)), Head(), shallow), Model(Vit(("Size", 0)), Head(), Deep("0")));
        Assert.Equal(Model(Vit(("Size", 0)), Head(), Deep("..")), Model(Vit(("Size", 0)), Head(), Deep(null)));
    }

    [Theory]
    [InlineData("..", false)]
    [InlineData("^6..", false)]
    [InlineData("..5", true)]
    [InlineData("0,2,3..", true)]
    public void The_flow_counts_only_where_a_layer_after_the_prompts_has_none(string layers, bool drops)
    {
        TokenPromptSpec prompts = Model(Vit(("Size", 0)), Head(), Deep(layers, ("After", (int)PromptFlow.Drop))).Tokens();

        Assert.Equal(drops ? PromptFlow.Drop : PromptFlow.Carry, prompts.Flow);
    }

    [Fact]
    public void Training_everything_is_stated() =>
        Assert.Equal(
            TrainedSet.Everything,
            Model(Vit(("Size", 0)), Head(), new(AttributeKind.TrainEverything, EquatableArray<DeclaredArgument>.Empty)).Trained);

    [Fact]
    public void Specs_differ_in_every_member()
    {
        ModelSpec model = Model(Vit(("Size", 0)), Head(), Deep("0,2"));
        ModelSpec[] others =
        [
            model with { Type = model.Type with { Name = "Other" } },
            model with { Type = model.Type with { Namespace = "Other" } },
            model with { Type = model.Type with { Accessibility = "internal" } },
            model with { Backbone = model.Vit() with { Image = 240 } },
            model with { Backbone = model.Vit() with { Channels = 1 } },
            model with { Backbone = model.Vit() with { Patch = 8 } },
            model with { Backbone = model.Vit() with { Width = 96 } },
            model with { Backbone = model.Vit() with { Layers = 3 } },
            model with { Backbone = model.Vit() with { Heads = 6 } },
            model with { Backbone = model.Vit() with { Mlp = 5 } },
            model with { Prompts = null },
            model with { Prompts = model.Tokens() with { Tokens = 1 } },
            model with { Prompts = model.Tokens() with { Layers = EquatableArray.Of(0, 3) } },
            model with { Prompts = model.Tokens() with { Flow = PromptFlow.Drop } },
            model with { Head = new ClassifierHeadSpec(3) },
            model with { Trained = TrainedSet.Everything },
        ];

        Assert.All(others, other => Assert.NotEqual(model, other));
        ModelSpec again = Model(Vit(("Size", 0)), Head(), Deep("0,2"));
        Assert.Equal(model, again);
        Assert.Equal(model.GetHashCode(), again.GetHashCode());
    }
}
