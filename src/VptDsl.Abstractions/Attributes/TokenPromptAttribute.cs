namespace VptDsl;

/// <summary>Prompts that join a sequence of tokens: <see cref="ShallowPromptAttribute"/> or <see cref="DeepPromptAttribute"/>.</summary>
public abstract class TokenPromptAttribute : PromptAttribute
{
    private protected TokenPromptAttribute()
    {
    }

    /// <summary>
    /// The number of prompts in each prompted layer, 50 unless stated; 0 means no prompts, a linear probe.
    /// The paper picks it for each task from 1, 5, 10, 50, 100 and 200.
    /// </summary>
    public int Tokens { get; set; } = 50;

    /// <summary>
    /// Whether the prompts stay as they were drawn, so that the head alone learns; false unless stated. It shows that prompts help by
    /// what they learn, not by making the sequence longer.
    /// </summary>
    public bool Frozen { get; set; }

    /// <summary>
    /// The width of a prompt before a linear layer, which all prompts share and which is trained with them, brings it to the width of the
    /// tokens; 0, the default, is no such layer (the paper's code: <c>PROJECT</c>).
    /// </summary>
    public int Projection { get; set; }

    /// <summary>
    /// The share of the prompts' elements that a training step drops by chance, for each image and each layer anew, the others scaled up to
    /// make up for it; from 0 up to, not including, 1. 0 unless stated; the paper's code takes 0.1 for deep prompts.
    /// </summary>
    /// <remarks>Prompts then differ from image to image in training, which costs more than prompts that all images share.</remarks>
    public double Dropout { get; set; }

    /// <summary>What the prompts are drawn from; <see cref="PromptDraw.Uniform"/> unless stated.</summary>
    public PromptDraw Draw { get; set; }
}

/// <summary>What prompts are drawn from.</summary>
public enum PromptDraw
{
    /// <summary>Evenly from ±sqrt(6 / (3·patch² + width)), as in the paper.</summary>
    Uniform,

    /// <summary>A normal distribution with standard deviation 0.02.</summary>
    Normal,

    /// <summary>All are 0.</summary>
    Zero,

    /// <summary>
    /// The backbone's class token, as the weight file has it, plus a normal deviation of 0.02 for each prompt: equal prompts would get
    /// equal gradients and stay equal for ever. Needs a backbone with a class token, and prompts without a projection.
    /// </summary>
    ClassToken,
}
