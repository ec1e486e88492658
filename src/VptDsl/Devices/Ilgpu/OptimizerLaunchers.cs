using ILGPU;
using ILGPU.Runtime;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>The optimiser kernels, compiled for a device when they are first needed.</summary>
internal sealed class OptimizerLaunchers(IlgpuDevice device)
{
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
        float decay);

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
        float shrink);

    public void Sgd(
        AcceleratorStream stream,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> velocities,
        in OptimizerUpdate update,
        float weightDecay)
    {
        _sgd ??= Load<SgdLauncher>(nameof(OptimizerKernels.Sgd));
        _sgd(stream, parameters.IntLength, parameters, gradients, velocities, update.LearningRate, update.Momentum, weightDecay);
    }

    public void AdamW(
        AcceleratorStream stream,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> firstMoments,
        ArrayView<float> secondMoments,
        in OptimizerUpdate update,
        float weightDecay)
    {
        _adamW ??= Load<AdamWLauncher>(nameof(OptimizerKernels.AdamW));
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
            update.LearningRate * weightDecay);
    }

    private TLauncher Load<TLauncher>(string name)
        where TLauncher : Delegate =>
        device.Load<TLauncher>(typeof(OptimizerKernels).GetMethod(name)!);
}
