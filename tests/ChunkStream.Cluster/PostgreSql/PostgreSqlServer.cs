using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChunkStream.Tests;
using Npgsql;

namespace ChunkStream.Cluster.PostgreSql;

/// <summary>
/// A PostgreSQL server of the tests' own, from Debian's package, in a temporary folder, on a free port of the loopback, durable as in earnest.
/// Run by root, it runs as <c>postgres</c>, because PostgreSQL refuses to be root. It ends with this process, however this ends: the shell
/// that watches over it reads commands from a pipe, and the pipe's end is one.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    // The last answer of a command is an exclamation mark, so that the writer knows when it is done.
    private const string Watchman = """
        set -u
        dir=$(mktemp -d "${TMPDIR:-/tmp}/chunkstream-postgresql-XXXXXX") || exit 1
        trap 'rm -rf "$dir"' EXIT
        cd "$dir"
        "$BIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-instructions --no-sync >&2 || exit 1
        pid=
        start() { "$BIN/postgres" -D data -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=on >&2 & pid=$!; }
        start
        echo '!'
        while read -r command; do
          case $command in
            stop) kill -INT "$pid"; wait "$pid" ;;
            kill) kill -KILL "$pid" $(cat "/proc/$pid/task/$pid/children"); wait "$pid" ;;
            start) start ;;
          esac
          echo '!'
        done
        kill -QUIT "$pid" 2>/dev/null
        wait "$pid"
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<PostgreSqlServer> s_shared = new(() => new());

    private readonly Process _watchman;
    private readonly StringBuilder _log = new();
    private readonly int _port = FreePort.Next();

    /// <summary>Starts a server. Where that isn't possible the tests fail: PostgreSQL is what they are about.</summary>
    public PostgreSqlServer()
    {
        string bin = BinFolder();
        ProcessStartInfo start = new(Environment.IsPrivilegedProcess ? "setpriv" : "sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        string[] unprivileged = ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", "sh"];
        foreach (string argument in (string[])[.. Environment.IsPrivilegedProcess ? unprivileged : [], "-c", Watchman]) start.ArgumentList.Add(argument);
        (start.Environment["BIN"], start.Environment["PORT"]) = (bin, _port.ToString(CultureInfo.InvariantCulture));
        _watchman = Process.Start(start)!;
        _watchman.ErrorDataReceived += (_, line) =>
        {
            lock (_log) _log.AppendLine(line.Data);
        };
        _watchman.BeginErrorReadLine();
        WaitForAnswer();
        WaitUntilItAnswers();
    }

    /// <summary>The server of the whole run. Who stops or kills one starts another.</summary>
    public static PostgreSqlServer Shared => s_shared.Value;

    public int Port => _port;

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    /// <summary>The folder's database; made on first use.</summary>
    public PostgreSqlTestDatabase DatabaseFor(string folder, string further = "")
    {
        string name = Path.GetFileName(folder);
        try
        {
            Execute($"CREATE DATABASE \"{name}\"");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // The silo before has left it.
        }
        return new(this, name) { Further = further };
    }

    public void Execute(string sql)
    {
        using NpgsqlConnection connection = new(ConnectionString("postgres"));
        connection.Open();
#pragma warning disable CA2100 // The tests' own text.
        using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Stops it in order, as an operator does; sessions are cut.</summary>
    public void Stop() => Tell("stop");

    /// <summary>Kills it, as a failing machine does.</summary>
    public void Kill() => Tell("kill");

    public void Start()
    {
        Tell("start");
        WaitUntilItAnswers();
    }

    public void Dispose()
    {
        _watchman.StandardInput.Close();
        _watchman.WaitForExit(Limit);
        _watchman.Dispose();
    }

    private void Tell(string command)
    {
        _watchman.StandardInput.WriteLine(command);
        _watchman.StandardInput.Flush();
        WaitForAnswer();
    }

    private void WaitForAnswer()
    {
        if (_watchman.StandardOutput.ReadLineAsync().WaitAsync(Limit).GetAwaiter().GetResult() != "!") throw Unusable("It ended.");
    }

    private void WaitUntilItAnswers()
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                NpgsqlConnection.ClearAllPools();
                Execute("SELECT 1");
                return;
            }
            catch (NpgsqlException exception) when (Stopwatch.GetElapsedTime(started) > Limit || _watchman.HasExited)
            {
                throw Unusable(exception.Message);
            }
            catch (NpgsqlException)
            {
                Thread.Sleep(20);
            }
        }
    }

    private InvalidOperationException Unusable(string problem)
    {
        lock (_log) return new($"PostgreSQL doesn't run. {problem}\n{_log}");
    }

    // The newest that Debian's package has installed.
    private static string BinFolder()
    {
        const string versions = "/usr/lib/postgresql";
        string? version = Directory.Exists(versions)
            ? Directory.EnumerateDirectories(versions).Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")))
                .MaxBy(folder => double.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            : null;
        return version is null
            ? throw new InvalidOperationException($"There is no PostgreSQL below {versions}: install the package postgresql.")
            : Path.Combine(version, "bin");
    }
}
