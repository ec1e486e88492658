using VptDsl.Tests.Weights;
using VptDsl.Tool.Commands;
using VptDsl.Tool.Models;
using VptDsl.Training.Recipes;

namespace VptDsl.Tests.Tool;

/// <summary>Protects who reproduces the paper by a command: its recipes are its, the smaller batch for many prompts too.</summary>
public sealed class SweepRecipeTests
{
    [Theory]
    [InlineData("[DeepPrompt(Tokens = 100)]", 64)]
    [InlineData("[ShallowPrompt(Dropout = 0.1, Tokens = 200)]", 64)]
    [InlineData("[PixelPrompt(Tokens = 0x64)]", 64)]
    [InlineData("[LoRA(Rank = 200)] [DeepPromptAttribute(Tokens = 100)]", 64)]
    [InlineData("[DeepPrompt(Tokens = 99)]", 128)]
    [InlineData("[DeepPrompt]", 128)]
    [InlineData("", 128)]
    public void The_papers_batch_is_that_of_the_declared_prompts(string prompts, int batch)
    {
        ModelDeclaration model = ModelDeclaration.Parse($"[Vit(VitSize.Base)] {prompts} [LinearHead]");
        Assert.Equal(batch, SweepCommand.RecipeOf("fgvc-prompt", model, epochs: null, halving: null).BatchSize);
        Assert.Equal(batch, SweepCommand.RecipeOf("vtab-prompt", model, epochs: 50, halving: 3).BatchSize);
    }

    [Fact]
    public void What_a_file_says_is_done()
    {
        using var folder = new TempFolder();
        string path = folder.Path("recipe.json");
        File.WriteAllText(path, (Recipe.Get("vtab-prompt") with { BatchSize = 96 }).ToJson());
        ModelDeclaration model = ModelDeclaration.Parse("[Vit(VitSize.Base)] [DeepPrompt(Tokens = 100)] [LinearHead]");
        Assert.Equal(96, SweepCommand.RecipeOf(path, model, epochs: null, halving: null).BatchSize);
    }
}
