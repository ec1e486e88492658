using System.Reflection;
using VptDsl.Orleans.Grains;

namespace VptDsl.Orleans.Tests;

/// <summary>A board and a sweep that answer what a test says, without a cluster.</summary>
/// <remarks>Proxies: classes would be grains to Orleans, and found by the clusters of other tests.</remarks>
internal static class FakeGrains
{
    /// <summary>A factory that knows one board and one sweep.</summary>
    /// <param name="board">Answers a call of the board, told the method's name and the arguments.</param>
    /// <param name="sweep">Answers a call of the sweep.</param>
    public static IGrainFactory Of(Func<string, object?[], object?> board, Func<string, object?[], object?> sweep)
    {
        ISweepBoardGrain boardGrain = Proxy.Of<ISweepBoardGrain>((method, arguments) => board(method.Name, arguments));
        ISweepGrain sweepGrain = Proxy.Of<ISweepGrain>((method, arguments) => sweep(method.Name, arguments));
        return Proxy.Of<IGrainFactory>(
            (method, _) => method.GetGenericArguments()[0] == typeof(ISweepBoardGrain) ? boardGrain : sweepGrain);
    }

    internal class Proxy : DispatchProxy
    {
        private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

        public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
            where T : class
        {
            T made = Create<T, Proxy>();
            ((Proxy)(object)made)._answer = answer;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
    }
}
