using System.Text.RegularExpressions;

namespace VptDsl.Testing.Documentation;

/// <summary>A figure in a page of the docs that the code knows.</summary>
/// <param name="Page">The page, from the repository's root.</param>
/// <param name="Sentence">A pattern that occurs once there, in which <c>@</c> stands for the figure.</param>
/// <param name="Actual">What the code says.</param>
internal sealed record Figure(string Page, string Sentence, string Actual)
{
    /// <summary>Fails unless the page says what the code says; with <c>VPTDSL_ACCEPT=1</c> the page is corrected instead.</summary>
    public void Check()
    {
        string text = RepositoryFiles.Read(Page);
        MatchCollection found = Regex.Matches(text, Sentence.Replace("@", "(?<figure>[0-9][0-9,.]*[0-9]|[0-9])", StringComparison.Ordinal));
        Assert.True(found.Count == 1, $"{Page} has '{Sentence}' {found.Count} times, not once: correct the pattern, or the page.");
        Group figure = found[0].Groups["figure"];
        if (figure.Value == Actual)
            return;
        if (Environment.GetEnvironmentVariable(Snapshot.AcceptVariable) == "1")
        {
            RepositoryFiles.Write(Page, text[..figure.Index] + Actual + text[(figure.Index + figure.Length)..]);
        }
        else
        {
            Assert.Fail(
                $"{Page} says {figure.Value} in '{found[0].Value}', the code {Actual}. {Snapshot.AcceptVariable}=1 corrects the page.");
        }
    }
}
