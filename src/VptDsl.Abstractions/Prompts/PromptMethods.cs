namespace VptDsl.Prompts;

/// <summary>What happens to somebody who calls a prompt method.</summary>
internal static class PromptMethods
{
    public static NotSupportedException NeverRun() => new("A prompt method is read by the generator; it never runs.");
}
