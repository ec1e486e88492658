using System.CommandLine;
using VptCli.Commands;

var root = new RootCommand(
    """
    Tunes vision transformers with prompts, without Python.

    From nothing to an answer:
      vpt inspect vit_base.safetensors                      which model does this checkpoint fit?
      vpt explain vit-b16-deep                              what will training cost?
      vpt train vit-b16-deep --backbone vit_base.safetensors --images flowers/train --task flowers.task
      vpt eval vit-b16-deep --backbone vit_base.safetensors --images flowers/test --task flowers.task
      vpt predict vit-b16-deep rose.jpg --backbone vit_base.safetensors --task flowers.task

    A folder of images has a folder for each class. The backbone stays as it is; a task file holds what was learned: prompts, head, class
    names, and how images are read.
    """)
{
    TrainCommand.Create(),
    EvalCommand.Create(),
    PredictCommand.Create(),
    SweepCommand.Create(),
    InspectCommand.Create(),
    ExplainCommand.Create(),
};
return SampleProgram.Run(root, args);
