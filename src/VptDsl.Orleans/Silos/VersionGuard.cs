using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace VptDsl.Orleans.Silos;

/// <summary>
/// Keeps a silo of another version out of a cluster: it asks the table of members before it joins, and once more when it has
/// joined, for two may have come at the same time.
/// </summary>
/// <remarks>A silo's name says its version, so that every store of members keeps it.</remarks>
internal sealed class VersionGuard(
    IMembershipTable table, ILocalSiloDetails self, IOptions<SweepSiloOptions> options, IOptions<ClusterMembershipOptions> membership)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Prefix = "vptdsl ";

    /// <summary>The name of a silo of a version, on this machine.</summary>
    public static string NameOf(string version) =>
        FormattableString.Invariant($"{Prefix}{version} {Environment.MachineName}:{Environment.ProcessId}");

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(VersionGuard), ServiceLifecycleStage.RuntimeServices, token => CheckAsync(isMember: false, token));
        lifecycle.Subscribe(nameof(VersionGuard), ServiceLifecycleStage.Last, token => CheckAsync(isMember: true, token));
    }

    private async Task CheckAsync(bool isMember, CancellationToken cancellation)
    {
        await table.InitializeMembershipTableAsync(true, cancellation);
        MembershipTableData members = await table.ReadAllAsync(cancellation);
        DateTime alive = DateTime.UtcNow - (membership.Value.NumMissedTableIAmAliveLimit * membership.Value.IAmAliveTablePublishTimeout);
        DateTime own = members.Members.Select(member => member.Item1)
            .FirstOrDefault(member => member.SiloAddress.Equals(self.SiloAddress))?.StartTime ?? DateTime.MaxValue;
        MembershipEntry? other = members.Members.Select(member => member.Item1).FirstOrDefault(member =>
            member.Status is SiloStatus.Active or SiloStatus.Joining
            && HeardOf(member) > alive
            && (!isMember || member.StartTime < own)
            && VersionOf(member) != options.Value.Version);
        if (other is not null)
        {
            throw new InvalidOperationException(
                $"This silo has VptDsl {options.Value.Version}, and the cluster's {other.SiloName} at {other.SiloAddress.Endpoint} has "
                + $"{VersionOf(other)}: all silos need the same version. Stop the others first, or start this one with their version.");
        }
    }

    private static string VersionOf(MembershipEntry member) => member.SiloName?.StartsWith(Prefix, StringComparison.Ordinal) == true
        ? member.SiloName[Prefix.Length..].Split(' ')[0]
        : "another program";

    /// <summary>When a member was last heard of; the start counts.</summary>
    private static DateTime HeardOf(MembershipEntry member) =>
        member.IAmAliveTime > member.StartTime ? member.IAmAliveTime : member.StartTime;
}
