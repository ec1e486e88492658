using static VptDsl.Prompts.PromptMethods;

namespace VptDsl.Prompts;

/// <summary>
/// A layer of the backbone in a prompt method, <see cref="PromptMethodAttribute"/>: attention, then an MLP, each with a residual.
/// </summary>
/// <remarks>
/// What the method has not run of the layer when it ends is run then. Its members stand for parts of the model: the generator reads
/// them; they never run.
/// </remarks>
public sealed class PromptedLayer
{
    private PromptedLayer()
    {
    }

    /// <summary>The layer's number, from 0; a constant while the model is compiled.</summary>
    public int Index => throw NeverRun();

    /// <summary>How many layers there are; a constant while the model is compiled.</summary>
    public int Count => throw NeverRun();

    /// <summary>The width of the layer's tokens; a constant while the model is compiled.</summary>
    public int Width => throw NeverRun();

    /// <summary>The heads of the layer's attention; a constant while the model is compiled.</summary>
    public int Heads => throw NeverRun();

    /// <summary>Whether prompts are in the sequence; a constant while the model is compiled.</summary>
    public bool HasPrompts => throw NeverRun();

    /// <summary>
    /// Class token and patches, <c>[batch, 1 + patches, width]</c>, as far as the layer has been run; what is assigned has the same shape.
    /// </summary>
    public Tokens Tokens
    {
        get => throw NeverRun();
        set => throw NeverRun();
    }

    /// <summary>
    /// The prompts in the sequence, <c>[prompts, width]</c>, as far as the layer has been run; once they have been through an attention
    /// each image has its own. What is assigned replaces them and goes through what follows of this layer and through all later ones.
    /// </summary>
    public Tokens Prompts
    {
        get => throw NeverRun();
        set => throw NeverRun();
    }

    /// <summary>Takes the prompts out of the sequence.</summary>
    public void RemovePrompts() => throw NeverRun();

    /// <summary>A trained parameter of this layer, the tensor <c>prompts.{name}.{index}</c>.</summary>
    /// <param name="name">A small letter, then letters and digits; once in a layer. It names the tensor in task files.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1; 0, the default, is the layer's width.</param>
    /// <param name="draw">What it is drawn from, as built-in prompts are.</param>
    public Tokens Parameter(string name, int rows, int columns = 0, PromptDraw draw = PromptDraw.Uniform) => throw NeverRun();

    /// <summary>A trained parameter of this layer, the tensor <c>prompts.{name}.{index}</c>, that starts at one value.</summary>
    /// <param name="name">A small letter, then letters and digits; once in a layer. It names the tensor in task files.</param>
    /// <param name="value">What every element starts at.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1; 0, the default, is the layer's width.</param>
    public Tokens Parameter(string name, double value, int rows = 1, int columns = 0) => throw NeverRun();

    /// <summary>A trained parameter that all layers share, the tensor <c>prompts.{name}</c>.</summary>
    /// <param name="name">A small letter, then letters and digits; once in a layer. It names the tensor in task files.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1; 0, the default, is the layer's width.</param>
    /// <param name="draw">What it is drawn from, as built-in prompts are.</param>
    public Tokens SharedParameter(string name, int rows, int columns = 0, PromptDraw draw = PromptDraw.Uniform) => throw NeverRun();

    /// <summary>A trained parameter that all layers share, the tensor <c>prompts.{name}</c>, that starts at one value.</summary>
    /// <param name="name">A small letter, then letters and digits; once in a layer. It names the tensor in task files.</param>
    /// <param name="value">What every element starts at.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1; 0, the default, is the layer's width.</param>
    public Tokens SharedParameter(string name, double value, int rows = 1, int columns = 0) => throw NeverRun();

    /// <summary>Runs the layer's attention, with its residual, over class token, patches and prompts.</summary>
    public void RunAttention() => throw NeverRun();

    /// <summary>Runs the layer's attention over further keys and values, which ask nothing themselves: they have no queries.</summary>
    /// <param name="keys"><c>[count, width]</c>, all heads side by side, as the layer's own linear layer would make them.</param>
    /// <param name="values">The same shape.</param>
    public void RunAttention(Tokens keys, Tokens values) => throw NeverRun();

    /// <summary>Runs the layer's MLP, with its residual, after its attention.</summary>
    public void RunMlp() => throw NeverRun();

    /// <summary>Runs what has not been run of the layer.</summary>
    public void Run() => throw NeverRun();

    /// <summary>The layer's norm before attention, with its own frozen weights.</summary>
    /// <param name="x"><c>[rows, width]</c>, with a batch or without.</param>
    public Tokens Normalize(Tokens x) => throw NeverRun();

    /// <summary>Queries by the layer's own weights, <c>[rows, width]</c>.</summary>
    /// <param name="x"><c>[rows, width]</c>, with a batch or without.</param>
    public Tokens Query(Tokens x) => throw NeverRun();

    /// <summary>Keys by the layer's own weights, <c>[rows, width]</c>.</summary>
    /// <param name="x"><c>[rows, width]</c>, with a batch or without.</param>
    public Tokens Key(Tokens x) => throw NeverRun();

    /// <summary>Values by the layer's own weights, <c>[rows, width]</c>.</summary>
    /// <param name="x"><c>[rows, width]</c>, with a batch or without.</param>
    public Tokens Value(Tokens x) => throw NeverRun();

    /// <summary>The linear layer behind the layer's attention, <c>[rows, width]</c>.</summary>
    /// <param name="x"><c>[rows, width]</c>, with a batch or without.</param>
    public Tokens Project(Tokens x) => throw NeverRun();

    /// <summary>Scaled-dot-product attention with the layer's number of heads and no weights, <c>[queries, width]</c>.</summary>
    /// <param name="queries"><c>[queries, width]</c>, with a batch or without.</param>
    /// <param name="keys"><c>[keys, width]</c>, with a batch or without.</param>
    /// <param name="values">The shape of the keys.</param>
    public Tokens Attend(Tokens queries, Tokens keys, Tokens values) => throw NeverRun();
}
