/*
 * minidump.c: MiniDumpWriteDump: a process as a debugger reads it later.
 *
 * Layer: above kernel32 and ntdll.  Everything but the memory of MiniDumpWithFullMemory is put together in one growing
 * buffer, in which places are offsets of the file ("RVA"), and written at the end.  The process may be this one or
 * another; its threads are stopped one at a time while they are copied.
 */
#include <string.h>
#include "minidump_callback.h"
#include "ntthread.h"
#include "ntdll/nls.h"
#include "ntdll/sysinfo.h"
#include "win.h"
#include <dbghelp.h>
#include <tlhelp32.h>

#define RANGES_MOST 65536
#define STREAMS_MOST 32

struct dump {
    HANDLE process, file;
    DWORD id;
    MINIDUMP_TYPE type;
    const MINIDUMP_EXCEPTION_INFORMATION *exception;
    struct dump_wishes wishes;
    char *bytes;
    SIZE_T size, room;
    bool failed;
    MINIDUMP_DIRECTORY streams[STREAMS_MOST];
    ULONG stream_count;
    MINIDUMP_MEMORY_DESCRIPTOR *ranges; /* memory that is part of the buffer */
    ULONG range_count;
};

static PVOID heap(void)
{
    return peb_current()->ProcessHeap;
}

/* Appends (data NULL: zeros), aligned to 8, and returns the place. */
static RVA dump_add(struct dump *dump, const void *data, SIZE_T size)
{
    SIZE_T at = (dump->size + 7) & ~(SIZE_T)7;
    if (at + size > dump->room) {
        SIZE_T room = (at + size) * 2 + 65536;
        char *more = dump->bytes ? RtlReAllocateHeap(heap(), 0, dump->bytes, room) : RtlAllocateHeap(heap(), 0, room);
        if (!more || room > 0x7fffffff) {
            dump->failed = true;
            return 0;
        }
        dump->bytes = more;
        dump->room = room;
    }
    memset(dump->bytes + dump->size, 0, at - dump->size);
    if (data)
        memcpy(dump->bytes + at, data, size);
    else
        memset(dump->bytes + at, 0, size);
    dump->size = at + size;
    return (RVA)at;
}

static void stream_add(struct dump *dump, ULONG32 type, RVA place, SIZE_T size)
{
    if (dump->stream_count < STREAMS_MOST)
        dump->streams[dump->stream_count++] = (MINIDUMP_DIRECTORY){type, {(ULONG32)size, place}};
}

static RVA text_add(struct dump *dump, const WCHAR *text)
{
    ULONG32 bytes = (ULONG32)(wide_length(text) * sizeof *text);
    RVA place = dump_add(dump, &bytes, sizeof bytes);
    SIZE_T end = dump->size;
    dump_add(dump, NULL, bytes + sizeof *text);
    if (!dump->failed) { /* right behind its length, not aligned */
        memcpy(dump->bytes + end, text, bytes + sizeof *text);
        dump->size = end + bytes + sizeof *text;
    }
    return place;
}

/* Copies memory of the process; what can not be read is left out.  Remembered for the list of memory. */
static MINIDUMP_LOCATION_DESCRIPTOR memory_add(struct dump *dump, ULONG64 start, SIZE_T size)
{
    MINIDUMP_LOCATION_DESCRIPTOR location = {0};
    SIZE_T done = 0;
    RVA place = dump_add(dump, NULL, size);
    if (dump->failed || dump->range_count == RANGES_MOST)
        return location;
    NtReadVirtualMemory(dump->process, (const void *)start, dump->bytes + place, size, &done);
    dump->size = place + done;
    if (!done)
        return location;
    location = (MINIDUMP_LOCATION_DESCRIPTOR){(ULONG32)done, place};
    if (dump->range_count % 256 == 0) {
        SIZE_T room = (dump->range_count + 256) * sizeof *dump->ranges;
        void *more = dump->ranges ? RtlReAllocateHeap(heap(), 0, dump->ranges, room) : RtlAllocateHeap(heap(), 0, room);
        if (!more) {
            dump->failed = true;
            return location;
        }
        dump->ranges = more;
    }
    dump->ranges[dump->range_count++] = (MINIDUMP_MEMORY_DESCRIPTOR){start, location};
    return location;
}

