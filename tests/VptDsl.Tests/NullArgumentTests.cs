using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging.Abstractions;
using VptDsl.Data;
using VptDsl.Data.Stores;
using VptDsl.MultiTask;
using VptDsl.Programs;
using VptDsl.Tests.Training;
using VptDsl.Tests.Training.Recipes;
using VptDsl.Tests.Weights;
using VptDsl.Training.Logs;
using VptDsl.Training.Recipes;
using VptDsl.Weights;

namespace VptDsl.Tests;

/// <summary>Whatever is public says which argument is null before it does anything, and does not fail further in.</summary>
public sealed class NullArgumentTests
{
    /// <summary>What only generated code and the library itself call.</summary>
    private static readonly string[] NotForUsers = ["VptDsl.Programs", "VptDsl.Devices"];

    /// <summary>One of each type whose methods are called.</summary>
    private static readonly Dictionary<Type, Func<object>> Instances = new()
    {
        [typeof(Tuner)] = () => new ToyTuner(Device.Cpu(1), seed: 1),
        [typeof(MultiTaskModel)] = () => new MultiTaskModel(new ToyTuner(Device.Cpu(1), seed: 1)),
        [typeof(SegmentationTuner)] = () => new ToySegmentationTuner(),
        [typeof(ImagePipeline)] = () => Transforms.Vtab(8),
        [typeof(PixelImages)] = () => new PixelImages(
            new MemoryStore("memory", new ImageShape(1, 1, 1), [0], [0], ["a"]), Transforms.Vtab(8)),
        [typeof(SegmentationImages)] = () => new SegmentationImages(["a"], ["b"], Transforms.Vtab(8), ["a"], false, 255, []),
        [typeof(LineLog)] = () => new CsvLog("nowhere"),
        [typeof(TensorBoardLog)] = () => new TensorBoardLog("nowhere"),
        [typeof(LoggerLog)] = () => new LoggerLog(NullLogger.Instance),
        [typeof(VtabTask)] = () => VtabTask.Get("dtd"),
        [typeof(LabelMap)] = () => new LabelMap(1, 1, [0]),
        [typeof(Sweep)] = () => new Sweep(Recipe.Published[0], seed => new ToyTuner(Device.Cpu(1), seed), "nowhere"),
    };

    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, MethodBase, ParameterInfo> Parameters()
    {
        var parameters = new TheoryData<string, MethodBase, ParameterInfo>();
        foreach (MethodBase method in typeof(Tuner).Assembly.GetExportedTypes().Where(IsForUsers).SelectMany(Methods).Where(CanBeCalled))
        {
            foreach (ParameterInfo parameter in method.GetParameters().Where(IsNeeded))
                parameters.Add($"{method.DeclaringType!.Name}.{method.Name}, {parameter.Name}", method, parameter);
        }

        return parameters;
    }

    [Theory]
    [MemberData(nameof(Parameters), DisableDiscoveryEnumeration = true)]
    public void A_null_argument_is_named(string _, MethodBase method, ParameterInfo parameter)
    {
        object?[] arguments = [.. method.GetParameters().Select(other => other == parameter ? null : Sample(other))];
        object? target = IsOfInstance(method) ? Instances[method.DeclaringType!]() : null;

        ArgumentNullException error = Assert.Throws<ArgumentNullException>(() => Call(method, target, arguments));

        Assert.Equal(parameter.Name, error.ParamName);
        (target as IDisposable)?.Dispose();
    }

    [Fact]
    public void The_walk_meets_what_users_call()
    {
        HashSet<string> met = [.. Parameters().Select(row => (string)row[0])];

        Assert.Superset(
            new HashSet<string>
            {
                "Tuner.Fit, train", "Tuner.EvaluateAsync, source", "ImageSet.FromBytes, normalization", "Split.Stratified, source",
                "ImagePipeline..ctor, normalization", "ImageFolder.Read, pipeline", "Sweep..ctor, create", "FgvcData.Open, root",
            },
            met);
    }

    [Fact]
    public void No_type_is_passed_over()
    {
        Type[] withoutInstance =
        [
            .. typeof(Tuner).Assembly.GetExportedTypes().Where(IsForUsers).Except(Instances.Keys)
                .Where(type => Methods(type).Any(
                    method =>
                        IsOfInstance(method) && !method.IsSpecialName && TakesNoSpans(method) && method.GetParameters().Any(IsNeeded))),
        ];

        // It needs a file, and has a test below.
        Assert.Equal([typeof(SafetensorsFile)], withoutInstance);
    }

    [Fact]
    public void What_takes_spans_names_null_too()
    {
        using var folder = new TempFolder();
        folder.Write("train.json", """{"a.jpg": 0}"""u8.ToArray());

        Assert.Equal("source", Assert.Throws<ArgumentNullException>(() => new Subset(null!, [0])).ParamName);
        Assert.Equal(
            "pipeline", Assert.Throws<ArgumentNullException>(() => FgvcData.Open(folder.Root).Read(null!, FgvcSplit.Train)).ParamName);
        Assert.Equal("parameter", Assert.Throws<ArgumentNullException>(() => new BackboneHash().Add(null!, [])).ParamName);
    }

