using System.Security.Cryptography;
using System.Text;
using Orleans.Storage;
using VptDsl.Weights;

namespace VptDsl.Orleans.Stores;

/// <summary>Keeps what grains remember in a folder, a file each, which is whole at any moment.</summary>
/// <param name="folder">The folder.</param>
/// <param name="serializer">What files are written in.</param>
internal sealed class FolderGrainStorage(string folder, IGrainStorageSerializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[]? content = TryRead(PathOf(stateName, grainId));
        grainState.RecordExists = content is not null;
        grainState.ETag = TagOf(content);
        grainState.State = content is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(BinaryData.FromBytes(content));
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] content = serializer.Serialize(grainState.State).ToArray();
        string path = PathOf(stateName, grainId);
        using (await FolderLock.TakeAsync(folder))
        {
            RequireLast(path, grainState);
            AtomicFile.Write(path, file => file.Write(content));
        }

        grainState.RecordExists = true;
        grainState.ETag = TagOf(content);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string path = PathOf(stateName, grainId);
        using (await FolderLock.TakeAsync(folder))
        {
            RequireLast(path, grainState);
            File.Delete(path);
        }

        grainState.RecordExists = false;
        grainState.ETag = TagOf(null);
        grainState.State = Activator.CreateInstance<T>();
    }

    // Where a silo was taken for dead there may be two of a grain: the one that does not know the last state begins anew.
    private static void RequireLast<T>(string path, IGrainState<T> state)
    {
        string stored = TagOf(TryRead(path));
        if (stored != (state.ETag ?? TagOf(null)))
            throw new InconsistentStateException($"{path} was written by another silo meanwhile.", stored, state.ETag);
    }

    private static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string TagOf(byte[]? content) => content is null ? "" : Convert.ToHexStringLower(SHA256.HashData(content));

    // Names of grains may be anything; a file's may not.
    private string PathOf(string stateName, GrainId grainId) => Path.Combine(
        folder, $"{stateName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{grainId}")))[..32]}.json");
}
