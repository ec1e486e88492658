using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using VptDsl.Data;
using VptDsl.Tests.Weights;
using VptDsl.Training;
using VptDsl.Training.Logs;

namespace VptDsl.Tests.Training;

/// <summary>Logs say what the report says, are read by the tools they are for, and survive stops, other cultures and full disks.</summary>
public sealed class RunLogTests : IDisposable
{
    private static readonly IImageSource Train = ToySets.BrightRows(22, seed: 1), Validation = ToySets.BrightRows(10, seed: 2);

    private readonly TempFolder _folder = new();

    private FitOptions Options => new()
    {
        Epochs = 3,
        BatchSize = 6,
        Seed = 5,
        Progress = ProgressDisplay.Off,
        LogEverySteps = 3,
        Logs =
        [
            new CsvLog(_folder.Path("run.csv")), new JsonLinesLog(_folder.Path("run.jsonl")), new TensorBoardLog(_folder.Path("board")),
        ],
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_log_has_every_number_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.OfOtherSigns;
        try
        {
            FitReport report = Fit(Options);

            string[] lines = File.ReadAllLines(_folder.Path("run.csv"));
            Assert.Equal("step,name,value", lines[0]);
            Assert.Equal(Expected(report), Numbers(lines[1..]));
            Assert.Equal(Expected(report), Json());
            Assert.Equal(Expected(report).Select(e => (e.Step, e.Name, (double)(float)e.Value)), Board());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(60)]
    public void A_killed_run_goes_on_in_its_logs_as_if_nothing_had_happened(int images)
    {
        FitReport report = Fit(Options with { Logs = [] });
        FitOptions saved = Options with { Checkpoint = new Checkpoint(_folder.Path("run.checkpoint")) { EverySteps = 5 } };
        Assert.Throws<DeathException>(() => Fit(saved, new DyingSource(Train, images)));
        File.AppendAllText(_folder.Path("run.csv"), "99,train/lo");
        File.AppendAllText(_folder.Path("run.jsonl"), "{\"step\":99,\"tr");

        Fit(saved);

        Assert.Equal(Timeless(Expected(report)), Timeless(Numbers(File.ReadAllLines(_folder.Path("run.csv"))[1..])));
        Assert.Equal(Timeless(Expected(report)), Timeless(Json()));
        Assert.Equal(Timeless(Expected(report)).Select(e => (e.Step, e.Name, (double)(float)e.Value)), Timeless(Board()));
    }

    [Fact]
    public void An_epoch_that_was_logged_and_saved_is_neither_judged_nor_logged_again()
    {
        string[] files = ["run.checkpoint", "run.csv", "run.jsonl"];
        FitReport report = Fit(Options with { Logs = [] });
        FitOptions saved = Options with
        {
            Logs = [new CsvLog(_folder.Path("run.csv")), new JsonLinesLog(_folder.Path("run.jsonl"))],
            Checkpoint = new Checkpoint(_folder.Path("run.checkpoint")) { EverySteps = 4 },
        };
        // What a kill would leave, at the end of an epoch whose last step was to be saved.
        Fit(saved with
        {
            EpochCompleted = epoch =>
            {
                if (epoch.Epoch == 2)
                    Array.ForEach(files, file => File.Copy(_folder.Path(file), _folder.Path($"{file}.left")));
            },
        });
        Array.ForEach(files, file => File.Move(_folder.Path($"{file}.left"), _folder.Path(file), overwrite: true));
        var judged = new List<int>();

        Fit(saved with { EpochCompleted = epoch => judged.Add(epoch.Epoch) });

        Assert.Equal([3], judged);
        Assert.Equal(Timeless(Expected(report)), Timeless(Numbers(File.ReadAllLines(_folder.Path("run.csv"))[1..])));
        Assert.Equal(Timeless(Expected(report)), Timeless(Json()));
    }

    [Fact]
    public void A_file_of_something_else_is_not_touched()
    {
        foreach (string name in new[] { "run.csv", "run.jsonl" })
        {
            File.WriteAllText(_folder.Path(name), "name;age\nAda;36\n");
            IRunLog log = name == "run.csv" ? new CsvLog(_folder.Path(name)) : new JsonLinesLog(_folder.Path(name));

            string message = Assert.Throws<IOException>(() => Fit(Options with { Logs = [log] })).Message;

            Assert.Contains("is no log of this kind", message, StringComparison.Ordinal);
            Assert.Equal("name;age\nAda;36\n", File.ReadAllText(_folder.Path(name)));
        }
    }

    [Fact]
    public void A_log_of_which_a_crash_left_a_piece_of_a_line_is_begun_anew()
    {
        File.WriteAllText(_folder.Path("run.csv"), "step,name,value");
        File.WriteAllText(_folder.Path("run.jsonl"), "{\"step\":4,\"tra");

        FitReport report = Fit(Options);

        Assert.Equal(Expected(report), Numbers(File.ReadAllLines(_folder.Path("run.csv"))[1..]));
        Assert.Equal(Expected(report), Json());
    }

    [Fact]
    public void A_log_that_fails_is_a_warning_and_the_run_goes_on()
    {
        FitReport plain = Fit(Options with { Logs = [] });
        FitReport report = Fit(Options with { Logs = [new FailingLog()] });

        Assert.Contains("could not be written: no space left. The run goes on without it.", Assert.Single(report.Warnings));
        Assert.Equal(plain.Epochs[^1].ValidationLoss, report.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Names_and_numbers_of_any_kind_are_written()
    {
        var csv = new CsvLog(_folder.Path("odd.csv"));
        var json = new JsonLinesLog(_folder.Path("odd.jsonl"));
        foreach (IRunLog log in new IRunLog[] { csv, json })
        {
            log.Begin(0);
            log.Log(1, [new("a,\"b\"\nc ü", double.NaN), new("d", double.Epsilon), new("e", double.NegativeInfinity)]);
            log.End();
        }

        Assert.Equal("step,name,value\n1,\"a,\"\"b\"\" c ü\",NaN\n1,d,5E-324\n1,e,-Infinity\n", File.ReadAllText(csv.Path));
        using var line = JsonDocument.Parse(File.ReadAllText(json.Path));
        Assert.Equal(JsonValueKind.Null, line.RootElement.GetProperty("a,\"b\"\nc ü").ValueKind);
        Assert.Equal(double.Epsilon, line.RootElement.GetProperty("d").GetDouble());
    }

    /// <summary>The check of RFC 3720, appendix B.4, masked as TensorFlow masks it.</summary>
    [Fact]
    public void Records_are_checked_by_Castagnolis_polynomial()
    {
        uint Masked(uint check) => unchecked(((check >> 15) | (check << 17)) + 0xA282EAD8);

        Assert.Equal(Masked(0x8A9136AA), RecordFrame.Check(new byte[32]));
        Assert.Equal(Masked(0x62A8AB43), RecordFrame.Check(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(Masked(0x46DD794E), RecordFrame.Check([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(Masked(0xE3069283), RecordFrame.Check("123456789"u8));
    }

    [Fact]
    public void Listeners_of_metrics_hear_of_steps_and_epochs()
    {
        var heard = new List<(string Instrument, double Value)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == TrainingMetrics.MeterName)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        listener.Start();

        Fit(Options with { Logs = [] });

        Assert.Equal(3 * 22, heard.Where(h => h.Instrument == "vptdsl.training.images").Sum(h => h.Value));
        Assert.Equal(3 * 4, heard.Count(h => h.Instrument == "vptdsl.training.loss"));
        Assert.Equal(3, heard.Count(h => h.Instrument == "vptdsl.training.validation.accuracy"));

        // Other tests train meanwhile.
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != 1 || (string?)tags[0].Value != "Logged")
                return;
            lock (heard)
            {
                heard.Add((instrument.Name, value));
            }
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Contains("LogEverySteps", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(Options with { LogEverySteps = 0 })).Message);
        Assert.Contains("Logs[0]", Assert.Throws<ArgumentNullException>(() => Fit(Options with { Logs = [null!] })).Message);
        Assert.Throws<ArgumentException>(() => new CsvLog(" "));
        Assert.Throws<ArgumentException>(() => new TensorBoardLog(""));
        Assert.Throws<InvalidOperationException>(() => new TensorBoardLog("a").Log(1, []));
    }

    private static IEnumerable<(int Step, string Name, double Value)> Timeless(
        IEnumerable<(int Step, string Name, double Value)> numbers) => numbers.Where(n => n.Name != "train/images_per_second");

    /// <summary>What a report, and the schedule, say should be there.</summary>
    private static List<(int Step, string Name, double Value)> Expected(FitReport report)
    {
        var expected = new List<(int, string, double)>();
        foreach (EpochReport epoch in report.Epochs)
        {
            int step = 4 * epoch.Epoch;
            expected.AddRange(Steps.Where(s => s.Step > step - 4 && s.Step <= step));
            expected.Add((step, "epoch", epoch.Epoch));
            expected.Add((step, "train/loss", epoch.TrainLoss));
            expected.Add((step, "train/accuracy", epoch.TrainAccuracy));
            expected.Add((step, "train/images_per_second", epoch.ImagesPerSecond));
            expected.Add((step, "validation/loss", epoch.ValidationLoss!.Value));
            expected.Add((step, "validation/accuracy", epoch.ValidationAccuracy!.Value));
        }

        return expected;
    }

    // Of a run's steps, what Recorder saw of the same run.
    private static (int Step, string Name, double Value)[] Steps { get; } = RecordSteps();

    private static (int Step, string Name, double Value)[] RecordSteps()
    {
        var recorder = new Recorder();
        using var program = new SoftmaxRegression(3, 3);
        Trainer.Fit(program, Train, Validation, new FitOptions
        {
            Epochs = 3,
            BatchSize = 6,
            Seed = 5,
            Progress = ProgressDisplay.Off,
            LogEverySteps = 3,
            Logs = [recorder],
        });
        Assert.Equal([3, 6, 9, 12], recorder.Numbers.Where(n => n.Name == "train/step_loss").Select(n => n.Step));
        return [.. recorder.Numbers.Where(n => n.Name is "train/step_loss" or "train/learning_rate")];
    }

    private static List<(int, string, double)> Numbers(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => line.Split(',')).Select(parts => (
            int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], double.Parse(parts[2], CultureInfo.InvariantCulture))),
    ];

    private List<(int, string, double)> Json()
    {
        var numbers = new List<(int, string, double)>();
        foreach (string line in File.ReadAllLines(_folder.Path("run.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            int step = document.RootElement.GetProperty("step").GetInt32();
            numbers.AddRange(document.RootElement.EnumerateObject().Skip(1).Select(p => (step, p.Name, p.Value.GetDouble())));
        }

        return numbers;
    }

    /// <summary>Reads event files as TensorBoard does: in their order, and a start forgets what is older of its steps.</summary>
    private List<(int, string, double)> Board()
    {
        var numbers = new List<(int Step, string, double)>();
        foreach (string file in Directory.GetFiles(_folder.Path("board")).Order(StringComparer.Ordinal))
        {
            ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
            bool isFirst = true;
            while (!rest.IsEmpty)
            {
                int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
                Assert.Equal(RecordFrame.Check(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
                ReadOnlySpan<byte> content = rest.Slice(12, length);
                Assert.Equal(RecordFrame.Check(content), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
                rest = rest[(16 + length)..];
                ILookup<int, object> message = ProtobufReader.Read(content);
                Assert.InRange((double)message[1].Single(), 1.7e9, 1e11);
                if (isFirst)
                    Assert.Equal("brain.Event:2", Encoding.UTF8.GetString((byte[])message[3].Single()));
                isFirst = false;
                int step = message[2].Select(value => (int)(ulong)value).SingleOrDefault();
                if (message.Contains(7))
                    numbers.RemoveAll(n => n.Step >= step);
                foreach (byte[] summary in message[5].Cast<byte[]>())
                {
                    foreach (byte[] entry in ProtobufReader.Read(summary)[1].Cast<byte[]>())
                    {
                        ILookup<int, object> value = ProtobufReader.Read(entry);
                        numbers.Add((step, Encoding.UTF8.GetString((byte[])value[1].Single()), (float)value[2].Single()));
                    }
                }
            }
        }

        return numbers;
    }

    private static FitReport Fit(FitOptions options, IImageSource? train = null)
    {
        using var program = new SoftmaxRegression(3, 3, name: "Logged");
        return Trainer.Fit(program, train ?? Train, Validation, options);
    }

    private sealed class Recorder : IRunLog
    {
        public List<(int Step, string Name, double Value)> Numbers { get; } = [];

        public void Begin(int step)
        {
        }

        public void Log(int step, IReadOnlyList<LoggedValue> values) => Numbers.AddRange(values.Select(v => (step, v.Name, v.Value)));

        public void End()
        {
        }
    }

    private sealed class FailingLog : IRunLog
    {
        public void Begin(int step)
        {
        }

        public void Log(int step, IReadOnlyList<LoggedValue> values) => throw new IOException("no space left.");

        public void End()
        {
        }
    }

    /// <summary>Reads fields as protobuf's documentation describes them.</summary>
    private static class ProtobufReader
    {
        public static ILookup<int, object> Read(ReadOnlySpan<byte> message)
        {
            var fields = new List<(int Field, object Value)>();
            for (int at = 0; at < message.Length;)
            {
                ulong key = Variable(message, ref at);
                fields.Add(((int)(key >> 3), (key & 7) switch
                {
                    0 => Variable(message, ref at),
                    1 => BinaryPrimitives.ReadDoubleLittleEndian(Next(message, ref at, 8)),
                    2 => Next(message, ref at, (int)Variable(message, ref at)).ToArray(),
                    5 => BinaryPrimitives.ReadSingleLittleEndian(Next(message, ref at, 4)),
                    var type => throw new InvalidDataException($"Wire type {type}."),
                }));
            }

            return fields.ToLookup(field => field.Field, field => field.Value);
        }

        private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> message, ref int at, int count)
        {
            ReadOnlySpan<byte> bytes = message.Slice(at, count);
            at += count;
            return bytes;
        }

        private static ulong Variable(ReadOnlySpan<byte> message, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                    return value;
            }
        }
    }
}
