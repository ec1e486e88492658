using System.Reflection;
using ILGPU;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>Protects what lets models share compiled kernels: one key for the same code, and another for any other code.</summary>
public sealed class KernelIdentityTests
{
    [Fact]
    public void The_same_code_in_classes_of_two_models_has_one_key() =>
        Assert.Equal(Key(typeof(OneModel), "Scale"), Key(typeof(OtherModel), "ScaleVariant2"));

    [Theory]
    [InlineData("ScaleByThree")]
    [InlineData("ScaleInDoubles")]
    [InlineData("ScaleByOtherMethod")]
    [InlineData("ScaleIntegers")]
    public void Other_code_has_another_key(string other) =>
        Assert.NotEqual(Key(typeof(OneModel), "Scale"), Key(typeof(OtherModel), other));

    [Fact]
    public void A_method_that_calls_itself_has_a_key() =>
        Assert.NotEqual(Key(typeof(OneModel), "Fold"), Key(typeof(OtherModel), "Fold"));

    private static string Key(Type kernels, string name) =>
        KernelIdentity.Of(kernels.GetMethod(name, BindingFlags.Static | BindingFlags.Public)!);

    private static class OneModel
    {
        public static void Scale(Index1D index, ArrayView<float> x) => x[index] = Factor(x[index]) + 1;

        public static int Fold(int x) => x == 0 ? 1 : x * Fold(x - 1);

        private static float Factor(float x) => 2 * x;
    }

    private static class OtherModel
    {
        public static void ScaleVariant2(Index1D index, ArrayView<float> x) => x[index] = Twice(x[index]) + 1;

        public static void ScaleByThree(Index1D index, ArrayView<float> x) => x[index] = Thrice(x[index]) + 1;

        public static void ScaleInDoubles(Index1D index, ArrayView<double> x) => x[index] = Twice(x[index]) + 1;

        public static void ScaleByOtherMethod(Index1D index, ArrayView<float> x) => x[index] = MathF.Sqrt(x[index]) + 1;

        public static void ScaleIntegers(Index1D index, ArrayView<int> x) => x[index] = Twice(x[index]) + 1;

        public static int Fold(int x) => x == 0 ? 1 : x + Fold(x - 1);

        private static float Twice(float x) => 2 * x;

        private static float Thrice(float x) => 3 * x;

        private static double Twice(double x) => 2 * x;

        private static int Twice(int x) => 2 * x;
    }
}