    [Fact]
    public void A_weight_file_names_null_too()
    {
        using var folder = new TempFolder();
        SafetensorsWriter.Write(folder.Path("a"), [new TensorToWrite("t", [1], [1f])]);
        using SafetensorsFile file = SafetensorsFile.Open(folder.Path("a"));

        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => file.Find(null!)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => file.TryFind(null!, out _)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => file.ReadFloats(null!)).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => file.ReadInt64(null!)).ParamName);
        Assert.Equal("tensor", Assert.Throws<ArgumentNullException>(() => file.Read(null!, [])).ParamName);
    }

    [Fact]
    public void Generated_code_names_a_device_that_is_null()
    {
        MethodInfo unknown = typeof(CompiledProgram).GetMethod("UnknownDevice", BindingFlags.Static | BindingFlags.NonPublic)!;

        Assert.Equal("device", Assert.IsType<ArgumentNullException>(unknown.Invoke(null, [null])).ParamName);
    }

    private static bool IsForUsers(Type type) => !type.IsInterface && !type.ContainsGenericParameters
        && !NotForUsers.Any(name => type.Namespace!.StartsWith(name, StringComparison.Ordinal))
        && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate)) && !type.IsAssignableTo(typeof(Attribute))
        && !IsReport(type);

    /// <summary>Positional records: the library fills them in, and users read them.</summary>
    private static bool IsReport(Type type) => type.GetMethod("Deconstruct") is not null;

    private static bool IsOfInstance(MethodBase method) => !method.IsStatic && method is not ConstructorInfo;

    private static IEnumerable<MethodBase> Methods(Type type) =>
    [
        .. type.GetConstructors(),
        .. type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly),
    ];

    /// <summary>Reflection passes no spans; what takes them has its own tests.</summary>
    private static bool CanBeCalled(MethodBase method) => (!method.IsSpecialName || method is ConstructorInfo)
        && (!IsOfInstance(method) || Instances.ContainsKey(method.DeclaringType!))
        && !(method is ConstructorInfo && method.DeclaringType!.IsAbstract)
        && TakesNoSpans(method);

    private static bool TakesNoSpans(MethodBase method) => !method.ContainsGenericParameters
        && !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsByRef);

    private static bool IsNeeded(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.NotNull;

    private static object? Call(MethodBase method, object? target, object?[] arguments)
    {
        try
        {
            object? result = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(target, arguments);
            (result as Task)?.GetAwaiter().GetResult();
            return result;
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }

    private static object? Sample(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;
        return parameter.ParameterType switch
        {
            var type when type == typeof(string) => "nowhere",
            var type when type == typeof(int) => 2,
            var type when type == typeof(ImageShape) => new ImageShape(1, 3, 3),
            var type when type == typeof(IImageSource) => ToySets.BrightRows(6, seed: 1),
            var type when type == typeof(ImagePipeline) => Transforms.Vtab(8),
            var type when type == typeof(Normalization) => new Normalization(0, 1),
            var type when type == typeof(IReadOnlyList<string>) => new[] { "a", "b" },
            var type when type == typeof(IReadOnlyList<IReadOnlyCollection<int>>) => Array.Empty<int[]>(),
            var type when type == typeof(ModelDescription) => new SoftmaxRegression(3, 3).Model,
            var type when type == typeof(IEnumerable<TensorToWrite>) => Array.Empty<TensorToWrite>(),
            var type when type == typeof(Action<ParameterDescription, ReadOnlySpan<float>>) =>
                (ParameterDescription _, ReadOnlySpan<float> _) => GC.KeepAlive(null),
            var type when type == typeof(Action<ParameterDescription, float[]>) =>
                (ParameterDescription _, float[] _) => GC.KeepAlive(null),
            var type when type == typeof(Func<ParameterDescription, float[]>) => (ParameterDescription _) => Array.Empty<float>(),
            var type when type == typeof(Stream) => new MemoryStream(),
            var type when type == typeof(Recipe) => Recipe.Published[0],
            var type when type == typeof(Func<int, Tuner>) => (int seed) => (Tuner)new ToyTuner(Device.Cpu(1), seed),
            var type when type.IsArray => Array.CreateInstance(type.GetElementType()!, 0),
            var type when type.IsValueType => Activator.CreateInstance(type),
            var type => throw new InvalidOperationException($"Give the test a sample of {type}, which {parameter.Member} takes."),
        };
    }

    private sealed class ToySegmentationTuner() : SegmentationTuner(Device.Cpu(1), new SoftmaxRegression(3, 3));
}
