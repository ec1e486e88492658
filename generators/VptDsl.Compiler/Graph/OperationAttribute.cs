using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Graph;

/// <summary>A static attribute of an operation, as a device's routine takes it: of one of the types that convert to it.</summary>
internal readonly record struct OperationAttribute
{
    private OperationAttribute(object value) => Value = value;

    public object Value { get; }

    public static implicit operator OperationAttribute(int value) => new(value);

    public static implicit operator OperationAttribute(double value) => new(value);

    public static implicit operator OperationAttribute(bool value) => new(value);

    public static implicit operator OperationAttribute(ActivationKind value) => new(value);

    public static implicit operator OperationAttribute(PlaneSize value) => new(value);

    public static implicit operator OperationAttribute(SlidingPatch value) => new(value);

    public static implicit operator OperationAttribute(EquatableArray<double> value) => new(value);
}
