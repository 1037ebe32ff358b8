using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class IntegrityCheckLogTests
{
    [Fact]
    public async Task Records_come_back_in_the_order_in_which_they_were_added()
    {
        using var log = new MemoryStream();
        IntegrityCheckRecord[] records = [Record(1), Record(2), Record(3)];
        foreach (IntegrityCheckRecord record in records) await IntegrityCheckLog.AppendAsync(log, record);
        Assert.Equal(records, await ReadAsync(log));
        Assert.Empty(await ReadAsync(new MemoryStream()));
    }

    [Fact]
    public async Task Any_flipped_bit_spoils_its_own_record_only()
    {
        using var log = new MemoryStream();
        for (int i = 0; i < 3; i++) await IntegrityCheckLog.AppendAsync(log, Record(i));
        for (int bit = 0; bit < IntegrityCheckRecord.StoredBytes * 8; bit++)
        {
            byte[] bytes = log.ToArray();
            bytes[IntegrityCheckRecord.StoredBytes + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal([Record(0), null, Record(2)], await ReadAsync(new MemoryStream(bytes)));
        }
    }

    [Fact]
    public async Task A_record_that_was_cut_short_is_overwritten()
    {
        using var log = new MemoryStream();
        await IntegrityCheckLog.AppendAsync(log, Record(1));
        await log.WriteAsync(Record(2).ToBytes().AsMemory(0, 100));
        Assert.Equal([Record(1)], await ReadAsync(log));
        await IntegrityCheckLog.AppendAsync(log, Record(3));
        Assert.Equal([Record(1), Record(3)], await ReadAsync(log));
    }

    private static IntegrityCheckRecord Record(int number) => new(
        IntegritySubject.File, new Guid(number, 0, 0, new byte[8]), null, DateTimeOffset.UnixEpoch.AddDays(number), number, number,
        Blake3.Hash([(byte)number]), Blake3.Hash([(byte)number]));

    private static async Task<List<IntegrityCheckRecord?>> ReadAsync(Stream log)
    {
        List<IntegrityCheckRecord?> records = [];
        await foreach (IntegrityCheckRecord? record in IntegrityCheckLog.ReadAsync(log)) records.Add(record);
        return records;
    }
}
