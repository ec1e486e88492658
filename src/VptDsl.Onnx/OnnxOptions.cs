namespace VptDsl.Onnx;

/// <summary>What <see cref="OnnxExport.ExportOnnx"/> writes.</summary>
public sealed record OnnxOptions
{
    /// <summary>
    /// Whether what belongs to a task, prompts and head for instance, are inputs of the model, so that one file serves all tasks on the
    /// backbone; false, the default, where the file holds the task that the model has now.
    /// </summary>
    /// <remarks>The inputs have the names and the shapes of the tensors in a task file (<see cref="Tuner.SaveTask"/>).</remarks>
    public bool TaskInputs { get; init; }

    /// <summary>
    /// Whether weights lie in a file beside the model; false, the default, where that is done only for models of more than 2 GB, the most
    /// that a file of this format can hold.
    /// </summary>
    public bool WeightsBeside { get; init; }

    /// <summary>The options that are not as usual.</summary>
    public override string ToString() =>
        (TaskInputs ? "the task as inputs, " : "the task in the file, ")
            + (WeightsBeside ? "weights beside it" : "weights in it where they fit");
}
