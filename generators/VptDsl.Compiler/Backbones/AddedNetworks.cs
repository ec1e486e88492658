using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Backbones;

/// <summary>What is put into the blocks of a frozen backbone and trained in its stead.</summary>
/// <param name="Adapter">Bottlenecks after the MLPs, if any.</param>
/// <param name="LoRA">Low-rank updates of linear layers, if any.</param>
internal sealed record AddedNetworks(AdapterSpec? Adapter, LoRASpec? LoRA);
