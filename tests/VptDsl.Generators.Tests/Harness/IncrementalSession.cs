using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace VptDsl.Generators.Tests.Harness;

/// <summary>An editor's session: files change one at a time, and each time the generator runs again.</summary>
internal sealed class IncrementalSession
{
    private GeneratorDriver _driver = GeneratorHarness.CreateDriver();
    private CSharpCompilation _compilation;

    public IncrementalSession(params (string Path, string Text)[] files)
    {
        _compilation = GeneratorHarness.Compile(files);
        Run();
    }

    /// <summary>Replaces a file's text and runs the generator again.</summary>
    public void Edit(string path, string text)
    {
        SyntaxTree old = _compilation.SyntaxTrees.Single(t => t.FilePath == path);
        _compilation = _compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(text, GeneratorHarness.ParseOptions, path));
        Run();
    }

    /// <summary>Adds a file and runs the generator again.</summary>
    public void Add(string path, string text)
    {
        _compilation = _compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, GeneratorHarness.ParseOptions, path));
        Run();
    }

    /// <summary>Adds a reference and runs the generator again.</summary>
    public void Add(MetadataReference reference)
    {
        _compilation = _compilation.AddReferences(reference);
        Run();
    }

    /// <summary>What became of each output of a step in the last run, sorted.</summary>
    public IReadOnlyList<IncrementalStepRunReason> Reasons(string step)
    {
        GeneratorRunResult result = _driver.GetRunResult().Results.Single();
        return result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
            ? [.. runs.SelectMany(r => r.Outputs).Select(o => o.Reason).Order()]
            : [];
    }

    /// <summary>Fails unless files and diagnostics are those of a generator that has seen nothing before.</summary>
    public void AssertAsFresh()
    {
        Assert.Equal(Result(GeneratorHarness.CreateDriver().RunGenerators(_compilation)), Result(_driver));

        static IEnumerable<string> Result(GeneratorDriver driver)
        {
            GeneratorRunResult result = driver.GetRunResult().Results.Single();
            return result.GeneratedSources.Select(s => s.HintName + "\n" + s.SourceText).Order()
                .Concat(result.Diagnostics.Select(d => d.ToString()).Order());
        }
    }

    private void Run()
    {
        _driver = _driver.RunGenerators(_compilation);
        Assert.Null(_driver.GetRunResult().Results.Single().Exception);
    }
}
