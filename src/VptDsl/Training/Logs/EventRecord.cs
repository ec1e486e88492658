namespace VptDsl.Training.Logs;

/// <summary>The few fields of TensorFlow's <c>Event</c> message that scalars need, in protobuf's wire format.</summary>
internal static class EventRecord
{
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7;
    private const int Values = 1, Tag = 1, SimpleValue = 2, Status = 1;
    private const int Started = 1;

    /// <summary>What a file begins with.</summary>
    public static byte[] Version(double wallTime) => Event(wallTime, message => message.Text(FileVersion, "brain.Event:2"));

    /// <summary>The run begins, or goes on, with a step: events of it and later ones in older files are out of date.</summary>
    public static byte[] Start(double wallTime, int step) => Event(wallTime, message =>
    {
        message.Number(Step, step);
        message.Message(SessionLog, session => session.Number(Status, Started));
    });

    /// <summary>Numbers of a step.</summary>
    public static byte[] Scalars(double wallTime, int step, IReadOnlyList<LoggedValue> values) => Event(wallTime, message =>
    {
        message.Number(Step, step);
        message.Message(Summary, summary =>
        {
            foreach ((string name, double value) in values)
            {
                summary.Message(Values, entry =>
                {
                    entry.Text(Tag, name);
                    entry.Single(SimpleValue, (float)value);
                });
            }
        });
    });

    private static byte[] Event(double wallTime, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        message.Double(WallTime, wallTime);
        write(message);
        return message.ToArray();
    }
}
