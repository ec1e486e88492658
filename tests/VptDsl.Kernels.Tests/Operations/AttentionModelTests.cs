using VptDsl.Compiler.Emit.Kernels;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Tiles of attention suit the shape and stay within the limits.</summary>
public sealed class AttentionModelTests
{
    private static readonly KernelOptions Options = KernelOptions.Default;

    private static readonly AttentionShape Layer = new(PerImage: true, Queries: 197, Keys: 247, Heads: 12, Columns: 64, Scores: 1, Sums: 1);

    [Fact]
    public void One_query_has_the_smallest_tile_of_queries() =>
        Assert.Equal(8, AttentionModel.Choose(Layer with { Queries = 1 }, SharedFloats(4), Options)!.Queries);

    [Fact]
    public void A_layer_has_large_tiles_both_ways()
    {
        AttentionTile tile = AttentionModel.Choose(Layer, SharedFloats(4), Options)!;

        Assert.True(tile.Queries >= 32 && tile.Keys >= 16, $"The tile is {tile}.");
    }

    [Theory]
    [InlineData(48 * 1024, 256, 64)]
    [InlineData(48 * 1024, 64, 128)]
    [InlineData(16 * 1024, 256, 64)]
    public void Tiles_stay_within_what_a_device_has(int sharedBytes, int threads, int columns)
    {
        AttentionShape shape = Layer with { Columns = columns, Scores = 2, Sums = 2, IsOfKeys = true };
        Func<AttentionTile, int> floats = tile => 2 * (tile.Queries + tile.Keys) * (columns + 4);

        AttentionTile tile = AttentionModel.Choose(shape, floats, Options with { Limits = new(sharedBytes, threads, Warp: 32) })!;

        Assert.True(floats(tile) * sizeof(float) <= sharedBytes && tile.Threads <= threads, $"The tile is {tile}.");
    }

    [Fact]
    public void Heads_too_wide_for_shared_memory_have_no_tile() =>
        Assert.Null(AttentionModel.Choose(Layer with { Columns = 4096 }, tile => 4 * tile.Keys * 4096, Options));

    private static Func<AttentionTile, int> SharedFloats(int matrices) => tile => matrices * Math.Max(tile.Queries, tile.Keys) * 68;
}
