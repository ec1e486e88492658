using VptDsl;

namespace Study;

/// <summary>What the generator writes into each declared class: with it, a protocol can be made of the class alone.</summary>
internal interface IDeclared<TSelf>
    where TSelf : Tuner
{
    /// <summary>Puts the model on a device with a backbone file; prompts and head are drawn from a seed.</summary>
    static abstract TSelf Load(Device device, string backbone, int seed);

    /// <summary>The memory that a training step of a batch computes in, as planned, in bytes.</summary>
    static abstract long StepBytes(int batch);
}
