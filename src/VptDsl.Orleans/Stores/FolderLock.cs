using System.Diagnostics;

namespace VptDsl.Orleans.Stores;

/// <summary>One process at a time changes files of a folder. What a process that was killed holds is free.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until nobody else is at it; held until disposed of.</summary>
    /// <exception cref="IOException">Somebody is at it for too long, or nothing can be written there.</exception>
    public static async Task<IDisposable> TakeAsync(string folder)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Step);
            }
        }
    }
}
