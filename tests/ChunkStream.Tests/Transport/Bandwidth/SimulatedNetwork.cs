namespace ChunkStream.Tests.Transport.Bandwidth;

/// <summary>A network that shares its capacity evenly between the transfers that have something on the wire, as congestion control does.</summary>
internal sealed class SimulatedNetwork(SteppedTime time, double bytesPerSecond)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    public double BytesPerSecond { get; set; } = bytesPerSecond;

    /// <summary>Runs for so long; what each transfer got of the bytes meanwhile, and how many those were a second.</summary>
    public (double[] Shares, double BytesPerSecond) Run(TimeSpan length, params SimulatedSender[] senders)
    {
        double[] before = [.. senders.Select(sender => sender.TakenBytes)];
        for (TimeSpan passed = TimeSpan.Zero; passed < length; passed += Step)
        {
            foreach (SimulatedSender sender in senders) sender.Ask();
            double left = BytesPerSecond * Step.TotalSeconds;
            SimulatedSender[] busy = [.. senders.Where(sender => sender.OnTheWire > 0).OrderBy(sender => sender.OnTheWire)];
            for (int i = 0; i < busy.Length; i++)
            {
                // Who needs less than an even share leaves the rest to the others.
                double part = Math.Min(busy[i].OnTheWire, left / (busy.Length - i));
                left -= part;
                busy[i].Take(part);
            }
            time.Advance(Step);
        }
        double[] taken = [.. senders.Select((sender, i) => sender.TakenBytes - before[i])];
        return ([.. taken.Select(bytes => bytes / taken.Sum())], taken.Sum() / length.TotalSeconds);
    }
}