/* ---- threads ---- */

static void thread_stack(struct dump *dump, const CONTEXT *context, PVOID teb, MINIDUMP_MEMORY_DESCRIPTOR *stack)
{
    NT_TIB tib;
    SIZE_T done;
    if (!teb || NtReadVirtualMemory(dump->process, teb, &tib, sizeof tib, &done))
        return;
    ULONG64 low = context->Rsp & ~7ull, high = (ULONG64)tib.StackBase;
    if (low < (ULONG64)tib.StackLimit || low >= high)
        low = (ULONG64)tib.StackLimit;
    stack->StartOfMemoryRange = low;
    stack->Memory = memory_add(dump, low, high - low);
}

static void thread_fill(struct dump *dump, DWORD id, MINIDUMP_THREAD *out)
{
    CONTEXT context = {.ContextFlags = CONTEXT_ALL};
    struct thread_basic_info info = {0};
    bool own = id == (DWORD)(ULONG_PTR)teb_current()->ClientId.UniqueThread;
    HANDLE thread = own ? NULL : OpenThread(THREAD_ALL_ACCESS, FALSE, id);
    ULONG count = 0;
    out->ThreadId = id;
    if (own) {
        info.teb = teb_current();
        RtlCaptureContext(&context);
    } else if (thread) {
        NtQueryInformationThread(thread, (THREADINFOCLASS)THREAD_BASIC_INFO, &info, sizeof info, NULL);
        NtSuspendThread(thread, &count);
        NtGetContextThread(thread, &context);
    }
    if (own && dump->exception && dump->exception->ThreadId == id && !dump->exception->ClientPointers &&
        dump->exception->ExceptionPointers && dump->process == NtCurrentProcess())
        context = *dump->exception->ExceptionPointers->ContextRecord;
    out->SuspendCount = count;
    out->Teb = (ULONG64)info.teb;
    out->ThreadContext = (MINIDUMP_LOCATION_DESCRIPTOR){sizeof context, dump_add(dump, &context, sizeof context)};
    thread_stack(dump, &context, info.teb, &out->Stack);
    if (thread) {
        NtResumeThread(thread, NULL);
        NtClose(thread);
    }
}

static ULONG thread_ids(const struct dump *dump, DWORD *ids, ULONG most)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    ULONG count = 0;
    for (BOOL more = Thread32First(snapshot, &entry); more && count < most; more = Thread32Next(snapshot, &entry)) {
        HANDLE thread =
            entry.th32OwnerProcessID == dump->id ? OpenThread(SYNCHRONIZE, FALSE, entry.th32ThreadID) : NULL;
        if (!thread)
            continue;
        NtClose(thread);
        if (dump_wants_thread(&dump->wishes, entry.th32ThreadID))
            ids[count++] = entry.th32ThreadID;
    }
    NtClose(snapshot);
    return count;
}

static void threads_add(struct dump *dump)
{
    static const ULONG most = 4096;
    DWORD *ids = RtlAllocateHeap(heap(), 0, most * sizeof *ids);
    if (!ids) {
        dump->failed = true;
        return;
    }
    ULONG32 count = thread_ids(dump, ids, most);
    SIZE_T size = sizeof count + count * sizeof(MINIDUMP_THREAD);
    RVA place = dump_add(dump, NULL, size);
    for (ULONG i = 0; i < count && !dump->failed; i++) {
        MINIDUMP_THREAD thread = {0};
        thread_fill(dump, ids[i], &thread);
        if (!dump->failed)
            memcpy(dump->bytes + place + sizeof count + i * sizeof thread, &thread, sizeof thread);
    }
    if (!dump->failed)
        memcpy(dump->bytes + place, &count, sizeof count);
    stream_add(dump, ThreadListStream, place, size);
    RtlFreeHeap(heap(), 0, ids);
}

