using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VptDsl.Orleans.Tests;

/// <summary>A real store of a cluster on this machine: a folder, Redis or PostgreSQL, of the test's own and on a port of its own.</summary>
internal sealed class StoreServer : IDisposable
{
    private readonly ClusterStore _store;
    private readonly string _folder;
    private readonly string _address;
    private readonly int _port = FreePort();
    private Process? _process;

    private StoreServer(ClusterStore store, string folder, string address) => (_store, _folder, _address) = (store, folder, address);

    /// <summary>
    /// Starts a store, or skips the test, visibly, where it is not installed; the build server installs it, so there it fails.
    /// </summary>
    /// <param name="store">Which.</param>
    /// <param name="folder">Where it keeps what it has.</param>
    /// <param name="address">The address of this machine that it listens on.</param>
    public static StoreServer Start(ClusterStore store, string folder, string address = "127.0.0.1")
    {
        var server = new StoreServer(store, folder, address);
        string? program = server.Program();
        Assert.True(store == ClusterStore.Folder || program is not null || !VptDsl.Testing.TestTier.IsBuildServer,
            $"{store} is missing: install redis-server and postgresql.");
        Skip.If(store != ClusterStore.Folder && program is null, $"This machine has no {store} (Debian: redis-server, postgresql).");
        if (store == ClusterStore.PostgreSql)
            server.Initialize();
        server.Start();
        return server;
    }

    /// <summary>The file of the cluster's settings.</summary>
    public string Settings(double deadAfterSeconds)
    {
        string connection = _store switch
        {
            ClusterStore.Redis => $"{_address}:{_port},abortConnect=false,connectTimeout=2000",
            ClusterStore.PostgreSql => $"Host={_address};Port={_port};Username=postgres;Database=postgres;Timeout=5",
            _ => "",
        };
        string path = Path.Combine(_folder, "cluster.json");
        File.WriteAllText(path, string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            { "store": "{{_store}}", "folder": "store", "connection": "{{connection}}", "deadAfterSeconds": {{deadAfterSeconds}} }
            """));
        return path;
    }

    /// <summary>Kills the server and starts it anew, with what it has on the disk.</summary>
    public void Restart()
    {
        if (_process is null)
            return;
        Stop();
        Start();
    }

    public void Dispose()
    {
        if (_process is not null)
            Stop();
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    private string? Program() => _store switch
    {
        ClusterStore.Redis => Find("redis-server", "/usr/bin"),
        ClusterStore.PostgreSql => Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Find("postgres", Path.Combine(version, "bin"))).Max()
            : null,
        _ => null,
    };

    private void Start()
    {
        string port = _port.ToString(CultureInfo.InvariantCulture);
        switch (_store)
        {
            case ClusterStore.Redis:
                Directory.CreateDirectory(Data);
                _process = Run(
                    false, Program()!, "--port", port, "--bind", _address, "--protected-mode", "no", "--dir", Data, "--appendonly", "yes",
                    "--appendfsync", "always", "--save", "");
                break;
            case ClusterStore.PostgreSql:
                // What a killed server leaves there.
                File.Delete(Path.Combine(Data, "postmaster.pid"));
                _process = Run(IsRoot, Program()!, "-D", Data, "-p", port, "-c", $"listen_addresses={_address}", "-k", Data);
                break;
            default:
                return;
        }

        WaitForPort();
    }

    private void Stop()
    {
        // Redis dies as it is; PostgreSQL's children would hold its memory, so it stops at once and recovers.
        if (_store == ClusterStore.PostgreSql)
        {
            string control = Path.Combine(Path.GetDirectoryName(Program()!)!, "pg_ctl");
            using Process stop = Run(IsRoot, control, "-D", Data, "-m", "immediate", "stop");
            stop.WaitForExit();
        }
        else
        {
            _process!.Kill();
        }

        _process!.WaitForExit();
        _process.Dispose();
    }

    private void Initialize()
    {
        Directory.CreateDirectory(Data);
        if (IsRoot)
        {
            // PostgreSQL does not run as root.
            using Process own = Run(false, "chown", "postgres", Data);
            own.WaitForExit();
            using Process open = Run(false, "chmod", "a+rx", _folder);
            open.WaitForExit();
        }

        using Process initialize = Run(
            IsRoot, Path.Combine(Path.GetDirectoryName(Program()!)!, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "--no-sync",
            "--locale=C");
        initialize.WaitForExit();
        Assert.Equal(0, initialize.ExitCode);
    }

    private static Process Run(bool asPostgres, string program, params string[] arguments)
    {
        string[] command = [program, .. arguments];
        if (asPostgres)
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command];
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void WaitForPort()
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(_address, _port);
                return;
            }
            catch (SocketException) when (tries < 6000 && !_process!.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static string? Find(string program, string folder) =>
        File.Exists(Path.Combine(folder, program)) ? Path.Combine(folder, program) : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
