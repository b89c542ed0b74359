/*
 * structure.c: how what pointers point at looks in the trace: numbers, and Windows' common structures.
 *
 * Part of winrun-trace.so; libc alone.  Everything is read through the kernel, as strings are (line.c).
 */
#include "structure.h"
#include "win.h"

#define UNIX_EPOCH 116444736000000000ll /* in 100 ns since 1601 */
#define TICKS 10000000ll

union structure_data {
    CONSOLE_SCREEN_BUFFER_INFO screen;
    FILETIME time;
    FILE_BASIC_INFORMATION basic;
    FILE_STANDARD_INFORMATION standard;
    GUID guid;
    IO_STATUS_BLOCK io;
    MEMORY_BASIC_INFORMATION memory;
    OBJECT_ATTRIBUTES object;
    OVERLAPPED overlapped;
    PROCESS_INFORMATION process;
    SECURITY_ATTRIBUTES security;
    uint8_t address[28];
    STARTUPINFOW startup;
    SYSTEMTIME system_time;
    SYSTEM_INFO system;
    WIN32_FILE_ATTRIBUTE_DATA file;
    WIN32_FIND_DATAW found;
    struct {
        ULONG length;
        char *data;
    } buffer;
};

static const uint16_t sizes[STRUCTURE_COUNT] = {
    [STRUCTURE_CONSOLE_SCREEN_BUFFER_INFO] = sizeof(CONSOLE_SCREEN_BUFFER_INFO),
    [STRUCTURE_FILETIME] = sizeof(FILETIME),
    [STRUCTURE_FILE_BASIC_INFORMATION] = sizeof(FILE_BASIC_INFORMATION),
    [STRUCTURE_FILE_STANDARD_INFORMATION] = sizeof(FILE_STANDARD_INFORMATION),
    [STRUCTURE_GUID] = sizeof(GUID),
    [STRUCTURE_IO_STATUS_BLOCK] = sizeof(IO_STATUS_BLOCK),
    [STRUCTURE_MEMORY_BASIC_INFORMATION] = sizeof(MEMORY_BASIC_INFORMATION),
    [STRUCTURE_OBJECT_ATTRIBUTES] = sizeof(OBJECT_ATTRIBUTES),
    [STRUCTURE_OVERLAPPED] = sizeof(OVERLAPPED),
    [STRUCTURE_PROCESS_INFORMATION] = sizeof(PROCESS_INFORMATION),
    [STRUCTURE_SECURITY_ATTRIBUTES] = sizeof(SECURITY_ATTRIBUTES),
    [STRUCTURE_SOCKADDR] = 8, /* what the shortest has */
    [STRUCTURE_STARTUPINFOW] = sizeof(STARTUPINFOW),
    [STRUCTURE_SYSTEMTIME] = sizeof(SYSTEMTIME),
    [STRUCTURE_SYSTEM_INFO] = sizeof(SYSTEM_INFO),
    [STRUCTURE_WIN32_FILE_ATTRIBUTE_DATA] = sizeof(WIN32_FILE_ATTRIBUTE_DATA),
    [STRUCTURE_WIN32_FIND_DATAW] = sizeof(WIN32_FIND_DATAW),
    [STRUCTURE_WSABUF] = 16,
};

/* Seconds since 1970 with a fraction: `date -d @...` reads them. */
static void add_time(struct line *line, uint64_t time)
{
    long long ticks = (long long)time - UNIX_EPOCH;
    if (!time)
        line_add(line, "0");
    else
        line_add(line, "@%lld.%07lld", ticks / TICKS, (ticks % TICKS + TICKS) % TICKS);
}

