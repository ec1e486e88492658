namespace VptDsl.Weights.Hub;

/// <summary>
/// Weights by the name of their repository on the Hugging Face hub, kept in the cache that its own programs use: what one of them has
/// downloaded is there for the other.
/// </summary>
/// <remarks>
/// A reference is <c>hf:OWNER/NAME</c>, with <c>/FILE</c> behind it for another file than the usual weights and <c>@REVISION</c> for
/// another revision than <c>main</c>. The environment says the rest, as for the hub's own programs: <c>HF_HOME</c> or
/// <c>HF_HUB_CACHE</c> (where), <c>HF_TOKEN</c> (who), <c>HF_ENDPOINT</c> (another hub) and <c>HF_HUB_OFFLINE</c> (only what is there).
/// Several threads and processes may pull at a time.
/// </remarks>
public static class Hub
{
    /// <summary>What a reference begins with.</summary>
    public const string Scheme = "hf:";

    /// <summary>Finds the weights of a repository in the cache, or downloads them, with the configuration files beside them.</summary>
    /// <param name="reference">For instance <c>hf:timm/vit_base_patch16_224.augreg2_in21k_ft_in1k</c>.</param>
    /// <param name="progress">Told now and then how much of a file is there.</param>
    /// <param name="cancellation">Ends the download; it goes on from there the next time.</param>
    /// <returns>The file with the weights, or their index, in the cache.</returns>
    /// <exception cref="ArgumentException">The reference is none.</exception>
    /// <exception cref="HubException">The hub does not give it; says why, and what to do.</exception>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public static async Task<string> PullAsync(
        string reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var parsed = HubReference.Parse(reference);
        return await PullFromAsync(parsed, HubSettings.OfEnvironment(), progress, cancellation).ConfigureAwait(false);
    }

    /// <summary>As <see cref="PullAsync"/>, on this thread.</summary>
    /// <inheritdoc cref="PullAsync"/>
    public static string Pull(string reference, IProgress<HubProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        // Without the caller's context, which may wait for this thread.
        return Task.Run(() => PullAsync(reference, progress, cancellation), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>As the public one, from the hub that settings name.</summary>
    internal static Task<string> PullFromAsync(
        HubReference reference, HubSettings settings, IProgress<HubProgress>? progress, CancellationToken cancellation) =>
        new HubPull(reference, new HubCache(settings.Cache, reference), new HubConnection(settings, reference), progress)
            .RunAsync(cancellation);

    /// <summary>Whether a path is a reference.</summary>
    internal static bool IsReference(string path) => path.StartsWith(Scheme, StringComparison.Ordinal);
}
