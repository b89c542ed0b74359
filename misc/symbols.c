/*
 * symbols.c: tables of functions for dbghelp (symbols.h).
 *
 * Layer: above kernel32 and ntdll; the parser of files is debug/coff.c.
 */
#include "symbols.h"
#include <string.h>
#include "debug/coff.h"
#include "ntapi.h"
#include "ntthread.h"

#define FILE_MOST (256u << 20)
#define EXPORTS_MOST (16u << 20)

static struct symbols *all; /* under lock */
static RTL_SRWLOCK lock;

static PVOID heap(void)
{
    return peb_current()->ProcessHeap;
}

static void symbol_add(struct symbols *symbols, DWORD rva, const char *name, bool exported)
{
    if (symbols->count % 512 == 0) {
        SIZE_T room = (symbols->count + 512) * sizeof *symbols->list;
        void *more =
            symbols->list ? RtlReAllocateHeap(heap(), 0, symbols->list, room) : RtlAllocateHeap(heap(), 0, room);
        if (!more)
            return;
        symbols->list = more;
    }
    symbols->list[symbols->count++] = (struct symbol){rva, 0, name, exported};
}

static bool read_there(HANDLE process, DWORD64 address, void *out, SIZE_T size)
{
    SIZE_T done;
    return !NtReadVirtualMemory(process, (const void *)address, out, size, &done);
}

/* The export directory with all its tables is one piece of the image. */
static void exports_read(struct symbols *symbols, const IMAGE_DATA_DIRECTORY *directory)
{
    DWORD start = directory->VirtualAddress, size = directory->Size;
    char *piece =
        size >= sizeof(IMAGE_EXPORT_DIRECTORY) && size < EXPORTS_MOST ? RtlAllocateHeap(heap(), 0, size + 1) : NULL;
    if (!piece || !read_there(symbols->process, symbols->base + start, piece, size)) {
        RtlFreeHeap(heap(), 0, piece);
        return;
    }
    piece[size] = 0;
    symbols->exports = piece;
    const IMAGE_EXPORT_DIRECTORY *exports = (const void *)piece;
    DWORD names = exports->AddressOfNames - start, ordinals = exports->AddressOfNameOrdinals - start,
          functions = exports->AddressOfFunctions - start;
    if (names > size || exports->NumberOfNames > (size - names) / 4 || ordinals > size ||
        exports->NumberOfNames > (size - ordinals) / 2 || functions > size ||
        exports->NumberOfFunctions > (size - functions) / 4)
        return;
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        DWORD name, rva;
        WORD ordinal;
        memcpy(&name, piece + names + i * 4, 4);
        memcpy(&ordinal, piece + ordinals + i * 2, 2);
        if (ordinal >= exports->NumberOfFunctions || name - start >= size)
            continue;
        memcpy(&rva, piece + functions + ordinal * 4, 4);
        if (rva && rva - start >= size) /* not forwarded */
            symbol_add(symbols, rva, piece + (name - start), true);
    }
}

static void *file_read(const WCHAR *path, SIZE_T *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER length;
    char *bytes = NULL;
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    if (GetFileSizeEx(file, &length) && length.QuadPart < FILE_MOST)
        bytes = RtlAllocateHeap(heap(), 0, (SIZE_T)length.QuadPart + 1);
    for (*size = 0; bytes && *size < (SIZE_T)length.QuadPart;) {
        DWORD got = 0;
        if (!ReadFile(file, bytes + *size, (DWORD)(length.QuadPart - *size), &got, NULL) || !got)
            break;
        *size += got;
    }
    NtClose(file);
    return bytes;
}

/* Names get a zero: the short ones are copied behind the table's strings. */
static void coff_read(struct symbols *symbols)
{
    struct coff coff;
    struct coff_symbol symbol;
    SIZE_T size;
    void *file = file_read(symbols->path, &size);
    bool readable = file && coff_open(&coff, file, size);
    if (readable)
        symbols->linked_base = coff.image_base;
    if (!readable || !coff.symbol_count) {
        RtlFreeHeap(heap(), 0, file);
        return;
    }
    char *names = RtlAllocateHeap(heap(), 0, (SIZE_T)coff.symbol_count * 9 + coff.strings_size + 1), *at = names;
    for (uint32_t index = 0; names && coff_next(&coff, &index, &symbol);) {
        if (!symbol.function ||
            (SIZE_T)(at - names) + symbol.length + 1 > (SIZE_T)coff.symbol_count * 9 + coff.strings_size)
            continue;
        memcpy(at, symbol.name, symbol.length);
        at[symbol.length] = 0;
        symbol_add(symbols, symbol.rva, at, false);
        at += symbol.length + 1;
    }
    symbols->file = names;
    RtlFreeHeap(heap(), 0, file);
}

/* Exported names first where both are known. */
static bool before(const struct symbol *a, const struct symbol *b)
{
    return a->rva != b->rva ? a->rva < b->rva : a->exported && !b->exported;
}

static void sift(struct symbol *list, DWORD root, DWORD count)
{
    for (DWORD child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && before(&list[child], &list[child + 1]))
            child++;
        if (!before(&list[root], &list[child]))
            return;
        struct symbol other = list[root];
        list[root] = list[child];
        list[child] = other;
    }
}

static void sort(struct symbol *list, DWORD count)
{
    for (DWORD i = count / 2; i-- > 0;)
        sift(list, i, count);
    for (DWORD end = count; end-- > 1;) {
        struct symbol first = list[0];
        list[0] = list[end];
        list[end] = first;
        sift(list, 0, end);
    }
}