static void add_filetime(struct line *line, FILETIME time)
{
    add_time(line, (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
}

static void add_guid(struct line *line, const GUID *guid)
{
    line_add(line, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", (unsigned)guid->Data1, guid->Data2,
             guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3], guid->Data4[4],
             guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

static void add_address(struct line *line, uint64_t at, const uint8_t *bytes)
{
    unsigned family = bytes[0] | bytes[1] << 8, port = bytes[2] << 8 | bytes[3];
    uint8_t ip[16];
    if (family == 2) {
        line_add(line, "%u.%u.%u.%u:%u", bytes[4], bytes[5], bytes[6], bytes[7], port);
    } else if (family == 23 && line_read(at + 8, ip, sizeof ip) == sizeof ip) {
        line_add(line, "[");
        for (int i = 0; i < 16; i += 2)
            line_add(line, i ? ":%x" : "%x", ip[i] << 8 | ip[i + 1]);
        line_add(line, "]:%u", port);
    } else {
        line_add(line, "{family %u}", family);
    }
}

static void add_field(struct line *line, const char *before, unsigned type, uint64_t bits)
{
    line_add(line, "%s", before);
    line_add_value(line, type, bits);
}

static void add_object(struct line *line, const OBJECT_ATTRIBUTES *object)
{
    add_field(line, "{", TYPE_USTR, (uint64_t)object->ObjectName);
    if (object->RootDirectory)
        add_field(line, ", root ", TYPE_POINTER, (uint64_t)object->RootDirectory);
    line_add(line, ", 0x%x}", (unsigned)object->Attributes);
}

static void add_structure(struct line *line, unsigned which, uint64_t at, const union structure_data *data)
{
    switch (which) {
    case STRUCTURE_CONSOLE_SCREEN_BUFFER_INFO:
        line_add(line, "{size %d x %d, cursor %d,%d}", data->screen.dwSize.X, data->screen.dwSize.Y,
                 data->screen.dwCursorPosition.X, data->screen.dwCursorPosition.Y);
        break;
    case STRUCTURE_FILETIME:
        add_filetime(line, data->time);
        break;
    case STRUCTURE_FILE_BASIC_INFORMATION:
        line_add(line, "{attributes 0x%x, written ", (unsigned)data->basic.FileAttributes);
        add_time(line, (uint64_t)data->basic.LastWriteTime.QuadPart);
        line_add(line, "}");
        break;
    case STRUCTURE_FILE_STANDARD_INFORMATION:
        line_add(line, "{size %lld, links %u%s}", (long long)data->standard.EndOfFile.QuadPart,
                 (unsigned)data->standard.NumberOfLinks, data->standard.Directory ? ", directory" : "");
        break;
    case STRUCTURE_GUID:
        add_guid(line, &data->guid);
        break;
    case STRUCTURE_IO_STATUS_BLOCK:
        line_add(line, "{0x%08x, %llu}", (unsigned)data->io.Status, (unsigned long long)data->io.Information);
        break;
    case STRUCTURE_MEMORY_BASIC_INFORMATION:
        line_add(line, "{0x%llx, size 0x%llx, state 0x%x, protect 0x%x, type 0x%x}",
                 (unsigned long long)data->memory.BaseAddress, (unsigned long long)data->memory.RegionSize,
                 (unsigned)data->memory.State, (unsigned)data->memory.Protect, (unsigned)data->memory.Type);
        break;
    case STRUCTURE_OBJECT_ATTRIBUTES:
        add_object(line, &data->object);
        break;
    case STRUCTURE_OVERLAPPED:
        line_add(line, "{offset %llu, event 0x%llx, status 0x%08x, %llu}",
                 (unsigned long long)data->overlapped.OffsetHigh << 32 | data->overlapped.Offset,
                 (unsigned long long)data->overlapped.hEvent, (unsigned)data->overlapped.Internal,
                 (unsigned long long)data->overlapped.InternalHigh);
        break;
    case STRUCTURE_PROCESS_INFORMATION:
        line_add(line, "{process 0x%llx, thread 0x%llx, ids %u, %u}", (unsigned long long)data->process.hProcess,
                 (unsigned long long)data->process.hThread, (unsigned)data->process.dwProcessId,
                 (unsigned)data->process.dwThreadId);
        break;
    case STRUCTURE_SECURITY_ATTRIBUTES:
        line_add(line, "{descriptor 0x%llx, %sinherited}", (unsigned long long)data->security.lpSecurityDescriptor,
                 data->security.bInheritHandle ? "" : "not ");
        break;
    case STRUCTURE_SOCKADDR:
        add_address(line, at, data->address);
        break;
    case STRUCTURE_STARTUPINFOW:
        line_add(line, "{flags 0x%x, show %u, handles 0x%llx, 0x%llx, 0x%llx}", (unsigned)data->startup.dwFlags,
                 data->startup.wShowWindow, (unsigned long long)data->startup.hStdInput,
                 (unsigned long long)data->startup.hStdOutput, (unsigned long long)data->startup.hStdError);
        break;
    case STRUCTURE_SYSTEMTIME:
        line_add(line, "%u-%02u-%02u %02u:%02u:%02u.%03u", data->system_time.wYear, data->system_time.wMonth,
                 data->system_time.wDay, data->system_time.wHour, data->system_time.wMinute, data->system_time.wSecond,
                 data->system_time.wMilliseconds);
        break;
    case STRUCTURE_SYSTEM_INFO:
        line_add(line, "{page %u, processors %u, architecture %u}", (unsigned)data->system.dwPageSize,
                 (unsigned)data->system.dwNumberOfProcessors, data->system.wProcessorArchitecture);
        break;
    case STRUCTURE_WIN32_FILE_ATTRIBUTE_DATA:
        line_add(line, "{attributes 0x%x, size %llu, written ", (unsigned)data->file.dwFileAttributes,
                 (unsigned long long)data->file.nFileSizeHigh << 32 | data->file.nFileSizeLow);
        add_filetime(line, data->file.ftLastWriteTime);
        line_add(line, "}");
        break;
    case STRUCTURE_WIN32_FIND_DATAW:
        add_field(line, "{", TYPE_WSTR, at + offsetof(WIN32_FIND_DATAW, cFileName));
        line_add(line, ", attributes 0x%x, size %llu}", (unsigned)data->found.dwFileAttributes,
                 (unsigned long long)data->found.nFileSizeHigh << 32 | data->found.nFileSizeLow);
        break;
    case STRUCTURE_WSABUF:
        line_add(line, "{%u, 0x%llx}", (unsigned)data->buffer.length, (unsigned long long)data->buffer.data);
        break;
    }
}

void line_add_target(struct line *line, const struct type *target, uint64_t address)
{
    union structure_data data;
    uint64_t bits = 0;
    if (target->kind == TYPE_NAMED && line_read(address, &data, sizes[target->first]) == sizes[target->first])
        add_structure(line, target->first, address, &data);
    else if (target->kind < TYPE_FUNCTION && line_read(address, &bits, type_size(target)) == type_size(target))
        line_add_value(line, target->kind, bits);
    else
        line_add(line, "0x%llx", (unsigned long long)address);
}
