namespace VptDsl;

/// <summary>Prompts that join a sequence of tokens: <see cref="ShallowPromptAttribute"/> or <see cref="DeepPromptAttribute"/>.</summary>
public abstract class TokenPromptAttribute : PromptAttribute
{
    private protected TokenPromptAttribute()
    {
    }

    /// <summary>
    /// The number of prompts in each prompted layer; 1 or more, 50 unless stated.
    /// The paper picks it for each task from 1, 5, 10, 50, 100 and 200.
    /// </summary>
    public int Tokens { get; set; } = 50;

    /// <summary>
    /// Whether the prompts stay as they were drawn, so that the head alone learns; false unless stated. It shows that prompts help by
    /// what they learn, not by making the sequence longer.
    /// </summary>
    public bool Frozen { get; set; }
}