/* ---- modules ---- */

static void module_version(struct dump *dump, const WCHAR *path, VS_FIXEDFILEINFO *out)
{
    HMODULE version = LoadLibraryW(u"version.dll");
    DWORD(WINAPI * size_of)
    (LPCWSTR, LPDWORD) = version ? (void *)GetProcAddress(version, "GetFileVersionInfoSizeW") : 0;
    BOOL(WINAPI * read)
    (LPCWSTR, DWORD, DWORD, LPVOID) = version ? (void *)GetProcAddress(version, "GetFileVersionInfoW") : 0;
    BOOL(WINAPI * query)
    (LPCVOID, LPCWSTR, LPVOID *, PUINT) = version ? (void *)GetProcAddress(version, "VerQueryValueW") : 0;
    DWORD unused, size = size_of ? size_of(path, &unused) : 0;
    void *data = size ? RtlAllocateHeap(heap(), 0, size) : NULL, *fixed;
    UINT length;
    (void)dump;
    if (data && read(path, 0, size, data) && query(data, u"\\", &fixed, &length) && length >= sizeof *out)
        memcpy(out, fixed, sizeof *out);
    RtlFreeHeap(heap(), 0, data);
    if (version)
        FreeLibrary(version);
}

static bool module_headers(struct dump *dump, ULONG64 base, IMAGE_NT_HEADERS64 *nt)
{
    IMAGE_DOS_HEADER dos;
    SIZE_T done;
    return !NtReadVirtualMemory(dump->process, (const void *)base, &dos, sizeof dos, &done) &&
           !NtReadVirtualMemory(dump->process, (const char *)base + dos.e_lfanew, nt, sizeof *nt, &done) &&
           nt->Signature == IMAGE_NT_SIGNATURE;
}

/* CodeView's record that names the PDB, if the linker wrote one. */
static void module_debug(struct dump *dump, ULONG64 base, const IMAGE_NT_HEADERS64 *nt, MINIDUMP_MODULE *out)
{
    const IMAGE_DATA_DIRECTORY *directory = &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_DEBUG];
    IMAGE_DEBUG_DIRECTORY entry;
    SIZE_T done;
    for (ULONG at = 0; at + sizeof entry <= directory->Size; at += sizeof entry) {
        if (NtReadVirtualMemory(dump->process, (const char *)base + directory->VirtualAddress + at, &entry,
                                sizeof entry, &done))
            return;
        if (entry.Type != IMAGE_DEBUG_TYPE_CODEVIEW || !entry.AddressOfRawData || entry.SizeOfData > 4096)
            continue;
        out->CvRecord = (MINIDUMP_LOCATION_DESCRIPTOR){entry.SizeOfData, dump_add(dump, NULL, entry.SizeOfData)};
        if (!dump->failed)
            NtReadVirtualMemory(dump->process, (const char *)base + entry.AddressOfRawData,
                                dump->bytes + out->CvRecord.Rva, entry.SizeOfData, &done);
        return;
    }
}

/* MiniDumpWithDataSegs: what the module's variables are. */
static void module_data(struct dump *dump, ULONG64 base, const IMAGE_NT_HEADERS64 *nt, ULONG64 headers)
{
    IMAGE_SECTION_HEADER section;
    SIZE_T done;
    ULONG64 at = headers + offsetof(IMAGE_NT_HEADERS64, OptionalHeader) + nt->FileHeader.SizeOfOptionalHeader;
    for (unsigned i = 0; i < nt->FileHeader.NumberOfSections; i++, at += sizeof section) {
        if (NtReadVirtualMemory(dump->process, (const void *)at, &section, sizeof section, &done))
            return;
        if (section.Characteristics & IMAGE_SCN_MEM_WRITE)
            memory_add(dump, base + section.VirtualAddress, section.Misc.VirtualSize);
    }
}

