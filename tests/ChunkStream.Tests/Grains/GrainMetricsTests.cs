using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ChunkStream.Abstractions.Transfers;
using Xunit;

namespace ChunkStream.Tests.Grains;

[Collection(SharedSiloTests.Name)]
public sealed class GrainMetricsTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task Transfers_and_commits_are_counted_and_labels_have_no_ids()
    {
        ConcurrentBag<(string Name, double Value, string Tags)> measured = [];
        using MeterListener listener = new() { InstrumentPublished = Enable };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add((instrument.Name, value, Describe(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add((instrument.Name, value, Describe(tags))));
        listener.Start();

        TransferOpening completed = await _silo.CreateCompletedAsync();
        TransferOpening cancelled = await _silo.CreateAsync();
        (await _silo.Transfer(cancelled.Transfer.Id).CancelAsync(TestFiles.Owner)).Ok();

        Assert.Contains(("chunkstream.transfers.started", 1, "direction=send"), measured);
        Assert.Contains(("chunkstream.transfers.completed", 1, "direction=send"), measured);
        Assert.Contains(("chunkstream.transfers.failed", 1, "code=cancelled,direction=send"), measured);
        Assert.Contains(("chunkstream.transfers.active", 1, "state=transferring"), measured);
        Assert.Contains(("chunkstream.transfers.active", -1, "state=transferring"), measured);
        Assert.Contains(("chunkstream.session.commit.chunks", 5, ""), measured);
        Assert.Contains(measured, measurement => measurement.Name == "chunkstream.state.write.duration" && measurement.Tags == "state=session");
        foreach (Guid id in new[] { completed.Transfer.Id, completed.Plan.FileId, cancelled.Transfer.Id })
            Assert.DoesNotContain(measured, measurement => measurement.Tags.Contains(id.ToString()[..8], StringComparison.OrdinalIgnoreCase));
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "ChunkStream") listener.EnableMeasurementEvents(instrument);
    }

    private static string Describe(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
}
