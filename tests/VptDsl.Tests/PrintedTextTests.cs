using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using VptDsl.Data;
using VptDsl.Tests.Training;
using VptDsl.Training;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Tests;

/// <summary>What a user prints, or points at in a debugger, says what it is, in the same words everywhere.</summary>
public sealed class PrintedTextTests
{
    /// <summary>Emitted code and devices use these; users do not hold them.</summary>
    private static readonly string[] Plumbing = ["VptDsl.Devices", "VptDsl.Programs", "VptDsl.Prompts"];

    /// <summary>What a program calls, and has nothing to print but itself.</summary>
    private static readonly string[] Services = [nameof(Sweep), nameof(SafetensorsFile), nameof(BackboneHash), nameof(TensorToWrite)];

    [Fact]
    public void No_public_type_prints_its_own_name()
    {
        IEnumerable<Type> held = typeof(Tuner).Assembly.GetExportedTypes()
            .Where(type => type is { IsEnum: false, IsInterface: false } && !(type.IsAbstract && type.IsSealed))
            .Where(type => !typeof(Attribute).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
                && !typeof(Delegate).IsAssignableFrom(type))
            .Where(type => !Plumbing.Any(space => type.Namespace!.StartsWith(space, StringComparison.Ordinal)))
            .Where(type => !Services.Contains(type.Name) && type != typeof(RandomStream));

        Assert.Empty(held.Where(type => !SaysWhatItIs(type)).Select(type => type.FullName));
    }

    [Fact]
    public void Texts_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
        try
        {
            Assert.All(Texts(), pair => Assert.Equal(pair.Expected, pair.Printed.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<(string Expected, object Printed)> Texts()
    {
        var confusion = new ConfusionMatrix(2);
        for (int i = 0; i < 10; i++)
            confusion.Add(0, i == 0 ? 1 : 0);
        ImageSet set = ToySets.BrightRows(20, seed: 4);

        yield return ("actual 0 1\n     0 9 1\n     1 0 0", confusion);
        yield return ("20 images of shape 1×3×3, 3 classes", set);
        yield return ("2 images of shape 1×3×3, 3 classes", new Subset(set, [0, 1]));
        yield return ("Sgd, momentum 0.9, weight decay 0.001 on AllButHeadBias", Optimizer.Sgd);
        yield return (
            "100 epochs, batch 64, rate 0.001, AdamW, momentum 0.9 and 0.999, epsilon 1E-06, weight decay 0.01 on AllButBiases, seed 0",
            new FitOptions { Optimizer = Optimizer.AdamW });
        yield return ("run.checkpoint, every 100 steps", new Checkpoint("run.checkpoint"));
        yield return ("seed 42: test 65.50 %", new FinalRun { Seed = 42, TestAccuracy = 0.655, TrainLosses = [] });
        yield return ("Toy: softmax regression", new SoftmaxRegression(3, 3).Model);
        yield return (
            "Toy: softmax regression, BFloat16 on tensor cores", new SoftmaxRegression(3, 3, precision: Precision.BFloat16).Model);
        yield return (
            "Toy: softmax regression, saved activations in BFloat16",
            new SoftmaxRegression(3, 3, savedActivations: Precision.BFloat16).Model);
        yield return ("2 × 1 pixels, labels 0 255", new LabelMap(1, 2, [255, 0]));
        yield return (
            "mine: Sgd, batch 128, 100 epochs, rates 0.5 10, decays 0.001, 5 seeds",
            new Recipe { Name = "mine", LearningRates = [0.5, 10], WeightDecays = [0.001] });
    }

    /// <summary>Whether somebody wrote what it prints: a record's own text prints arrays and other types by their names.</summary>
    private static bool SaysWhatItIs(Type type)
    {
        MethodInfo text = type.GetMethod(nameof(ToString), Type.EmptyTypes)!;
        return text.DeclaringType != typeof(object) && text.DeclaringType != typeof(ValueType)
            && text.GetCustomAttribute<CompilerGeneratedAttribute>() is null;
    }
}
