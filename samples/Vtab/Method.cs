using System.Collections.Immutable;
using Study;
using VptDsl;
using VptDsl.Training.Recipes;

namespace Vtab;

/// <summary>A row of the paper's Table 1: one way to tune, of which validation chooses the length where there are several.</summary>
/// <param name="Name">As the paper calls it.</param>
/// <param name="Variants">What is declared: one, or one for each prompt length.</param>
internal sealed record Method(string Name, ImmutableArray<Variant> Variants)
{
    /// <summary>The rows. Deep prompts have a dropout of 0.1 and shallow ones none, as in the runs that the authors show.</summary>
    public static ImmutableArray<Method> All { get; } =
    [
        new("Full", [Variant.Of<Full>("full", Recipe.Get("vtab-finetune"))]),
        new("Linear", [Variant.Of<Linear>("linear", Recipe.Get("vtab-linear"))]),
        new(
            "VPT-shallow",
            [
                Prompts<Shallow1>("shallow", 1), Prompts<Shallow5>("shallow", 5), Prompts<Shallow10>("shallow", 10),
                Prompts<Shallow50>("shallow", 50), Prompts<Shallow100>("shallow", 100), Prompts<Shallow200>("shallow", 200),
            ]),
        new(
            "VPT-deep",
            [
                Prompts<Deep1>("deep", 1), Prompts<Deep5>("deep", 5), Prompts<Deep10>("deep", 10),
                Prompts<Deep50>("deep", 50), Prompts<Deep100>("deep", 100), Prompts<Deep200>("deep", 200),
            ]),
    ];

    private static Variant Prompts<T>(string name, int tokens)
        where T : Tuner, IDeclared<T> =>
        Variant.Of<T>(FormattableString.Invariant($"{name}-{tokens}"), Recipe.Get("vtab-prompt").ForTokens(tokens)) with
        {
            Tokens = tokens,
        };
}

/// <summary>One declaration.</summary>
/// <param name="Name">The name of its results.</param>
/// <param name="Load">Puts the model on a device, with a backbone file and a seed.</param>
/// <param name="Recipe">The settings that are tried.</param>
internal sealed record Variant(string Name, Func<Device, string, int, Tuner> Load, Recipe Recipe)
{
    /// <summary>The number of prompts; 0 for none.</summary>
    public int Tokens { get; init; }

    public static Variant Of<T>(string name, Recipe recipe)
        where T : Tuner, IDeclared<T> => new(name, T.Load, recipe);
}
