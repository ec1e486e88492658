using System.Diagnostics;
using Npgsql;

namespace VptDsl.Orleans.Stores;

/// <summary>Makes the tables in which Orleans keeps members and grains in PostgreSQL, where they are missing.</summary>
internal static class PostgreSqlTables
{
    // Silos that start together wait for each other: "IF NOT EXISTS" alone is no protection.
    private const long Lock = 0x5650_5444_534c;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>A connection that finds the tables, which are in a schema of their own.</summary>
    /// <exception cref="InvalidOperationException">This is no connection of PostgreSQL.</exception>
    public static string Connection(string stated)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(stated) { SearchPath = "vptdsl" }.ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Makes them.</summary>
    /// <param name="connection">What <see cref="Connection"/> gave.</param>
    /// <exception cref="InvalidOperationException">The database cannot be reached, or does not allow it.</exception>
    public static void Make(string connection)
    {
        long start = Stopwatch.GetTimestamp();
        while (!TryMake(connection, isLast: Stopwatch.GetElapsedTime(start) > Patience))
            Thread.Sleep(Pause);
    }

    private static bool TryMake(string connection, bool isLast)
    {
        try
        {
            using NpgsqlConnection database = new(connection);
            database.Open();
            using NpgsqlTransaction transaction = database.BeginTransaction();
            string take = FormattableString.Invariant($"SELECT pg_advisory_xact_lock({Lock})");
            using var command = new NpgsqlCommand(take, database, transaction);
            command.ExecuteNonQuery();
            command.CommandText = Script();
            command.ExecuteNonQuery();
            transaction.Commit();
            return true;
        }
        catch (NpgsqlException e) when (e.IsTransient && !isLast)
        {
            // It is being started, as silos may be at the same time.
            return false;
        }
        catch (NpgsqlException e)
        {
            throw Unusable(e);
        }
    }

    // The connection itself is not said: it may have a password.
    private static InvalidOperationException Unusable(Exception e) => new(
        $"PostgreSQL cannot keep the cluster: {e.Message.TrimEnd('.')}. Say a connection such as "
        + "\"Host=db;Username=vpt;Password=…;Database=vpt\", of a user who may make a schema there.", e);

    private static string Script()
    {
        using Stream stream = typeof(PostgreSqlTables).Assembly.GetManifestResourceStream("PostgreSql.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
