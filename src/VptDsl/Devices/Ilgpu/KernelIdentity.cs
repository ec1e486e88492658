using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;

namespace VptDsl.Devices.Ilgpu;

/// <summary>
/// What a kernel does, as a key: kernels with the same key have the same code. Models that are alike have many such kernels, and a device
/// compiles only the first.
/// </summary>
/// <remarks>
/// The key covers parameters, local variables and instructions. Methods of the kernel's own class count by what they do, for every model
/// has a class of its own; everything else counts by name and module.
/// </remarks>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "Keys are compared within a process alone, and a trimmed body is the one that ILGPU compiles.")]
internal sealed class KernelIdentity
{
    private const byte TwoByteInstruction = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(o => o.Value);

    private readonly BinaryWriter _text = new(new MemoryStream());
    private readonly Dictionary<MethodBase, int> _methods = [];
    private readonly Type? _class;

    private KernelIdentity(Type? kernels) => _class = kernels;

    /// <summary>The key of a kernel.</summary>
    public static string Of(MethodInfo kernel)
    {
        var identity = new KernelIdentity(kernel.DeclaringType);
        identity.WriteOwn(kernel);
        return Convert.ToHexString(SHA256.HashData(((MemoryStream)identity._text.BaseStream).ToArray()));
    }

    /// <summary>A method of the kernel's class: its code the first time, its number from then on.</summary>
    private void WriteOwn(MethodBase method)
    {
        bool isKnown = _methods.TryGetValue(method, out int number);
        _text.Write(isKnown ? number : -1);
        if (isKnown)
            return;
        _methods.Add(method, _methods.Count);
        foreach (ParameterInfo parameter in method.GetParameters())
            WriteMember(parameter.ParameterType);
        MethodBody body = method.GetMethodBody() ?? throw new ArgumentException($"{method.Name} has no code of its own.", nameof(method));
        foreach (LocalVariableInfo local in body.LocalVariables)
            WriteMember(local.LocalType);
        WriteInstructions(method, body.GetILAsByteArray()!);
    }

    private void WriteInstructions(MethodBase method, byte[] code)
    {
        int at = 0;
        while (at < code.Length)
        {
            short value = code[at++];
            if (value == TwoByteInstruction)
                value = unchecked((short)((TwoByteInstruction << 8) | code[at++]));
            OpCode instruction = OpCodesByValue[value];
            _text.Write(value);
            ReadOnlySpan<byte> operand = code.AsSpan(at, OperandBytes(instruction, code.AsSpan(at)));
            at += operand.Length;
            if (instruction.OperandType == OperandType.InlineString)
                _text.Write(method.Module.ResolveString(BinaryPrimitives.ReadInt32LittleEndian(operand)));
            else if (IsMember(instruction.OperandType))
                WriteMember(Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(operand)));
            else
                _text.Write(operand);
        }
    }

    private void WriteMember(MemberInfo member)
    {
        if (member is MethodBase method && method.DeclaringType == _class)
        {
            WriteOwn(method);
            return;
        }

        _text.Write(member.Module.ModuleVersionId.ToByteArray());
        _text.Write($"{member.DeclaringType} {member}");
    }

    private static MemberInfo Resolve(MethodBase method, int token) =>
        method.Module.ResolveMember(
            token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private static bool IsMember(OperandType type) =>
        type is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;

    private static int OperandBytes(OpCode instruction, ReadOnlySpan<byte> operand) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(operand)),
        _ => 4,
    };
}
