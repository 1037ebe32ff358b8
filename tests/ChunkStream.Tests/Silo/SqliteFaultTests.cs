using System.Data.Common;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Tests.Grains;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Silo;

/// <summary>The embedded database in trouble while a transfer runs: what is told is true, and the transfer completes.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private TestSilo _silo = null!;
    private TransferOpening _opening = null!;

    public async Task InitializeAsync()
    {
        _silo = await TestSilo.StartAsync();
        _opening = await _silo.CreateAsync();
        (await Session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Ok();
    }

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_database_that_another_program_writes_to_is_waited_for()
    {
        Task<Outcome<SessionStatus>> recording;
        await using (DbConnection other = _silo.Database.Open())
        {
            Execute(other, "BEGIN IMMEDIATE");
            recording = Session.RecordCommittedAsync(Chunks((0, 2)));
            Assert.Equal(2, (await Session.GetAsync()).Ok().Committed.Count);
            // Reads of the database go on beside it: the grain of a transfer that isn't there asks for its state.
            (await _silo.Transfer(Guid.CreateVersion7()).GetAsync(Owner)).Refused(FailureCode.NotFound);
            Assert.False(recording.IsCompleted);
            Execute(other, "ROLLBACK");
        }
        (await recording).Ok();
        await CompletesAsync(committed: 3);
    }

    [Fact]
    public async Task A_database_that_refuses_to_be_written_loses_nothing_and_goes_on_when_it_may_be()
    {
        await using DbConnection other = _silo.Database.Open();
        // SQLite itself refuses, whoever runs the test: root may write to a file that is read-only.
        foreach (string what in (string[])["INSERT", "UPDATE", "DELETE"])
            Execute(other, $"CREATE TRIGGER no_{what} BEFORE {what} ON grain_state BEGIN SELECT RAISE(ABORT, 'read-only'); END");
        (await Session.RecordCommittedAsync(Chunks((0, 2)))).Refused(FailureCode.StoreFailed);
        (await _silo.Transfer(_opening.Transfer.Id).PauseAsync(Owner)).Refused(FailureCode.StoreFailed);
        (await _silo.Transfer(Guid.CreateVersion7()).CreateAsync(Send())).Refused(FailureCode.StoreFailed);
        Assert.Equal(2, (await Session.GetAsync()).Ok().Committed.Count);
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(_opening)).State);

        foreach (string what in (string[])["INSERT", "UPDATE", "DELETE"]) Execute(other, $"DROP TRIGGER no_{what}");
        await CompletesAsync(committed: 2);
    }

    private ISessionGrain Session => _silo.Session(_opening.Plan.SessionId);

    private async Task CompletesAsync(long committed)
    {
        Assert.Equal(committed, (await Session.GetAsync()).Ok().Committed.Count);
        (await Session.RecordCommittedAsync(DataChunks())).Ok();
        (await _silo.Transfer(_opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForAsync(_opening, TransferState.Completed);
        await _silo.WaitForListedAsync(_opening, TransferState.Completed);
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
