using System.Data.Common;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Core.Failures;
using ChunkStream.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Cluster;

/// <summary>
/// The database in trouble while a transfer runs. What the grain says is true, nothing that was told as committed is missing afterwards, and the
/// transfer completes.
/// </summary>
public sealed class DatabaseFaultTests(FaultyServer faulty) : IClassFixture<FaultyServer>, IAsyncLifetime
{
    private readonly PostgreSqlServer _server = faulty.Server;
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-faults-").FullName;
    private PostgreSqlTestDatabase _database = null!;
    private TestSilo _silo = null!;
    private TransferOpening _opening = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        _database.Delete();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_is_stopped_or_killed_and_comes_back(bool killed)
    {
        await StartAsync();
        if (killed) _server.Kill();
        else _server.Stop();
        (await Session.RecordCommittedAsync(Chunks((0, 2)))).Refused(FailureCode.StoreFailed);
        (await _silo.Transfer(_opening.Transfer.Id).PauseAsync(Owner)).Refused(FailureCode.StoreFailed);
        // What isn't known isn't answered.
        (await Session.GetAsync()).Refused(FailureCode.StoreFailed);

        _server.Start();
        await CompletesAsync(committed: 2);
    }

    [Fact]
    public async Task Sessions_that_are_cut_are_opened_again()
    {
        await StartAsync();
        CutSessions();
        await Eventually.GetAsync("a write to go through", () => Session.RecordCommittedAsync(Chunks((0, 2))), outcome => outcome.IsOk);
        await CompletesAsync(committed: 3);
    }

    [Fact]
    public async Task A_slow_database_is_waited_for()
    {
        await StartAsync();
        Task<Abstractions.Outcome<SessionStatus>> recording;
        await using (Block())
        {
            recording = Session.RecordCommittedAsync(Chunks((0, 2)));
            await WaitUntilItWaitsAsync();
            Assert.False(recording.IsCompleted);
            // Reads of what is true so far don't wait for the write.
            Assert.Equal(2, (await Session.GetAsync()).Ok().Committed.Count);
        }
        (await recording).Ok();
        await CompletesAsync(committed: 3);
    }

    [Fact]
    public async Task A_write_that_the_database_does_not_finish_in_time_is_refused_and_comes_again()
    {
        await StartAsync("Command Timeout=2");
        await using (Block())
            (await Session.RecordCommittedAsync(Chunks((0, 2)))).Refused(FailureCode.StoreFailed);
        await CompletesAsync(committed: 2);
    }