static void module_fill(struct dump *dump, const MODULEENTRY32W *entry, MINIDUMP_MODULE *out)
{
    IMAGE_NT_HEADERS64 nt;
    IMAGE_DOS_HEADER dos;
    SIZE_T done;
    *out = (MINIDUMP_MODULE){.BaseOfImage = (ULONG64)entry->modBaseAddr, .SizeOfImage = entry->modBaseSize};
    if (module_headers(dump, out->BaseOfImage, &nt)) {
        out->CheckSum = nt.OptionalHeader.CheckSum;
        out->TimeDateStamp = nt.FileHeader.TimeDateStamp;
        module_debug(dump, out->BaseOfImage, &nt, out);
        if (dump->type & MiniDumpWithDataSegs &&
            !NtReadVirtualMemory(dump->process, entry->modBaseAddr, &dos, sizeof dos, &done))
            module_data(dump, out->BaseOfImage, &nt, out->BaseOfImage + (ULONG)dos.e_lfanew);
    }
    module_version(dump, entry->szExePath, &out->VersionInfo);
    out->ModuleNameRva = text_add(dump, entry->szExePath);
}

static void modules_add(struct dump *dump)
{
    MODULEENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, dump->id);
    MINIDUMP_MODULE *modules = NULL;
    ULONG32 count = 0;
    if (snapshot == INVALID_HANDLE_VALUE)
        return;
    for (BOOL more = Module32FirstW(snapshot, &entry); more && count < 4096; more = Module32NextW(snapshot, &entry)) {
        if (count % 64 == 0) {
            SIZE_T room = (count + 64) * sizeof *modules;
            void *larger = modules ? RtlReAllocateHeap(heap(), 0, modules, room) : RtlAllocateHeap(heap(), 0, room);
            if (!larger)
                break;
            modules = larger;
        }
        module_fill(dump, &entry, &modules[count]);
        count += dump_wants_module(&dump->wishes, &modules[count], entry.szExePath);
    }
    NtClose(snapshot);
    /* The list is packed: entries of 108 bytes from the fourth byte on. */
    SIZE_T size = sizeof count + count * sizeof *modules;
    RVA place = dump_add(dump, NULL, size);
    if (!dump->failed) {
        memcpy(dump->bytes + place, &count, sizeof count);
        if (count)
            memcpy(dump->bytes + place + sizeof count, modules, count * sizeof *modules);
    }
    stream_add(dump, ModuleListStream, place, size);
    RtlFreeHeap(heap(), 0, modules);
}

/* ---- the rest ---- */

static void exception_add(struct dump *dump)
{
    const MINIDUMP_EXCEPTION_INFORMATION *given = dump->exception;
    EXCEPTION_POINTERS pointers;
    EXCEPTION_RECORD record;
    MINIDUMP_EXCEPTION_STREAM stream = {0};
    CONTEXT context;
    SIZE_T done;
    if (!given || !given->ExceptionPointers)
        return;
    if (!given->ClientPointers) {
        record = *given->ExceptionPointers->ExceptionRecord;
        context = *given->ExceptionPointers->ContextRecord;
    } else if (NtReadVirtualMemory(dump->process, given->ExceptionPointers, &pointers, sizeof pointers, &done) ||
               NtReadVirtualMemory(dump->process, pointers.ExceptionRecord, &record, sizeof record, &done) ||
               NtReadVirtualMemory(dump->process, pointers.ContextRecord, &context, sizeof context, &done)) {
        return;
    }
    stream.ThreadId = given->ThreadId;
    stream.ExceptionRecord.ExceptionCode = record.ExceptionCode;
    stream.ExceptionRecord.ExceptionFlags = record.ExceptionFlags;
    stream.ExceptionRecord.ExceptionRecord = (ULONG64)record.ExceptionRecord;
    stream.ExceptionRecord.ExceptionAddress = (ULONG64)record.ExceptionAddress;
    stream.ExceptionRecord.NumberParameters = record.NumberParameters;
    for (ULONG i = 0; i < record.NumberParameters && i < EXCEPTION_MAXIMUM_PARAMETERS; i++)
        stream.ExceptionRecord.ExceptionInformation[i] = record.ExceptionInformation[i];
    stream.ThreadContext = (MINIDUMP_LOCATION_DESCRIPTOR){sizeof context, dump_add(dump, &context, sizeof context)};
    memory_add(dump, context.Rip > 256 ? context.Rip - 256 : 0, 512); /* the code around */
    stream_add(dump, ExceptionStream, dump_add(dump, &stream, sizeof stream), sizeof stream);
}

