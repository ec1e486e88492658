using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>Packing: blocks alive together never overlap, and memory is given out again as soon as its block is dead.</summary>
public sealed class ArenaTests
{
    /// <summary>Floats in a cache line, which is also the widest vector.</summary>
    private const long Line = 16;

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Blocks_alive_together_do_not_overlap(int seed)
    {
        Block[] blocks = Draw(seed);
        (long[] offsets, _) = Arena.Pack(blocks);
        for (int i = 0; i < blocks.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool together = blocks[i].First <= blocks[j].Last && blocks[j].First <= blocks[i].Last;
                bool apart = offsets[i] + blocks[i].Size <= offsets[j] || offsets[j] + blocks[j].Size <= offsets[i];
                Assert.True(apart || !together, $"{blocks[i]} at {offsets[i]} overlaps {blocks[j]} at {offsets[j]}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_size_covers_every_block_and_is_no_larger_than_needed_for_all_side_by_side(int seed)
    {
        Block[] blocks = Draw(seed);
        (long[] offsets, long size) = Arena.Pack(blocks);
        Assert.Equal(blocks.Zip(offsets, (b, o) => o + Aligned(b.Size)).Max(), size);
        Assert.InRange(size, MostAliveAtOnce(blocks), blocks.Sum(b => Aligned(b.Size)));
        Assert.All(offsets, o => Assert.Equal(0, o % Line));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_blocks_are_always_packed_the_same(int seed)
    {
        (long[] offsets, long size) = Arena.Pack(Draw(seed));
        (long[] again, long sizeAgain) = Arena.Pack(Draw(seed));
        Assert.Equal(offsets, again);
        Assert.Equal(size, sizeAgain);
    }

    [Fact]
    public void Blocks_that_follow_each_other_share_one_place()
    {
        Block[] blocks = [.. Enumerable.Range(0, 20).Select(i => new Block(100, 2 * i, (2 * i) + 1))];
        (long[] offsets, long size) = Arena.Pack(blocks);
        Assert.All(offsets, o => Assert.Equal(0, o));
        Assert.Equal(Aligned(100), size);
    }

    [Fact]
    public void A_block_that_ends_in_the_step_in_which_another_begins_does_not_share_with_it()
    {
        (long[] offsets, _) = Arena.Pack([new Block(16, 0, 3), new Block(16, 3, 4)]);
        Assert.Equal([0, 16], offsets.Order());
    }

    [Fact]
    public void A_gap_is_filled_from_below()
    {
        // Two long-lived blocks with a short-lived one between them leave a hole that fits the last.
        (long[] offsets, long size) = Arena.Pack([new Block(64, 0, 9), new Block(48, 0, 1), new Block(32, 0, 9), new Block(20, 5, 6)]);
        Assert.Equal([0, 64, 112, 64], offsets);
        Assert.Equal(144, size);
    }

    [Fact]
    public void What_layers_keep_for_the_backward_pass_lies_at_a_constant_distance()
    {
        // Each layer keeps two blocks until its turn comes in reverse, and needs a third for itself, which may lie in any gap.
        const int layers = 12;
        Block[] blocks = [.. Enumerable.Range(0, layers).SelectMany(layer => new Block[]
        {
            new(700, 3 * layer, (6 * layers) - (3 * layer)),
            new(300, (3 * layer) + 1, (6 * layers) - (3 * layer)),
            new(200, (3 * layer) + 1, (3 * layer) + 2),
        })];
        (long[] offsets, _) = Arena.Pack(blocks);
        for (int kept = 0; kept < 2; kept++)
        {
            long[] places = [.. Enumerable.Range(0, layers).Select(layer => offsets[(3 * layer) + kept])];
            Assert.Single(places.Skip(1).Zip(places, (next, place) => next - place).Distinct());
        }
    }

    [Fact]
    public void Sizes_beyond_32_bits_are_counted_right()
    {
        (long[] offsets, long size) = Arena.Pack([new Block(3L << 31, 0, 1), new Block(5L << 31, 0, 1)]);
        Assert.Equal([5L << 31, 0], offsets);
        Assert.Equal(8L << 31, size);
    }

    [Fact]
    public void Nothing_takes_no_memory() => Assert.Equal(0, Arena.Pack([]).Size);

    private static Block[] Draw(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ =>
        {
            int first = random.Next(40);
            return new Block(random.Next(1, 4) * random.Next(1, 90), first, first + random.Next(12));
        })];
    }

    private static long MostAliveAtOnce(Block[] blocks) =>
        Enumerable.Range(0, blocks.Max(b => b.Last) + 1)
            .Max(step => blocks.Where(b => b.First <= step && step <= b.Last).Sum(b => Aligned(b.Size)));

    private static long Aligned(long floats) => (floats + Line - 1) / Line * Line;
}
