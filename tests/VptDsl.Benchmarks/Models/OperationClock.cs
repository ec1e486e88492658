using System.Diagnostics;
using System.Reflection;
using VptDsl.Programs;

namespace VptDsl.Benchmarks.Models;

/// <summary>Stands between a generated program and its operations, and adds up how long each takes.</summary>
public class OperationClock : DispatchProxy
{
    private readonly Dictionary<string, (int Calls, double Seconds)> _times = [];
    private object _operations = null!;

    /// <summary>What has been called since the last reset, by the name of its method.</summary>
    public IReadOnlyDictionary<string, (int Calls, double Seconds)> Times => _times;

    /// <summary>Puts a clock before the operations of a program.</summary>
    public static OperationClock Before(ModelProgram program)
    {
        FieldInfo field = program.GetType().GetField("_operations", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var clock = (OperationClock)Create(field.FieldType, typeof(OperationClock));
        clock._operations = field.GetValue(program)!;
        field.SetValue(program, clock);
        return clock;
    }

    /// <summary>Forgets what was called.</summary>
    public void Reset() => _times.Clear();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        long start = Stopwatch.GetTimestamp();
        object? result = targetMethod!.Invoke(_operations, args);
        (int calls, double seconds) = _times.GetValueOrDefault(targetMethod.Name);
        _times[targetMethod.Name] = (calls + 1, seconds + Stopwatch.GetElapsedTime(start).TotalSeconds);
        return result;
    }
}
