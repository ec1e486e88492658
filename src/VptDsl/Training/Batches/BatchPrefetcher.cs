using System.Runtime.ExceptionServices;
using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Training.Batches;

/// <summary>
/// Reads batches ahead of their use on other threads, a bounded number of images at a time: decoding and augmentation then cost the
/// training step nothing as long as the threads keep up.
/// </summary>
/// <remarks>
/// <para>
/// Images are prepared one by one along the announced plan, in a ring of buffers. Whoever reads a batch takes them in order, and
/// prepares images too where it would have to wait: so reading never depends on the thread pool having a thread to spare, and no
/// workers at all is merely slower. An image's content depends on the seed, the epoch and its index alone, so that the number of
/// workers changes nothing.
/// </para>
/// <para>An image that cannot be read throws where its batch is read, with the source's own error, whichever thread met it.</para>
/// </remarks>
internal sealed class BatchPrefetcher : IBatchReader, IThreadPoolWorkItem
{
    /// <summary>The memory that images prepared ahead may take, unless a few images alone take more.</summary>
    public const long AheadBytes = 256L << 20;

    private readonly object _lock = new();
    private readonly SampleReader _samples;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly int _workers;
    private readonly float[] _images;
    private readonly int[] _labels;
    private readonly Slot[] _ring;
    private int _count;

    // The plan, and how far it is: images below _taken were handed out, those below _claimed are ready or being prepared.
    private int[] _plan = [];
    private int _planned;
    private int _epoch;
    private int _claimed;
    private int _taken;
    private int _preparing;
    private int _running;
    private bool _disposed;

