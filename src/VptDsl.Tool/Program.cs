using VptDsl.Tool.Commands;

return CommandProgram.Run(VptCommand.Create(), args);