static bool headers_read(struct symbols *symbols, IMAGE_NT_HEADERS64 *nt)
{
    IMAGE_DOS_HEADER dos;
    return read_there(symbols->process, symbols->base, &dos, sizeof dos) && dos.e_magic == IMAGE_DOS_SIGNATURE &&
           read_there(symbols->process, symbols->base + (DWORD)dos.e_lfanew, nt, sizeof *nt) &&
           nt->Signature == IMAGE_NT_SIGNATURE;
}

static struct symbols *symbols_read(HANDLE process, DWORD64 base, const WCHAR *path)
{
    struct symbols *symbols = RtlAllocateHeap(heap(), HEAP_ZERO_MEMORY, sizeof *symbols);
    IMAGE_NT_HEADERS64 nt;
    if (!symbols)
        return NULL;
    symbols->process = process;
    symbols->base = base;
    for (size_t i = 0; path && path[i] && i + 1 < MAX_PATH; i++)
        symbols->path[i] = path[i];
    if (!headers_read(symbols, &nt)) {
        RtlFreeHeap(heap(), 0, symbols);
        return NULL;
    }
    symbols->image_size = nt.OptionalHeader.SizeOfImage;
    exports_read(symbols, &nt.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]);
    if (symbols->path[0])
        coff_read(symbols);
    sort(symbols->list, symbols->count);
    for (DWORD i = 0; i < symbols->count; i++) {
        DWORD next = i + 1;
        while (next < symbols->count && symbols->list[next].rva == symbols->list[i].rva)
            next++;
        symbols->list[i].size = next < symbols->count ? symbols->list[next].rva - symbols->list[i].rva : 0;
    }
    return symbols;
}

static struct symbols *find(HANDLE process, DWORD64 base)
{
    struct symbols *one = all;
    while (one && (one->process != process || one->base != base))
        one = one->next;
    return one;
}

static void forget(HANDLE process, DWORD64 base)
{
    for (struct symbols **link = &all, *one; (one = *link);) {
        if (one->process != process || (base && one->base != base)) {
            link = &one->next;
            continue;
        }
        *link = one->next;
        if (one->lines)
            debug_plugin()->lines_close(one->lines);
        RtlFreeHeap(heap(), 0, one->list);
        RtlFreeHeap(heap(), 0, one->exports);
        RtlFreeHeap(heap(), 0, one->file);
        RtlFreeHeap(heap(), 0, one);
    }
}

/* Another module lies there now. */
static bool is_stale(const struct symbols *symbols, const WCHAR *path)
{
    size_t i = 0;

    if (symbols->explicit || !path || !path[0])
        return false;
    while (i + 1 < MAX_PATH && path[i] && symbols->path[i] == path[i])
        i++;
    return i + 1 < MAX_PATH && symbols->path[i] != path[i];
}

struct symbols *symbols_get(HANDLE process, DWORD64 base, const WCHAR *path)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct symbols *one = find(process, base);
    if (one && is_stale(one, path)) {
        forget(process, base);
        one = NULL;
    }
    if (!one && (one = symbols_read(process, base, path))) {
        one->next = all;
        all = one;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return one;
}

struct symbols *symbols_explicit(HANDLE process, DWORD64 address)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct symbols *one = all;
    while (one && !(one->explicit && one->process == process && address - one->base < one->image_size))
        one = one->next;
    RtlReleaseSRWLockExclusive(&lock);
    return one;
}

void symbols_forget(HANDLE process, DWORD64 base)
{
    RtlAcquireSRWLockExclusive(&lock);
    forget(process, base);
    RtlReleaseSRWLockExclusive(&lock);
}

const struct symbol *symbols_at(const struct symbols *symbols, DWORD64 address)
{
    DWORD wanted = (DWORD)(address - symbols->base), low = 0, high = symbols->count;
    while (low < high) {
        DWORD middle = (low + high) / 2;
        if (symbols->list[middle].rva <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return NULL;
    DWORD found = low - 1; /* of those at one place the first */
    while (found && symbols->list[found - 1].rva == symbols->list[found].rva)
        found--;
    return &symbols->list[found];
}

const struct symbol *symbols_named(const struct symbols *symbols, const char *name, size_t length)
{
    for (DWORD i = 0; i < symbols->count; i++)
        if (!strncmp(symbols->list[i].name, name, length) && !symbols->list[i].name[length])
            return &symbols->list[i];
    return NULL;
}

bool symbols_are_of(const struct symbols *symbols, const char *name, size_t length)
{
    const WCHAR *file = symbols->path;
    size_t start = 0, dot = 0, at = 0;

    for (; file[at]; at++) {
        if (file[at] == '\\')
            start = at + 1, dot = 0;
        else if (file[at] == '.')
            dot = at;
    }
    if ((dot ? dot : at) - start != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (RtlUpcaseUnicodeChar(file[start + i]) != RtlUpcaseUnicodeChar((WCHAR)(unsigned char)name[i]))
            return false;
    return true;
}

struct source_lines *symbols_lines(struct symbols *symbols)
{
    const struct debug_plugin *plugin = symbols->path[0] ? debug_plugin() : NULL;
    void *file;
    SIZE_T size;

    RtlAcquireSRWLockExclusive(&lock);
    if (plugin && !symbols->lines_tried) {
        file = file_read(symbols->path, &size);
        symbols->lines = file ? plugin->lines_open(file, size) : NULL;
        RtlFreeHeap(heap(), 0, file);
    }
    symbols->lines_tried = true;
    RtlReleaseSRWLockExclusive(&lock);
    return symbols->lines;
}
