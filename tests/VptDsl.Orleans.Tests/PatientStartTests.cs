using Npgsql;
using VptDsl.Orleans.Stores;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects who sends a sweep to a cluster whose store is busy: the command does not end for one late answer.</summary>
public sealed class PatientStartTests
{
    private static readonly Exception Late = new NpgsqlException("The operation has timed out", new TimeoutException());

    [Fact]
    public async Task A_store_that_is_slow_is_asked_again()
    {
        var filter = new PatientStart(TimeSpan.FromMinutes(10));

        Assert.True(await filter.ShouldRetryConnectionAttempt(Late, CancellationToken.None));
        Assert.True(await filter.ShouldRetryConnectionAttempt(new TimeoutException(), CancellationToken.None));
    }

    [Fact]
    public async Task One_that_refuses_is_not() =>
        Assert.False(await new PatientStart(TimeSpan.FromMinutes(10)).ShouldRetryConnectionAttempt(
            new NpgsqlException("no such user"), CancellationToken.None));

    [Fact]
    public async Task Nor_is_one_that_is_slow_for_ever() =>
        Assert.False(await new PatientStart(TimeSpan.FromTicks(-1)).ShouldRetryConnectionAttempt(Late, CancellationToken.None));
}
