using Npgsql;

namespace VptDsl.Orleans.Stores;

/// <summary>Makes the tables in which Orleans keeps members and grains in PostgreSQL, where they are missing.</summary>
internal static class PostgreSqlTables
{
    // Silos that start together wait for each other: "IF NOT EXISTS" alone is no protection.
    private const long Lock = 0x5650_5444_534c;

    /// <summary>Makes them.</summary>
    /// <exception cref="InvalidOperationException">The database cannot be reached, or does not allow it.</exception>
    public static void Make(string connection)
    {
        try
        {
            using NpgsqlConnection database = new(connection);
            database.Open();
            using NpgsqlTransaction transaction = database.BeginTransaction();
            using NpgsqlCommand command = new($"SELECT pg_advisory_xact_lock({Lock});\n{Script()}", database, transaction);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"PostgreSQL cannot keep the cluster: {e.Message.TrimEnd('.')}. Say a connection such as "
                + "\"Host=db;Username=vpt;Password=…;Database=vpt\", of a user who may make tables there.", e);
        }
    }

    private static string Script()
    {
        using Stream stream = typeof(PostgreSqlTables).Assembly.GetManifestResourceStream("PostgreSql.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