    /// <summary>Prepares to read a set.</summary>
    /// <param name="source">The set; read from several threads at once.</param>
    /// <param name="largestBatch">The most images a batch will have.</param>
    /// <param name="transforms">Augmentation; none for evaluation.</param>
    /// <param name="seed">The seed of the augmentation.</param>
    /// <param name="augments">Whether the set's own augmentation takes part: in training.</param>
    /// <param name="workers">Threads beside the calling one, 0 or more. Left out: one for each core but one, at most 8.</param>
    /// <param name="batchesAhead">
    /// How many batches may lie ready, 1 or more; fewer where they would take more than <see cref="AheadBytes"/>.
    /// </param>
    /// <param name="cancellation">Ends waiting in <see cref="Read"/>.</param>
    public BatchPrefetcher(
        IImageSource source, int largestBatch, IReadOnlyList<IImageTransform> transforms, long seed, bool augments,
        int? workers = null, int batchesAhead = 2, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchesAhead, 1);
        _workers = workers ?? Math.Clamp(Environment.ProcessorCount - 1, 1, 8);
        ArgumentOutOfRangeException.ThrowIfNegative(_workers, nameof(workers));
        _samples = new SampleReader(source, transforms, seed, augments);
        _images = new float[checked(largestBatch * source.Shape.Floats)];
        _labels = new int[checked(largestBatch * source.LabelsPerImage)];
        long fitting = Math.Max(_workers + 1, AheadBytes / (((long)source.Shape.Floats + source.LabelsPerImage) * sizeof(float)));
        _ring = new Slot[(int)Math.Min(fitting, Math.Min((long)batchesAhead * largestBatch, Math.Max(1, source.Count)))];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = new Slot(source.Shape.Floats, source.LabelsPerImage);
        _cancellation = cancellation;
        _onCancel = cancellation.UnsafeRegister(static self => ((BatchPrefetcher)self!).WakeAll(), this);
    }

    /// <inheritdoc/>
    public Span<float> Images => _images.AsSpan(0, _count * _samples.Shape.Floats);

    /// <inheritdoc/>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count * _samples.LabelsPerImage);

    /// <summary>The images that may lie ready or be under way.</summary>
    public int Capacity => _ring.Length;

    /// <inheritdoc/>
    public void CopyLabels(int index, Span<int> labels) => _samples.CopyLabels(index, labels);

    /// <inheritdoc/>
    public void SendTo(ModelProgram program) => program.SetBatch(Images, Labels);

    /// <inheritdoc/>
    public void Announce(ReadOnlySpan<int> indices, int epoch)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Nobody begins an image of the old plan any more; those under way still write to their buffers.
            _planned = _claimed;
            while (_preparing > 0)
                Monitor.Wait(_lock);

            if (_plan.Length < indices.Length)
                _plan = new int[indices.Length];
            indices.CopyTo(_plan);
            _planned = indices.Length;
            _epoch = epoch;
            _claimed = 0;
            _taken = 0;
            StartWorkers();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The run was cancelled while an image was being waited for.</exception>
    public void Read(ReadOnlySpan<int> indices, int epoch)
    {
        if (_taken == _planned)
            Announce(indices, epoch);

        _count = 0;
        int floats = _samples.Shape.Floats, labels = _samples.LabelsPerImage;
        for (int i = 0; i < indices.Length; i++)
        {
            Span<int> labelsOfImage = _labels.AsSpan(i * labels, labels);
            Span<float> image = _images.AsSpan(i * floats, floats);
            if (_taken < _planned && _plan[_taken] == indices[i] && _epoch == epoch)
                Take(image, labelsOfImage);
            else
                _samples.Read(indices[i], epoch, image, labelsOfImage);
        }

        _count = indices.Length;
    }

    /// <summary>Prepares images until the ring is full or the plan at its end. The thread pool calls it.</summary>
    public void Execute()
    {
        lock (_lock)
        {
            while (TryClaim(out int position))
                Prepare(position);
            _running--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Stops the workers and waits until none reads from the set any more.</summary>
    public void Dispose()
    {
        _onCancel.Dispose();
        lock (_lock)
        {
            _disposed = true;
            Monitor.PulseAll(_lock);
            while (_preparing > 0)
                Monitor.Wait(_lock);
        }
    }

    /// <summary>Hands out the next image of the plan.</summary>
    private void Take(Span<float> image, Span<int> labels)
    {
        Slot slot = _ring[_taken % _ring.Length];
        lock (_lock)
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _cancellation.ThrowIfCancellationRequested();
                if (_taken < _claimed && slot.IsReady)
                    break;
                if (TryClaim(out int position))
                    Prepare(position);
                else
                    Monitor.Wait(_lock);
            }
        }

        // A failed image stays in its place, so that asking again gives the same answer.
        slot.Failure?.Throw();
        slot.Image.CopyTo(image);
        slot.Labels.CopyTo(labels);
        lock (_lock)
        {
            _taken++;
            // A worker for every single image would cost more than small images do.
            if (_claimed - _taken <= _ring.Length - Math.Max(1, _ring.Length / 4))
                StartWorkers();
        }
    }

    private bool TryClaim(out int position)
    {
        position = _claimed;
        if (_disposed || _cancellation.IsCancellationRequested || _claimed >= _planned || _claimed >= _taken + _ring.Length)
            return false;

        _ring[position % _ring.Length].IsReady = false;
        _claimed++;
        _preparing++;
        return true;
    }

    /// <summary>Prepares a claimed image. The lock is held before and after, but not meanwhile.</summary>
    private void Prepare(int position)
    {
        (int index, int epoch) = (_plan[position], _epoch);
        Slot slot = _ring[position % _ring.Length];
        Monitor.Exit(_lock);
        try
        {
            slot.Failure = null;
            _samples.Read(index, epoch, slot.Image, slot.Labels);
        }
        catch (Exception e)
        {
            slot.Failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            Monitor.Enter(_lock);
        }

        slot.IsReady = true;
        _preparing--;
        Monitor.PulseAll(_lock);
    }

    private void StartWorkers()
    {
        int free = Math.Min(_planned, _taken + _ring.Length) - _claimed;
        for (; _running < _workers && free > 0; free--)
        {
            _running++;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void WakeAll()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    private sealed class Slot(int floats, int labels)
    {
        public readonly float[] Image = new float[floats];
        public readonly int[] Labels = new int[labels];
        public bool IsReady;
        public ExceptionDispatchInfo? Failure;
    }
}