static void system_add(struct dump *dump)
{
    MINIDUMP_SYSTEM_INFO info = {0};
    SYSTEM_INFO system;
    OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
    GetNativeSystemInfo(&system);
    RtlGetVersion(&version);
    info.ProcessorArchitecture = system.wProcessorArchitecture;
    info.ProcessorLevel = system.wProcessorLevel;
    info.ProcessorRevision = system.wProcessorRevision;
    info.NumberOfProcessors = (UCHAR)system.dwNumberOfProcessors;
    info.ProductType = version.wProductType;
    info.MajorVersion = version.dwMajorVersion;
    info.MinorVersion = version.dwMinorVersion;
    info.BuildNumber = version.dwBuildNumber;
    info.PlatformId = version.dwPlatformId;
    info.SuiteMask = version.wSuiteMask;
    info.CSDVersionRva = text_add(dump, version.szCSDVersion);
    stream_add(dump, SystemInfoStream, dump_add(dump, &info, sizeof info), sizeof info);
}

static void misc_add(struct dump *dump)
{
    MINIDUMP_MISC_INFO info = {.SizeOfInfo = sizeof info, .Flags1 = MINIDUMP_MISC1_PROCESS_ID};
    FILETIME create, end, kernel, user;
    info.ProcessId = dump->id;
    if (GetProcessTimes(dump->process, &create, &end, &kernel, &user)) {
        ULARGE_INTEGER time = {.LowPart = create.dwLowDateTime, .HighPart = create.dwHighDateTime};
        info.Flags1 |= MINIDUMP_MISC1_PROCESS_TIMES;
        info.ProcessCreateTime = (ULONG32)(time.QuadPart / 10000000 - 11644473600ull);
        time = (ULARGE_INTEGER){.LowPart = user.dwLowDateTime, .HighPart = user.dwHighDateTime};
        info.ProcessUserTime = (ULONG32)(time.QuadPart / 10000000);
        time = (ULARGE_INTEGER){.LowPart = kernel.dwLowDateTime, .HighPart = kernel.dwHighDateTime};
        info.ProcessKernelTime = (ULONG32)(time.QuadPart / 10000000);
    }
    stream_add(dump, MiscInfoStream, dump_add(dump, &info, sizeof info), sizeof info);
}

/* Calls for each region of the process until it says no. */
static void regions_walk(struct dump *dump, bool (*visit)(struct dump *, const MEMORY_BASIC_INFORMATION *, void *),
                         void *data)
{
    MEMORY_BASIC_INFORMATION info;
    ULONG64 at = 0x10000;
    while (at < 0x7fffffff0000 && VirtualQueryEx(dump->process, (const void *)at, &info, sizeof info) &&
           info.RegionSize) {
        if (info.State != MEM_FREE && !visit(dump, &info, data))
            return;
        at = (ULONG64)info.BaseAddress + info.RegionSize;
    }
}

static bool region_readable(const MEMORY_BASIC_INFORMATION *info)
{
    return info->State == MEM_COMMIT && !(info->Protect & (PAGE_NOACCESS | PAGE_GUARD));
}

struct region_list {
    MINIDUMP_MEMORY_INFO_LIST head;
    RVA place;
};

static bool region_describe(struct dump *dump, const MEMORY_BASIC_INFORMATION *info, void *data)
{
    struct region_list *list = data;
    const MINIDUMP_MEMORY_INFO one = {.BaseAddress = (ULONG64)info->BaseAddress,
                                      .AllocationBase = (ULONG64)info->AllocationBase,
                                      .AllocationProtect = info->AllocationProtect,
                                      .RegionSize = info->RegionSize,
                                      .State = info->State,
                                      .Protect = info->Protect,
                                      .Type = info->Type};
    dump_add(dump, &one, sizeof one);
    list->head.NumberOfEntries++;
    return !dump->failed;
}

