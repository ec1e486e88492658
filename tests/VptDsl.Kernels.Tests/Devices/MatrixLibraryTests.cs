using ILGPU.Runtime;
using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Kernels.Tests.Models;
using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>
/// A device's own library of products computes the plain ones of a program, and nothing changes but that. cuBLAS needs a GPU; here a
/// library that computes by the definition of BLAS takes its place.
/// </summary>
public sealed class MatrixLibraryTests
{
    public static TheoryData<int> Seeds => [.. TestTier.Cases([0, 1, 2, 3], quick: [3])];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_program_computes_the_same_with_a_library_of_products(int seed)
    {
        ReferenceBlas? library = null;
        using IlgpuDevice device = IlgpuDevice.CreateSimulator(_ => library = new ReferenceBlas());
        using Device cpu = Device.Cpu(threads: 2);
        DrawnModel model = DrawnModel.Of(seed, TestDevice.Simulator);

        ModelRun.Of(model, device, OptimizerKind.Sgd).AssertNear(ModelRun.Of(model, cpu, OptimizerKind.Sgd), model.Gradients);
        Assert.True(library!.Products > 0, "No product of the program went to the library.");
    }

    [Fact]
    public void The_library_is_named_with_the_device()
    {
        using IlgpuDevice with = IlgpuDevice.CreateSimulator(_ => new ReferenceBlas()), without = IlgpuDevice.CreateSimulator();

        Assert.EndsWith(", plain products by reference BLAS", with.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("BLAS", without.Name, StringComparison.Ordinal);
    }

    /// <summary>sgemm as BLAS defines it, an element after the other, on the host.</summary>
    private sealed class ReferenceBlas : MatrixLibrary
    {
        public override string Name => "reference BLAS";

        public int Products { get; private set; }

        protected override void MultiplyColumns(
            AcceleratorStream stream, int m, int n, int k, LibraryMatrix a, LibraryMatrix b, LibraryMatrix c)
        {
            Products++;
            float[] left = ToHost(a), right = ToHost(b), result = ToHost(c);
            for (int column = 0; column < n; column++)
            {
                for (int row = 0; row < m; row++)
                {
                    double sum = 0;
                    for (int i = 0; i < k; i++)
                        sum += (double)At(left, a, row, i) * At(right, b, i, column);
                    result[row + (column * c.Stride)] = (float)sum;
                }
            }

            c.Elements.CopyFromCPU(stream, result);

            float[] ToHost(LibraryMatrix matrix)
            {
                float[] elements = new float[matrix.Elements.Length];
                matrix.Elements.CopyToCPU(stream, elements);
                return elements;
            }
        }

        protected override void Dispose(bool disposing)
        {
        }

        private static float At(float[] elements, LibraryMatrix matrix, int row, int column) =>
            matrix.IsTransposed ? elements[column + (row * matrix.Stride)] : elements[row + (column * matrix.Stride)];
    }
}
