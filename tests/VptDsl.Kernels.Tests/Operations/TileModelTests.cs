using VptDsl.Compiler.Emit.Kernels;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Tiles suit the shape and stay within the limits.</summary>
public sealed class TileModelTests
{
    private static readonly KernelLimits Limits = KernelOptions.Default.Limits;

    private static readonly ProductShape Layer = new(RowsPerImage: true, 197, 3072, DepthPerImage: false, 768);

    [Fact]
    public void A_large_product_has_large_tiles_and_no_slices()
    {
        ProductTile tile = TileModel.Choose(Layer, Limits);

        Assert.Equal(1, tile.Slices);
        Assert.True(tile.ThreadRows * tile.ThreadColumns >= 16 && tile.Rows * tile.Columns >= 32 * 64, $"The tile is {tile}.");
    }

    [Theory]
    [InlineData(768, 2304)]
    [InlineData(768, 768)]
    [InlineData(768, 3072)]
    [InlineData(3072, 768)]
    public void Layers_of_vit_b_have_tiles_as_large_as_registers_take(int depth, int columns)
    {
        ProductTile tile = TileModel.Choose(new(RowsPerImage: true, 197, columns, DepthPerImage: false, depth), Limits);

        Assert.True(
            tile.Rows * tile.Columns >= 128 * 64 && tile.Slices == 1 && tile.ThreadRows * tile.ThreadColumns == 64, $"The tile is {tile}.");
        Assert.True(tile.Registers <= 128 && TileModel.ResidentGroups(tile) * tile.Threads >= 256, $"The tile is {tile}.");
    }

    [Fact]
    public void A_deep_product_with_a_small_result_is_sliced() =>
        Assert.True(TileModel.Choose(new(RowsPerImage: false, 50, 64, DepthPerImage: true, 197), Limits).Slices > 1);

    [Theory]
    [InlineData(8192, 256)]
    [InlineData(48 * 1024, 64)]
    public void Tiles_stay_within_what_a_device_has(int sharedBytes, int threads)
    {
        ProductTile tile = TileModel.Choose(Layer, new(sharedBytes, threads, Warp: 32));

        Assert.True(tile.SharedFloats * sizeof(float) <= sharedBytes && tile.Threads <= threads, $"The tile is {tile}.");
    }

    [Theory]
    [InlineData(49, 54, 56, 56)]
    [InlineData(49, 99, 56, 56)]
    [InlineData(144, 144, 48, 48)]
    [InlineData(5, 49, 8, 56)]
    [InlineData(1, 1, 8, 8)]
    public void What_a_window_has_is_cut_into_few_equal_parts(int queries, int keys, int queriesOfTile, int keysOfTile)
    {
        AttentionTile tile = TileModel.ChooseWindows(queries, keys, tile => tile.Queries * tile.Keys, Limits)!;

        Assert.Equal((queriesOfTile, keysOfTile), (tile.Queries, tile.Keys));
    }

    [Fact]
    public void A_window_has_smaller_tiles_where_shared_memory_is_small_and_none_where_it_takes_none()
    {
        static int Floats(AttentionTile tile) => 100 * (tile.Queries + tile.Keys);

        Assert.Equal(32, TileModel.ChooseWindows(49, 49, Floats, Limits with { SharedBytes = 32 * 1024 })!.Queries);
        Assert.Null(TileModel.ChooseWindows(49, 49, Floats, Limits with { SharedBytes = 4096 }));
        Assert.Null(TileModel.ChooseWindows(49, 49, Floats, Limits with { GroupThreads = 32 }));
    }

    [Theory]
    [InlineData(4, 64, 64)]
    [InlineData(32, 1, 8)]
    [InlineData(300, 1, 1)]
    public void A_sum_over_windows_has_slices_until_the_device_is_full(int groups, int windows, int slices) =>
        Assert.Equal(slices, TileModel.WindowSlices(groups, windows));
}
