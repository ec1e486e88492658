using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>
/// Launches the optimiser kernels that the generator emits beside a program's others, compiled when they are first needed.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="kernels">The class with the program's kernels.</param>
internal sealed class OptimizerLaunchers(
    IlgpuDevice device, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type kernels)
{
    private const string SgdKernel = "UpdateSgd", AdamWKernel = "UpdateAdamW";

    private SgdLauncher? _sgd;
    private AdamWLauncher? _adamW;

    private delegate void SgdLauncher(
        AcceleratorStream stream,
        Index1D threads,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> velocities,
        float rate,
        float momentum,
        float decay,
        int decayed);

    private delegate void AdamWLauncher(
        AcceleratorStream stream,
        Index1D threads,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> firstMoments,
        ArrayView<float> secondMoments,
        float rate,
        float beta1,
        float beta2,
        float epsilon,
        float share,
        int decayed);

    public void Sgd(
        AcceleratorStream stream,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> velocities,
        in OptimizerUpdate update,
        long decayed)
    {
        _sgd ??= Load<SgdLauncher>(SgdKernel);
        _sgd(
            stream, parameters.IntLength, parameters, gradients, velocities, update.LearningRate, update.Momentum, update.WeightDecay,
            (int)decayed);
    }

    public void AdamW(
        AcceleratorStream stream,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> firstMoments,
        ArrayView<float> secondMoments,
        in OptimizerUpdate update,
        long decayed)
    {
        _adamW ??= Load<AdamWLauncher>(AdamWKernel);
        double correction = Math.Sqrt(1 - Math.Pow(update.SecondBeta, update.Number)) / (1 - Math.Pow(update.Momentum, update.Number));
        _adamW(
            stream,
            parameters.IntLength,
            parameters,
            gradients,
            firstMoments,
            secondMoments,
            (float)(update.LearningRate * correction),
            update.Momentum,
            update.SecondBeta,
            update.Epsilon,
            update.LearningRate * update.WeightDecay,
            (int)decayed);
    }

    private TLauncher Load<TLauncher>(string name)
        where TLauncher : Delegate =>
        device.Load<TLauncher>(kernels.GetMethod(name)
            ?? throw new InvalidOperationException(
                $"{kernels.FullName} has no kernel {name}: build the project again with this version's generator."));
}
