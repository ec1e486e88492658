using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VptDsl.Common;
using VptDsl.Orleans.Silos;

namespace VptDsl.Orleans.Grains;

/// <summary>
/// The board. Workers are answered side by side, so that a sweep whose silo has just gone holds up nobody who asks for another.
/// </summary>
internal sealed partial class SweepBoardGrain(
    [PersistentState("board", SweepSilo.Store)] IPersistentState<SweepBoardState> stored, IOptions<SweepSiloOptions> options,
    ILogger<SweepBoardGrain> log)
    : Grain, ISweepBoardGrain
{
    /// <summary>How many sweeps that are over stay to be looked at.</summary>
    private const int KeptWhenOver = 20;

    /// <summary>How old what the board knows may become.</summary>
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    // When they said so. Asked again from time to time: a store that lost its last second has sweeps that are not over any more.
    private readonly Dictionary<string, long> _over = [];
    private readonly Dictionary<string, long> _heard = [];
    private readonly long _activated = Stopwatch.GetTimestamp();
    // Who writes does so alone, and nobody reads meanwhile.
    private readonly SemaphoreSlim _storing = new(1);
    private long _read = Stopwatch.GetTimestamp();

    public async Task SubmitAsync(string key, SweepOrder order, string[] known)
    {
        if (order.Version != LibraryVersion.Text)
        {
            throw new InvalidOperationException(
                $"The cluster runs VptDsl {LibraryVersion.Text} and the sweep comes from {order.Version}: use the same version.");
        }

        await GrainFactory.GetGrain<ISweepGrain>(key).StartAsync(order, known);
        _over.Remove(key);
        await _storing.WaitAsync();
        try
        {
            stored.State.Sweeps.RemoveAll(sweep => sweep.Key == key);
            stored.State.Sweeps.Add(new PinnedSweep { Key = key, Priority = order.Priority });
            await ForgetOldAsync();
            await stored.WriteStateAsync();
        }
        finally
        {
            _storing.Release();
        }
    }

    public async Task<RunAssignment?> TakeAsync(string worker)
    {
        Hear(worker);
        await ReadAsync();
        foreach (PinnedSweep sweep in Served().Where(sweep => !IsOver(sweep.Key)))
        {
            try
            {
                RunOffer offer = await GrainFactory.GetGrain<ISweepGrain>(sweep.Key).TakeAsync(worker, Silos());
                if (offer.IsOver)
                    _over[sweep.Key] = Stopwatch.GetTimestamp();
                else
                    _over.Remove(sweep.Key);
                if (offer.Assignment is not null)
                    return offer.Assignment;
            }
            catch (Exception e)
            {
                // Its silo has gone, or its store has: others can be served.
                CannotAsk(sweep.Key, e);
            }
        }

        return null;
    }

    public Task HearAsync(string worker)
    {
        Hear(worker);
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<SweepView>> ViewAsync()
    {
        await ReadAsync();
        SweepView?[] views = await Task.WhenAll(Served().Select(sweep => ViewAsync(sweep.Key)));
        return [.. views.OfType<SweepView>()];
    }

    private async Task<SweepView?> ViewAsync(string key)
    {
        try
        {
            return await GrainFactory.GetGrain<ISweepGrain>(key).ViewAsync(int.MaxValue);
        }
        catch (Exception e)
        {
            // As in TakeAsync: the others can be looked at.
            CannotAsk(key, e);
            return null;
        }
    }

    /// <summary>
    /// Reads again what is stored: silos that begin at the same moment may have a board each, until the directory of grains drops one, and
    /// it may be the one that was told of a sweep after this one had read.
    /// </summary>
    private async Task ReadAsync()
    {
        if (Stopwatch.GetElapsedTime(_read) < ReadEvery || !_storing.Wait(0))
            return;
        try
        {
            _read = Stopwatch.GetTimestamp();
            PinnedSweep[] known = [.. stored.State.Sweeps];
            await stored.ReadStateAsync();
            // A store that was lost has fewer, and they are not over for that.
            stored.State.Sweeps.AddRange(known.ExceptBy(stored.State.Sweeps.Select(sweep => sweep.Key), sweep => sweep.Key));
        }
        catch (Exception e)
        {
            CannotRead(e);
        }
        finally
        {
            _storing.Release();
        }
    }

    private PinnedSweep[] Served() => [.. stored.State.Sweeps.OrderByDescending(sweep => sweep.Priority)];

    private async Task ForgetOldAsync()
    {
        PinnedSweep[] old = [.. stored.State.Sweeps.Where(sweep => _over.ContainsKey(sweep.Key)).SkipLast(KeptWhenOver)];
        foreach (PinnedSweep sweep in old)
        {
            if (await GrainFactory.GetGrain<ISweepGrain>(sweep.Key).ForgetAsync())
                stored.State.Sweeps.Remove(sweep);
        }
    }

    private void Hear(string worker) => _heard[WorkerName.SiloOf(worker)] = Stopwatch.GetTimestamp();

    /// <summary>The silos that are there; none before all can have been heard of.</summary>
    private ImmutableArray<string> Silos() => Stopwatch.GetElapsedTime(_activated) < options.Value.DeadAfter ? [] :
        [.. _heard.Where(silo => Stopwatch.GetElapsedTime(silo.Value) <= options.Value.DeadAfter).Select(silo => silo.Key)];

    private bool IsOver(string key) =>
        _over.TryGetValue(key, out long when) && Stopwatch.GetElapsedTime(when) < options.Value.DeadAfter;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The store cannot be read now: what was read last counts.")]
    private partial void CannotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep {Sweep} cannot be asked now.")]
    private partial void CannotAsk(string sweep, Exception exception);
}
