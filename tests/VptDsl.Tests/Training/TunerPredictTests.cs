using VptDsl.Data;
using VptDsl.Tests.Data.Golden;
using VptDsl.Tests.Training.Recipes;

namespace VptDsl.Tests.Training;

/// <summary>An image is the same to a tuner from wherever it comes: a path, bytes, a stream, now or later.</summary>
public sealed class TunerPredictTests : IDisposable
{
    private static readonly string Photo = GoldenFile.Path("subsampled.jpg");

    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly ToyTuner _tuner;

    public TunerPredictTests()
    {
        _tuner = new ToyTuner(_device, seed: 0) { Pipeline = Transforms.Vtab(3, new Normalization(0.5f, 0.25f)) };
        _tuner.Fit(ToySets.BrightRows(30, seed: 1), null, new()
        {
            Epochs = 1,
            BaseLearningRate = 5,
            Progress = VptDsl.Training.ProgressDisplay.Off,
        });
    }

    public void Dispose()
    {
        _tuner.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task Paths_bytes_and_streams_give_the_same()
    {
        float[] expected = _tuner.Predict(_tuner.Pipeline!.ReadImage(Photo));
        byte[] encoded = File.ReadAllBytes(Photo);
        using var stream = new TrickleStream(encoded);
        using var later = new TrickleStream(encoded);

        Assert.NotEqual(expected[0], expected[1]);
        Assert.Equal(expected, _tuner.Predict(Photo));
        Assert.Equal(expected, _tuner.Predict(encoded));
        Assert.Equal(expected, _tuner.Predict(stream));
        Assert.Equal(expected, await _tuner.PredictAsync(Photo));
        Assert.Equal(expected, await _tuner.PredictAsync(encoded));
        Assert.Equal(expected, await _tuner.PredictAsync(later));
        Assert.Equal(encoded.Length, stream.Taken);
    }

    [Fact]
    public async Task What_is_no_image_is_an_error_that_names_it()
    {
        Assert.StartsWith(
            "(image in memory): ", Assert.Throws<ImageDataException>(() => _tuner.Predict(new byte[3])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "(image of a stream): ",
            Assert.Throws<ImageDataException>(() => _tuner.Predict(Stream.Null)).Message,
            StringComparison.Ordinal);
        ImageDataException later = await Assert.ThrowsAsync<ImageDataException>(() => _tuner.PredictAsync(Stream.Null));
        Assert.StartsWith("(image of a stream): the file is empty", later.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_not_touched_without_a_pipeline()
    {
        _tuner.Pipeline = null;
        using var stream = new TrickleStream(File.ReadAllBytes(Photo));
        Assert.Contains(
            "no pipeline", Assert.Throws<InvalidOperationException>(() => _tuner.Predict(stream)).Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Taken);
    }

    [Fact]
    public async Task A_pipeline_that_changes_while_an_image_is_read_is_the_one_that_counts()
    {
        ImagePipeline other = Transforms.Vtab(3, new Normalization(0.1f, 0.9f));
        float[] expected = _tuner.Predict(other.ReadImage(Photo));
        int reads = 0;

        float[] actual = _tuner.ReadAndCompute(
            "Predict", () => _tuner.Pipeline!,
            pipeline =>
            {
                _tuner.Pipeline = other;
                reads++;
                return pipeline.ReadImage(Photo);
            },
            image => _tuner.Predict(image));

        Assert.Equal(2, reads);
        Assert.Equal(expected, actual);
        Assert.Equal(expected, await _tuner.PredictAsync(Photo));
    }

    /// <summary>Gives a few bytes at a time and does not say how many there are, as a pipe.</summary>
    private sealed class TrickleStream(byte[] content) : Stream
    {
        public int Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(Math.Min(7, count), content.Length - Taken);
            content.AsSpan(Taken, read).CopyTo(buffer.AsSpan(offset));
            Taken += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
