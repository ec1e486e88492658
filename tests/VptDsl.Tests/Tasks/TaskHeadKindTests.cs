using VptDsl.Programs;
using VptDsl.Tasks;

namespace VptDsl.Tests.Tasks;

/// <summary>
/// Two kinds of heads differ in a word of the declaration, and a model of one kind can be told as one of the other and back.
/// </summary>
public sealed class TaskHeadKindTests
{
    [Theory]
    [InlineData("vit(width=16) prompts(tokens=2) linear(classes=7) train(PromptsAndHead)")]
    [InlineData("vit(width=16) mlp(classes=7,layers=3,dropout=0.5,statistics=frozen) train(Head)")]
    public void The_kind_is_a_word_of_the_head(string declaration)
    {
        var model = new ModelDescription
        {
            Name = "Toy",
            Declaration = declaration,
            Channels = 1,
            ImageSize = 4,
            Classes = 7,
            Parameters = [],
        };

        ModelDescription several = model.WithSeveralLabels(true);

        Assert.Equal(declaration.Replace(") train", ",labels=many) train", StringComparison.Ordinal), several.Declaration);
        Assert.True(several.IsMultiLabel);
        Assert.Equal(7, several.LabelsPerImage);
        Assert.Equal(model, several.WithSeveralLabels(false));
        Assert.Same(several, several.WithSeveralLabels(true));
        Assert.Equal(
            [false, true],
            new[] { model, several }.Select(one => new TaskInfo(one.WithClasses(3).Declaration, "", ClassNames: null).IsMultiLabel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vit(width=16) upernet(channels=2)")]
    [InlineData("linear(classes=3")]
    [InlineData("linear(classes=3) words,labels=many)")]
    public void Anything_else_is_of_the_usual_kind(string declaration) =>
        Assert.False(new TaskInfo(declaration, "", ClassNames: null).IsMultiLabel);
}
