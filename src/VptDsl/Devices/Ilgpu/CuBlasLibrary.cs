using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace VptDsl.Devices.Ilgpu;

/// <summary>NVIDIA's cuBLAS, through ILGPU.Algorithms. It computes in float32: TF32 is a mode that nobody sets here.</summary>
internal sealed class CuBlasLibrary : MatrixLibrary
{
    private readonly CuBlas _blas;

    private CuBlasLibrary(CuBlas blas)
    {
        _blas = blas;
        // Its finalizer throws what the library says, which would end the process.
        GC.SuppressFinalize(blas);
    }

    /// <inheritdoc/>
    public override string Name => $"cuBLAS {_blas.Version}";

    /// <summary>The library, or null where it is not installed beside the driver.</summary>
    public static CuBlasLibrary? TryCreate(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
            return null;
        try
        {
            return new(new CuBlas(cuda));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or NotSupportedException or CuBlasException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override void MultiplyColumns(
        AcceleratorStream stream, int m, int n, int k, LibraryMatrix a, LibraryMatrix b, LibraryMatrix c)
    {
        _blas.Stream = (CudaStream)stream;
        _blas.Gemm(Operation(a), Operation(b), m, n, k, 1, a.Elements, a.Stride, b.Elements, b.Stride, 0, c.Elements, c.Stride);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _blas.Dispose();
    }

    private static CuBlasOperation Operation(LibraryMatrix matrix) =>
        matrix.IsTransposed ? CuBlasOperation.Transpose : CuBlasOperation.NonTranspose;
}
