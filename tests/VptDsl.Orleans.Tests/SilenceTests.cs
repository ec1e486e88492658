namespace VptDsl.Orleans.Tests;

/// <summary>Protects whoever waits for a cluster from waiting without a word, and from hearing the same again and again.</summary>
public class SilenceTests
{
    [Fact]
    public void It_is_noticed_when_it_has_lasted_and_once_each_time()
    {
        var time = new SetTime();
        int told = 0;
        var silence = new Silence(time, TimeSpan.FromSeconds(30), () => told++);
        int After(double seconds)
        {
            time.Now += TimeSpan.FromSeconds(seconds);
            silence.Missed();
            return told;
        }

        Assert.Equal([0, 0, 1, 1], [After(10), After(19), After(1), After(100)]);
        silence.Heard();
        Assert.Equal([1, 2, 2], [After(29), After(1), After(1000)]);
    }

    [Fact]
    public void Nobody_needs_to_listen()
    {
        var time = new SetTime();
        var silence = new Silence(time, TimeSpan.Zero, noticed: null);
        silence.Missed();
        silence.Heard();
    }

    private sealed class SetTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
