namespace VptDsl.Devices.Cpu;

/// <summary>
/// Matrix products with fused epilogues. Operands are packed into panels, an item computes a block of C from them by the
/// <see cref="MicroKernel"/>, and a tile goes through the epilogue as soon as its sums are complete.
/// </summary>
internal static unsafe class Products
{
    /// <summary>Computes a product.</summary>
    /// <param name="workers">Who computes.</param>
    /// <param name="call">The product.</param>
    /// <param name="packedB">The right operand's panels, if they outlive the call: they are packed unless that has been done.</param>
    public static void Run(CpuWorkers workers, in ProductCall call, PackedOperand? packedB = null)
    {
        if (call.Gate.IsPresent && call.Activation is null)
        {
            throw new ArgumentException("A product has a gate, but no activation whose derivative is taken there; name one.", nameof(call));
        }

        var plan = new ProductPlan(call, workers.Threads, packedB is not null);
        var job = new ProductJob(call, plan);
        int panelsTogether = plan.Parts == 1 ? Math.Min(ProductJob.PanelsTogether, plan.ColumnPanelsPerItem) : plan.ColumnPanels;
        job.TakeMemory(workers, panelsTogether, packedB);
        if (plan.Parts > 1)
        {
            workers.Run(plan.Parts, &ComputePart, &job);
            workers.Run(plan.RowPanels * plan.ColumnPanels, &AddParts, &job);
            return;
        }

        Pack(workers, ref job);
        packedB?.IsPacked = true;
        workers.Run(plan.RowBlocks * plan.ColumnBlocks, &ComputeBlock, &job);
    }

    private static void Pack(CpuWorkers workers, ref ProductJob job)
    {
        const long worthSharing = 16 * 1024;
        int items = job.PackItemsOfA + job.PackItemsOfB;
        fixed (ProductJob* context = &job)
        {
            if (job.PackedFloats > worthSharing)
            {
                workers.Run(items, &PackItem, context);
                return;
            }

            for (int item = 0; item < items; item++)
            {
                PackItem(context, item);
            }
        }
    }

    private static void PackItem(void* context, int item)
    {
        ref var job = ref *(ProductJob*)context;
        if (item < job.PackItemsOfA)
        {
            int groups = job.PackItemsOfA / job.Plan.DepthBlocks;
            int first = item % groups * ProductJob.PanelsTogether;
            int panels = Math.Min(ProductJob.PanelsTogether, job.Plan.RowPanels - first);
            int block = item / groups;
            job.PackA(first, panels, block, job.SharedPanelOfA(block, first));
        }
        else
        {
            item -= job.PackItemsOfA;
            int groups = job.PackItemsOfB / job.Plan.DepthBlocks;
            int first = item % groups * ProductJob.PanelsTogether;
            int panels = Math.Min(ProductJob.PanelsTogether, job.Plan.ColumnPanels - first);
            int block = item / groups;
            job.PackSharedB(first, panels, block);
        }
    }

    private static void ComputeBlock(void* context, int item)
    {
        ref var job = ref *(ProductJob*)context;
        var plan = job.Plan;

        // Column by column of the grid, so that threads at work at the same time read the same panels of B.
        int firstRow = item % plan.RowBlocks * plan.RowPanelsPerItem;
        int rowPanels = Math.Min(plan.RowPanelsPerItem, plan.RowPanels - firstRow);
        int column = item / plan.RowBlocks * plan.ColumnPanelsPerItem;
        int endColumn = Math.Min(plan.ColumnPanels, column + plan.ColumnPanelsPerItem);

        float* tiles = job.OwnTiles;
        int together = plan.SharesB ? 1 : ProductJob.PanelsTogether;
        job.PackOwnA(firstRow, rowPanels, 0, plan.DepthBlocks);
        for (; column < endColumn; column += together)
        {
            int columnPanels = Math.Min(together, endColumn - column);
            job.Multiply(firstRow, rowPanels, column, columnPanels, 0, plan.DepthBlocks, tiles, finish: true);
        }
    }

    private static void ComputePart(void* context, int part)
    {
        ref var job = ref *(ProductJob*)context;
        var plan = job.Plan;
        int block = part * plan.BlocksPerPart;
        int endBlock = Math.Min(plan.DepthBlocks, block + plan.BlocksPerPart);
        job.PackOwnA(0, plan.RowPanels, block, endBlock);
        job.Multiply(0, plan.RowPanels, 0, plan.ColumnPanels, block, endBlock, job.TilesOfPart(part), finish: false);
    }

    private static void AddParts(void* context, int tile)
    {
        ref var job = ref *(ProductJob*)context;
        float* sum = job.TilesOfPart(0) + ((long)tile * ProductJob.TileFloats);
        Sums.AddParts(sum, job.Plan.Parts, job.TilesOfPart(1) - job.TilesOfPart(0), ProductJob.TileFloats, sum);
        job.Finish(tile % job.Plan.RowPanels, tile / job.Plan.RowPanels, sum);
    }
}