static void regions_add(struct dump *dump)
{
    struct region_list list = {.head = {.SizeOfHeader = sizeof list.head, .SizeOfEntry = sizeof(MINIDUMP_MEMORY_INFO)}};
    list.place = dump_add(dump, &list.head, sizeof list.head);
    regions_walk(dump, region_describe, &list);
    if (!dump->failed)
        memcpy(dump->bytes + list.place, &list.head, sizeof list.head);
    stream_add(dump, MemoryInfoListStream, list.place,
               sizeof list.head + list.head.NumberOfEntries * sizeof(MINIDUMP_MEMORY_INFO));
}

static bool region_private(struct dump *dump, const MEMORY_BASIC_INFORMATION *info, void *unused)
{
    (void)unused;
    if (region_readable(info) && info->Type == MEM_PRIVATE && info->Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        memory_add(dump, (ULONG64)info->BaseAddress, info->RegionSize);
    return !dump->failed;
}

static void memory_list_add(struct dump *dump)
{
    ULONG32 count = dump->range_count;
    SIZE_T size = sizeof count + count * sizeof *dump->ranges;
    RVA place = dump_add(dump, NULL, size);
    if (!dump->failed) {
        memcpy(dump->bytes + place, &count, sizeof count);
        if (count)
            memcpy(dump->bytes + place + sizeof count, dump->ranges, count * sizeof *dump->ranges);
    }
    stream_add(dump, MemoryListStream, place, size);
}

static void user_streams_add(struct dump *dump, const MINIDUMP_USER_STREAM_INFORMATION *user)
{
    for (ULONG i = 0; user && i < user->UserStreamCount; i++) {
        const MINIDUMP_USER_STREAM *stream = &user->UserStreamArray[i];
        stream_add(dump, stream->Type, dump_add(dump, stream->Buffer, stream->BufferSize), stream->BufferSize);
    }
}

/* What the callback asks for besides. */
static void wished_memory_add(struct dump *dump)
{
    ULONG64 base;
    ULONG size;
    for (ULONG i = 0; i < RANGES_MOST && !dump->failed && dump_wants_memory(&dump->wishes, &base, &size); i++)
        memory_add(dump, base, size);
}

/* ---- all memory: the descriptors are part of the buffer, the bytes follow it in the file ---- */

struct full {
    MINIDUMP_MEMORY64_LIST head;
    RVA place;
};

static bool region_promise(struct dump *dump, const MEMORY_BASIC_INFORMATION *info, void *data)
{
    struct full *full = data;
    const MINIDUMP_MEMORY_DESCRIPTOR64 one = {(ULONG64)info->BaseAddress, info->RegionSize};
    if (!region_readable(info))
        return true;
    dump_add(dump, &one, sizeof one);
    full->head.NumberOfMemoryRanges++;
    return !dump->failed;
}

static void full_prepare(struct dump *dump, struct full *full)
{
    const SIZE_T head = offsetof(MINIDUMP_MEMORY64_LIST, MemoryRanges);
    full->place = dump_add(dump, NULL, head);
    regions_walk(dump, region_promise, full);
    stream_add(dump, Memory64ListStream, full->place,
               head + full->head.NumberOfMemoryRanges * sizeof(MINIDUMP_MEMORY_DESCRIPTOR64));
}

static bool file_write(HANDLE file, const void *data, SIZE_T size)
{
    for (SIZE_T done = 0; done < size;) {
        DWORD piece = size - done < 1u << 20 ? (DWORD)(size - done) : 1u << 20, written = 0;
        if (!WriteFile(file, (const char *)data + done, piece, &written, NULL) || !written)
            return false;
        done += written;
    }
    return true;
}

/* What has gone since it was promised becomes zeros: the places of what follows are fixed. */
static bool full_write(struct dump *dump, const struct full *full)
{
    const SIZE_T room = 1u << 20;
    char *piece = RtlAllocateHeap(heap(), 0, room);
    const MINIDUMP_MEMORY_DESCRIPTOR64 *ranges =
        (const void *)(dump->bytes + full->place + offsetof(MINIDUMP_MEMORY64_LIST, MemoryRanges));
    bool good = piece != NULL;
    for (ULONG64 i = 0; good && i < full->head.NumberOfMemoryRanges; i++)
        for (ULONG64 done = 0; good && done < ranges[i].DataSize;) {
            SIZE_T size = ranges[i].DataSize - done < room ? (SIZE_T)(ranges[i].DataSize - done) : room, got = 0;
            NtReadVirtualMemory(dump->process, (const char *)ranges[i].StartOfMemoryRange + done, piece, size, &got);
            memset(piece + got, 0, size - got);
            good = file_write(dump->file, piece, size);
            done += size;
        }
    RtlFreeHeap(heap(), 0, piece);
    return good;
}

static void collect(struct dump *dump, const MINIDUMP_USER_STREAM_INFORMATION *user)
{
    dump_add(dump, NULL, sizeof(MINIDUMP_HEADER) + STREAMS_MOST * sizeof(MINIDUMP_DIRECTORY));
    system_add(dump);
    misc_add(dump);
    threads_add(dump);
    modules_add(dump);
    exception_add(dump);
    if (dump->type & MiniDumpWithFullMemoryInfo)
        regions_add(dump);
    user_streams_add(dump, user);
}

static void header_fill(struct dump *dump)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    ULARGE_INTEGER time = {.LowPart = now.dwLowDateTime, .HighPart = now.dwHighDateTime};
    const MINIDUMP_HEADER header = {.Signature = 0x504d444d, /* MDMP */
                                    .Version = MINIDUMP_VERSION,
                                    .NumberOfStreams = dump->stream_count,
                                    .StreamDirectoryRva = sizeof header,
                                    .TimeDateStamp = (ULONG32)(time.QuadPart / 10000000 - 11644473600ull),
                                    .Flags = dump->type};
    memcpy(dump->bytes, &header, sizeof header);
    memcpy(dump->bytes + sizeof header, dump->streams, dump->stream_count * sizeof *dump->streams);
}

