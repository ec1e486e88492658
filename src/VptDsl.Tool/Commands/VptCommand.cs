using System.CommandLine;

namespace VptDsl.Tool.Commands;

/// <summary>All that <c>vpt</c> can be asked.</summary>
internal static class VptCommand
{
    public static RootCommand Create() => new(
        """
        Tunes vision backbones with prompts, without Python.

        From nothing to an answer:
          vpt inspect vit_base.safetensors                  what is this checkpoint, and what declares it?
          vpt explain --backbone vit_base.safetensors       what will training cost?
          vpt train --backbone vit_base.safetensors --prompts deep:10 --images flowers/train --task flowers.task
          vpt eval --backbone vit_base.safetensors --images flowers/test --task flowers.task
          vpt predict rose.jpg --backbone vit_base.safetensors --task flowers.task
          vpt serve --backbone vit_base.safetensors --tasks tasks

        A folder of images has a folder for each class. The backbone stays as it is; a task file holds what was learned: prompts, head,
        class names, what it was trained with, and how images are read.
        """)
    {
        TrainCommand.Create(),
        EvalCommand.Create(),
        ReportCommand.Create(),
        PredictCommand.Create(),
        SweepCommand.Create(),
        SiloCommand.Create(),
        ServeCommand.Create(),
        ExportCommand.Create(),
        PullCommand.Create(),
        InspectCommand.Create(),
        ExplainCommand.Create(),
        NewCommand.Create(),
        DoctorCommand.Create(),
        CompletionCommand.Create(),
    };
}
