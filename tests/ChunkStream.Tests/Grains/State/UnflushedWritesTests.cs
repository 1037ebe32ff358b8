using System.Data.Common;
using System.Globalization;
using ChunkStream.Grains.State;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChunkStream.Tests.Grains.State;

/// <summary>Writes that don't wait for the disk, on connections that others use after them, whose writes do.</summary>
public sealed class UnflushedWritesTests : IAsyncLifetime
{
    private static readonly (string Query, string Waits, string DoesNot) s_setting = TestDatabases.ArePostgreSql
        ? ("SELECT current_setting('synchronous_commit')", "on", "off")
        : ("PRAGMA synchronous", "2", "1");

    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_write_does_without_the_flush_and_none_after_it_does()
    {
        DbDataSource database = _silo.Host.Services.GetRequiredService<DbDataSource>();
        string unflushed = _silo.Host.Services.GetRequiredService<UnflushedWrites>().Before;
        // The pool hands out the same few connections again and again.
        for (int i = 0; i < 50; i++)
        {
            await using DbConnection connection = await database.OpenConnectionAsync();
            Assert.Equal(s_setting.Waits, await LastAsync(connection, s_setting.Query));
            Assert.Equal(s_setting.DoesNot, await LastAsync(connection, $"{unflushed} {s_setting.Query}"));
        }
    }

    private static async Task<string?> LastAsync(DbConnection connection, string sql)
    {
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        string? last = null;
        do
            while (await reader.ReadAsync()) last = Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture);
        while (await reader.NextResultAsync());
        return last;
    }
}
