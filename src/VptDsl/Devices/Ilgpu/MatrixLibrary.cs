using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;

namespace VptDsl.Devices.Ilgpu;

/// <summary>
/// A vendor's library of matrix products, where a device has one: it computes the products that have nothing else to do, in place of the
/// emitted kernels.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class MatrixLibrary : IDisposable
{
    /// <summary>What it calls itself, with its version.</summary>
    public abstract string Name { get; }

    /// <summary>c [rows, columns] = a · b, row by row in memory.</summary>
    /// <param name="stream">The stream to compute in.</param>
    /// <param name="size">The dimensions.</param>
    /// <param name="a">a [rows, depth].</param>
    /// <param name="b">b [depth, columns].</param>
    /// <param name="c">Where the result goes.</param>
    /// <remarks>
    /// Libraries want columns one after the other. What lies row by row is, read so, the transpose: they are asked for cᵀ = bᵀ · aᵀ.
    /// </remarks>
    public void Multiply(AcceleratorStream stream, ProductSize size, LibraryMatrix a, LibraryMatrix b, LibraryMatrix c) =>
        MultiplyColumns(stream, size.Columns, checked((int)size.Rows), checked((int)size.Depth), b, a, c);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>c [m, n] = a · b, column by column in memory, as BLAS defines <c>sgemm</c>.</summary>
    /// <param name="stream">The stream to compute in.</param>
    /// <param name="m">Rows of c.</param>
    /// <param name="n">Columns of c.</param>
    /// <param name="k">The summed dimension.</param>
    /// <param name="a">[m, k], or [k, m] where transposed.</param>
    /// <param name="b">[k, n], or [n, k] where transposed.</param>
    /// <param name="c">[m, n].</param>
    protected abstract void MultiplyColumns(
        AcceleratorStream stream, int m, int n, int k, LibraryMatrix a, LibraryMatrix b, LibraryMatrix c);

    /// <summary>Frees what the library holds.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>The dimensions of a product: [rows, depth] · [depth, columns].</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ProductSize(long Rows, int Columns, long Depth);

/// <summary>A matrix as a library of products takes it.</summary>
/// <param name="Elements">Its memory.</param>
/// <param name="Stride">How far its rows are apart.</param>
/// <param name="IsTransposed">Whether what lies in memory is its transpose.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LibraryMatrix(ArrayView<float> Elements, int Stride, bool IsTransposed = false);