    [Fact]
    public async Task A_read_only_database_refuses_what_changes_and_answers_the_rest()
    {
        await StartAsync();
        string name = Path.GetFileName(_folder);
        _server.Execute($"ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
        CutSessions();
        await Eventually.GetAsync("a write to be refused", () => Session.RecordCommittedAsync(Chunks((0, 2))), outcome => !outcome.IsOk);
        await Eventually.GetAsync("what is stored to be read", () => Session.GetAsync(), session => session.Value?.Committed.Count == 2);
        (await _silo.Transfer(_opening.Transfer.Id).PauseAsync(Owner)).Refused(FailureCode.StoreFailed);

        _server.Execute($"ALTER DATABASE \"{name}\" RESET default_transaction_read_only");
        CutSessions();
        await CompletesAsync(committed: 2);
    }

    [Fact]
    public async Task A_silo_without_a_free_connection_refuses_and_goes_on_when_there_is_one()
    {
        await StartAsync("Maximum Pool Size=4;Timeout=1");
        DbDataSource source = _silo.Host.Services.GetRequiredService<DbDataSource>();
        List<DbConnection> taken = [];
        for (int i = 0; i < 4; i++)
            taken.Add(await Eventually.GetAsync<DbConnection?>("a connection", async () =>
            {
                try
                {
                    return await source.OpenConnectionAsync();
                }
                catch (DbException)
                {
                    return null;
                }
            }, connection => connection is not null) ?? throw new InvalidOperationException());
        (await Session.RecordCommittedAsync(Chunks((0, 2)))).Refused(FailureCode.StoreFailed);
        foreach (DbConnection connection in taken) await connection.DisposeAsync();
        await CompletesAsync(committed: 2);
    }

    [Fact]
    public async Task A_write_that_took_effect_though_its_answer_was_lost_is_true_and_comes_again_without_harm()
    {
        using DeafRelay relay = new(_server.Port);
        await StartAsync($"Port={relay.Port}");
        relay.Arm("session");
        (await Session.RecordCommittedAsync(Chunks((0, 2)))).Refused(FailureCode.StoreFailed);
        Assert.Equal(1, relay.Swallowed);
        // Not told, and there.
        Assert.Equal(3, (await Eventually.GetAsync("the session to be read", () => Session.GetAsync(), outcome => outcome.IsOk)).Ok().Committed.Count);

        relay.Arm("transfer");
        (await _silo.Transfer(_opening.Transfer.Id).PauseAsync(Owner)).Refused(FailureCode.StoreFailed);
        Assert.Equal(2, relay.Swallowed);
        await _silo.WaitForAsync(_opening, TransferState.Paused);
        await Eventually.GetAsync("the transfer to go on", () => _silo.Transfer(_opening.Transfer.Id).ResumeAsync(Owner), outcome => outcome.IsOk);
        await CompletesAsync(committed: 3);
    }

    [Fact]
    public async Task Of_two_activations_one_writes_and_the_other_is_refused_and_finds_what_is_true()
    {
        await StartAsync();
        // A silo that doesn't see the other one, as when a network is split: the same states, a membership of its own.
        string folder = Directory.CreateTempSubdirectory("chunkstream-split-").FullName;
        await using TestSilo split = await TestSilo.StartAsync(folder, database: _database, clusterId: "split");
        ISessionGrain theirs = split.Session(_opening.Plan.SessionId);
        (await theirs.RecordCommittedAsync(Chunks((0, 2)))).Ok();
        (await Session.RecordCommittedAsync(Chunks((0, 3)))).Refused(FailureCode.StoreFailed);
        Assert.Equal(3, (await Session.GetAsync()).Ok().Committed.Count);

        ITransferGrain transfer = _silo.Transfer(_opening.Transfer.Id), theirTransfer = split.Transfer(_opening.Transfer.Id);
        (await theirTransfer.GetAsync(Owner)).Ok();
        Assert.Equal(TransferState.Paused, (await transfer.PauseAsync(Owner)).Ok().State);
        (await theirTransfer.CancelAsync(Owner)).Refused(FailureCode.StoreFailed);
        Assert.Equal(TransferState.Paused, (await theirTransfer.GetAsync(Owner)).Ok().State);

        await split.StopAsync();
        (await transfer.ResumeAsync(Owner)).Ok();
        await CompletesAsync(committed: 3);
        Directory.Delete(folder, recursive: true);
    }

    private ISessionGrain Session => _silo.Session(_opening.Plan.SessionId);

    // A transfer, and two chunks of it that were told as committed.
    private async Task StartAsync(string further = "")
    {
        _database = _server.DatabaseFor(_folder, further);
        _silo = await TestSilo.StartAsync(_folder, database: _database);
        _opening = await _silo.CreateAsync();
        (await Session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Ok();
    }

    private async Task CompletesAsync(long committed)
    {
        SessionInfo session = (await Eventually.GetAsync("the session to be read", () => Session.GetAsync(), outcome => outcome.IsOk)).Ok();
        Assert.Equal(committed, session.Committed.Count);
        Assert.True(session.Committed.Contains(new(0, 0)) && session.Committed.Contains(new(0, 1)));
        await Eventually.GetAsync("the rest to be recorded", () => Session.RecordCommittedAsync(DataChunks()), outcome => outcome.IsOk);
        await Eventually.GetAsync("the transfer to take its end", () => _silo.Transfer(_opening.Transfer.Id).CompleteAsync(Owner, Hash(1)), outcome => outcome.IsOk);
        await _silo.WaitForAsync(_opening, TransferState.Completed);
        await _silo.WaitForListedAsync(_opening, TransferState.Completed);
    }

    // Holds up every write of a state until it is disposed, and no read.
    private DbConnection Block()
    {
        DbConnection connection = _database.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE grain_state IN SHARE MODE";
        command.ExecuteNonQuery();
        return connection;
    }

    private Task WaitUntilItWaitsAsync() => Eventually.TrueAsync("a write to wait for the lock", () => _database.Query(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").Count > 0);

    private void CutSessions() => _server.Execute(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Path.GetFileName(_folder)}'");
}
