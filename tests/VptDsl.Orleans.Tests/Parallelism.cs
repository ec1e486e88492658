// Most of a test's time is waiting for silos to start and to be missed, which needs no core.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]
