using ILGPU;
using ILGPU.Algorithms;

namespace VptDsl.Devices.Ilgpu;

/// <summary>What one thread of each optimiser kernel does: the update of one parameter, as in <see cref="Cpu.Optimizers"/>.</summary>
internal static class OptimizerKernels
{
    public static void Sgd(
        Index1D index, ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> velocities, float rate, float momentum, float decay)
    {
        float velocity = (momentum * velocities[index]) + gradients[index] + (decay * parameters[index]);
        velocities[index] = velocity;
        parameters[index] -= rate * velocity;
    }

    /// <param name="index">The parameter.</param>
    /// <param name="parameters">All parameters that are updated.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="firstMoments">Their first moments.</param>
    /// <param name="secondMoments">Their second moments.</param>
    /// <param name="rate">The learning rate, corrected for the moments' bias.</param>
    /// <param name="beta1">Decay of the first moments.</param>
    /// <param name="beta2">Decay of the second moments.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="shrink">The share of each parameter that decay takes away.</param>
    public static void AdamW(
        Index1D index,
        ArrayView<float> parameters,
        ArrayView<float> gradients,
        ArrayView<float> firstMoments,
        ArrayView<float> secondMoments,
        float rate,
        float beta1,
        float beta2,
        float epsilon,
        float shrink)
    {
        float gradient = gradients[index];
        float first = (beta1 * firstMoments[index]) + ((1 - beta1) * gradient);
        float second = (beta2 * secondMoments[index]) + ((1 - beta2) * gradient * gradient);
        firstMoments[index] = first;
        secondMoments[index] = second;
        float parameter = parameters[index] - (rate * first / (XMath.Sqrt(second) + epsilon));
        parameters[index] = parameter - (shrink * parameter);
    }
}
