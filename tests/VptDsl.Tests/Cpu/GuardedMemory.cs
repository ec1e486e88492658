using System.Runtime.InteropServices;

namespace VptDsl.Tests.Cpu;

/// <summary>Floats that end where the process's memory ends: on Linux, reading or writing one more kills the test run.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nuint _bytes;
    private byte* _mapping;

    public GuardedMemory(long count)
    {
        Count = count;
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)count * sizeof(float);
        if (!OperatingSystem.IsLinux())
        {
            _mapping = (byte*)NativeMemory.Alloc(bytes);
            Data = (float*)_mapping;
            return;
        }

        _bytes = ((bytes + page - 1) / page * page) + page;
        _mapping = (byte*)Map(null, _bytes, ReadWrite, PrivateAnonymous, -1, 0);
        byte* end = _mapping + _bytes - page;
        Assert.True(Protect(end, page, 0) == 0, "The guard page could not be set up.");
        Data = (float*)(end - bytes);
    }

    public float* Data { get; }

    public long Count { get; }

    public void Dispose()
    {
        if (_mapping == null)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            Unmap(_mapping, _bytes);
        }
        else
        {
            NativeMemory.Free(_mapping);
        }

        _mapping = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
