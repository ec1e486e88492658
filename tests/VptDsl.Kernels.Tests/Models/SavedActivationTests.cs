using VptDsl.Compiler;
using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Planning;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;
using Xunit.Abstractions;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>
/// Whole models that keep what they save in bfloat16 have the gradients on every device that the interpreter has with roundings.
/// </summary>
[Collection(DeviceCollection.Name)]
public sealed class SavedActivationTests(TestDevices devices, ITestOutputHelper output)
{
    // A small vision transformer, whose kernels OpenCL's compiler is quick with.
    private const int SmallSeed = 9;

    public static TheoryData<TestDevice, int> Cases
    {
        get
        {
            var cases = new TheoryData<TestDevice, int>();
            cases.Add(TestDevice.OpenCl, SmallSeed);
            int[] others = [First(Enumerable.Range(0, 40).Where(seed => seed % 5 == 3)), First(RandomDeclarations.InWindows)];
            foreach (int seed in TestTier.Cases([SmallSeed, .. others], quick: [SmallSeed]))
            {
                cases.Add(TestDevice.Cpu, seed);
                cases.Add(TestDevice.Simulator, seed);
                if (TestDevices.HasCuda)
                    cases.Add(TestDevice.Cuda, seed);
            }

            return cases;
        }
    }

    /// <remarks>
    /// A device's float and the interpreter's double may be on either side of the middle between two numbers of bfloat16; few are, so that
    /// over all gradients devices are much closer to the rounded gradients than these are to the exact ones.
    /// </remarks>
    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_roundings(TestDevice kind, int seed)
    {
        Device device = devices.Open(kind);
        var model = DrawnModel.Of(seed, kind, Precision.BFloat16);
        DataflowGraph forward = PassList.Forward.Apply(ClassifierGraph.Build(RandomDeclarations.Draw(seed)).Graph);
        DataflowGraph step = PassList.Whole.Apply(ReverseMode.Differentiate(
            forward.For(ResultRole.Logits, ResultRole.Losses, ResultRole.Correct, ResultRole.Statistic)));
        IReadOnlyDictionary<string, double[]> exact = GraphInterpreter.Evaluate(step, model.Inputs).Gradients();
        IReadOnlyDictionary<string, double[]> rounded = GraphInterpreter.Evaluate(PackSaved.Run(step), model.Inputs).Gradients();

        using Tuner tuner = model.Create(device);
        Assert.Equal(Precision.BFloat16, tuner.Model.SavedActivations);
        tuner.Compiled.SetBatch(model.Images, model.Labels);
        tuner.Compiled.Step();
        float[] gradients = new float[tuner.Model.TrainedFloats];
        tuner.Compiled.Read(new(Region.Gradients, 0), gradients);

        double ofDevice = 0, ofRounding = 0;
        foreach (ParameterDescription parameter in tuner.Model.Parameters.Where(p => p.Trained))
        {
            float[] own = gradients.AsSpan((int)parameter.Offset, (int)parameter.Count).ToArray();
            ofDevice += own.Zip(rounded[parameter.Name], (a, b) => (a - b) * (a - b)).Sum();
            ofRounding += exact[parameter.Name].Zip(rounded[parameter.Name], (a, b) => (a - b) * (a - b)).Sum();
        }

        output.WriteLine(FormattableString.Invariant($"{Math.Sqrt(ofDevice):E2} from roundings, {Math.Sqrt(ofRounding):E2} by them"));
        Assert.True(ofRounding > 0);
        Assert.True(Math.Sqrt(ofDevice) < 0.1 * Math.Sqrt(ofRounding));
    }

    /// <summary>The first declaration that packs something and computes all of a step at once.</summary>
    private static int First(IEnumerable<int> seeds) => seeds
        .First(seed => ModelCompiler.Analyze(RandomDeclarations.Draw(seed) with { Precision = Precision.BFloat16 })
            is { Encoding: null, PacksSaved: true });
}
