using VptDsl.Programs;

namespace VptDsl.Compiler.Planning;

/// <summary>A place in a region of device memory, known but for the batch size: offset = fixed + batch · perImage, in floats.</summary>
internal sealed record Address(Region Region, long PerImage, long Fixed)
{
    public Address Plus(long floats) => this with { Fixed = Fixed + floats };
}