static BOOL finish(struct dump *dump)
{
    struct full full = {0};
    bool all = dump->type & MiniDumpWithFullMemory;
    if (all)
        full_prepare(dump, &full);
    else if (dump->type & MiniDumpWithPrivateReadWriteMemory)
        regions_walk(dump, region_private, NULL);
    if (!all) {
        wished_memory_add(dump);
        memory_list_add(dump);
    }
    if (dump->failed) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    header_fill(dump);
    full.head.BaseRva = dump->size;
    if (all)
        memcpy(dump->bytes + full.place, &full.head, offsetof(MINIDUMP_MEMORY64_LIST, MemoryRanges));
    return file_write(dump->file, dump->bytes, dump->size) && (!all || full_write(dump, &full));
}

BOOL WINAPI MiniDumpWriteDump(HANDLE process, DWORD id, HANDLE file, MINIDUMP_TYPE type,
                              const PMINIDUMP_EXCEPTION_INFORMATION exception,
                              const PMINIDUMP_USER_STREAM_INFORMATION user,
                              const PMINIDUMP_CALLBACK_INFORMATION callback)
{
    struct dump *dump = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *dump);
    if (!dump) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    dump->process = GetProcessId(process) == GetCurrentProcessId() ? NtCurrentProcess() : process;
    dump->id = id;
    dump->file = file;
    dump->type = type;
    dump->exception = exception;
    dump->wishes = (struct dump_wishes){callback, process, id, type};
    BOOL good = FALSE;
    if (!GetProcessId(process) || GetProcessId(process) != id) {
        SetLastError(ERROR_INVALID_PARAMETER);
    } else {
        collect(dump, user);
        good = finish(dump);
    }
    RtlFreeHeap(heap(), 0, dump->ranges);
    RtlFreeHeap(heap(), 0, dump->bytes);
    RtlFreeHeap(heap(), 0, dump);
    return good;
}
