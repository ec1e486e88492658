using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Messaging;
using VptDsl.Weights;

namespace VptDsl.Orleans.Stores;

/// <summary>The members of a cluster in a file of a folder that all of them see: a cluster without a server.</summary>
/// <param name="folder">The folder.</param>
internal sealed partial class FolderMembershipTable(string folder) : IMembershipTable, IGatewayListProvider
{
    private string FilePath => Path.Combine(folder, "members.json");

    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(1);

    public bool IsUpdatable => true;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public Task<MembershipTableData> ReadAll() => Task.FromResult(DataOf(Read(), _ => true));

    public Task<MembershipTableData> ReadRow(SiloAddress key) => Task.FromResult(DataOf(Read(), silo => silo.Equals(key)));

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(table =>
        Follows(table, tableVersion) && table.Members.TryAdd(entry.SiloAddress.ToParsableString(), StoredMember.Of(entry, tag: 0))
            ? table with { Version = tableVersion.Version }
            : null);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(table =>
    {
        string key = entry.SiloAddress.ToParsableString();
        if (!Follows(table, tableVersion) || !table.Members.TryGetValue(key, out StoredMember? stored) || TagOf(stored) != etag)
            return null;
        table.Members[key] = StoredMember.Of(entry, stored.Tag + 1);
        return table with { Version = tableVersion.Version };
    });

    public Task UpdateIAmAlive(MembershipEntry entry) => ChangeAsync(table =>
    {
        string key = entry.SiloAddress.ToParsableString();
        if (!table.Members.TryGetValue(key, out StoredMember? stored))
            return null;
        table.Members[key] = stored with { IAmAliveTime = entry.IAmAliveTime };
        return table;
    });

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => ChangeAsync(table =>
    {
        foreach ((string key, StoredMember member) in table.Members.ToArray())
        {
            if (member.Status == SiloStatus.Dead && member.IAmAliveTime < beforeDate.UtcDateTime)
                table.Members.Remove(key);
        }

        return table;
    });

    public Task DeleteMembershipTableEntries(string clusterId) => ChangeAsync(_ => new StoredTable(0, []));

    public Task<IList<Uri>> GetGateways() => Task.FromResult<IList<Uri>>(
    [
        .. Read().Members.Where(member => member.Value is { Status: SiloStatus.Active, ProxyPort: > 0 })
            .Select(member => (Silo: SiloAddress.FromParsableString(member.Key), Port: member.Value.ProxyPort))
            .Select(member => SiloAddress.New(member.Silo.Endpoint.Address, member.Port, member.Silo.Generation).ToGatewayUri()),
    ]);

    private static bool Follows(StoredTable table, TableVersion next) =>
        TagOf(table) == next.VersionEtag && next.Version == table.Version + 1;

    private static string TagOf(StoredTable table) => table.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string TagOf(StoredMember member) => member.Tag.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static MembershipTableData DataOf(StoredTable table, Func<SiloAddress, bool> wanted) => new(
        [
            .. table.Members.Select(pair => (Silo: SiloAddress.FromParsableString(pair.Key), Member: pair.Value))
                .Where(pair => wanted(pair.Silo)).Select(pair => Tuple.Create(pair.Member.ToEntry(pair.Silo), TagOf(pair.Member))),
        ],
        new TableVersion(table.Version, TagOf(table)));

    private StoredTable Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), StoredContext.Default.StoredTable)!;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new StoredTable(0, []);
        }
        catch (JsonException e)
        {
            throw new IOException($"{FilePath} is no table of a cluster's members: end all silos and delete it.", e);
        }
    }

    private async Task<bool> ChangeAsync(Func<StoredTable, StoredTable?> change)
    {
        using IDisposable held = await FolderLock.TakeAsync(folder);
        if (change(Read()) is not { } changed)
            return false;
        AtomicFile.Write(FilePath, file => JsonSerializer.Serialize(file, changed, StoredContext.Default.StoredTable));
        return true;
    }

    private sealed record StoredTable(int Version, Dictionary<string, StoredMember> Members);

    private sealed record StoredMember(
        SiloStatus Status, string SiloName, string HostName, string? RoleName, int ProxyPort, int UpdateZone, int FaultZone,
        DateTime StartTime, DateTime IAmAliveTime, StoredSuspicion[] SuspectTimes, int Tag)
    {
        public static StoredMember Of(MembershipEntry entry, int tag) => new(
            entry.Status, entry.SiloName, entry.HostName, entry.RoleName, entry.ProxyPort, entry.UpdateZone, entry.FaultZone,
            entry.StartTime, entry.IAmAliveTime,
            [.. (entry.SuspectTimes ?? []).Select(pair => new StoredSuspicion(pair.Item1.ToParsableString(), pair.Item2))], tag);

        public MembershipEntry ToEntry(SiloAddress silo) => new()
        {
            SiloAddress = silo,
            Status = Status,
            SiloName = SiloName,
            HostName = HostName,
            RoleName = RoleName,
            ProxyPort = ProxyPort,
            UpdateZone = UpdateZone,
            FaultZone = FaultZone,
            StartTime = StartTime,
            IAmAliveTime = IAmAliveTime,
            SuspectTimes = [.. SuspectTimes.Select(pair => Tuple.Create(SiloAddress.FromParsableString(pair.Silo), pair.Time))],
        };
    }

    private sealed record StoredSuspicion(string Silo, DateTime Time);

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, WriteIndented = true)]
    [JsonSerializable(typeof(StoredTable))]
    private sealed partial class StoredContext : JsonSerializerContext;
}
