/*
 * Does the Compression API of cabinet.dll pack and unpack: each algorithm, raw blocks and whole buffers, sizes asked
 * for, buffers that are too small, damaged data, the program's own memory functions?
 */
#define NTDDI_VERSION 0x0A000000
#include "check.h"
#include <compressapi.h>

#define BAD_BUFFER 605
static BOOL(WINAPI *create)(DWORD, void *, void **), (WINAPI * create_un)(DWORD, void *, void **);
static BOOL(WINAPI *compress)(void *, const void *, SIZE_T, void *, SIZE_T, SIZE_T *);
static BOOL(WINAPI *decompress)(void *, const void *, SIZE_T, void *, SIZE_T, SIZE_T *);
static BOOL(WINAPI *close_c)(void *), (WINAPI * close_d)(void *), (WINAPI * reset_c)(void *),
    (WINAPI * reset_d)(void *);
static BOOL(WINAPI *query)(void *, int, void *, SIZE_T), (WINAPI * set)(void *, int, void *, SIZE_T);

static BYTE data[200000], packed[260000], back[200001];

static void fill(int kind, SIZE_T size)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog; ";
    ULONG noise = 12345;

    for (SIZE_T i = 0; i < size; i++) {
        noise = noise * 1103515245 + 12345;
        data[i] = kind == 0 ? 'x' : kind == 1 ? (BYTE)text[i % (sizeof text - 1)] : (BYTE)(noise >> 24);
    }
}

static void round_trips(DWORD algorithm)
{
    static const SIZE_T sizes[] = {1, 2, 3, 100, 32767, 32768, 32769, 65536, 65537, 200000};
    void *packer = NULL, *unpacker = NULL;
    BOOL raw = (algorithm & COMPRESS_RAW) != 0;

    CHECK(create(algorithm, NULL, &packer));
    CHECK(create_un(algorithm, NULL, &unpacker));
    for (int kind = 0; kind < 3; kind++)
        for (int i = 0; i < 10; i++) {
            SIZE_T size = sizes[i], made = 0, got = 0;

            if (raw && size > 32768) /* one block of any algorithm */
                continue;
            fill(kind, size);
            CHECK_ERROR(compress(packer, data, size, NULL, 0, &made), ERROR_INSUFFICIENT_BUFFER);
            CHECK(made > 0 && made <= sizeof packed);
            SIZE_T most = made;
            CHECK(compress(packer, data, size, packed, most, &made));
            CHECK(made <= most);
            CHECK(kind == 2 || size < 30000 || made < size / 4);
            memset(back, 0xcc, sizeof back);
            if (!raw) {
                CHECK_ERROR(decompress(unpacker, packed, made, NULL, 0, &got), ERROR_INSUFFICIENT_BUFFER);
                CHECK_EQ(got, size);
                CHECK_ERROR(decompress(unpacker, packed, made, back, size - 1, &got), ERROR_INSUFFICIENT_BUFFER);
                CHECK(decompress(unpacker, packed, made, back, size + 1, &got));
                CHECK_EQ(got, size);
            }
            CHECK(decompress(unpacker, packed, made, back, size, &got));
            CHECK_EQ(got, size);
            CHECK(!memcmp(back, data, size));
            CHECK_EQ(back[size], 0xcc);
            CHECK(reset_c(packer) && reset_d(unpacker));
        }
    CHECK(close_c(packer));
    CHECK(close_d(unpacker));
}

static void damaged(DWORD algorithm)
{
    void *packer, *unpacker;
    SIZE_T made = 0, got;
    ULONG noise = 7;

    CHECK(create(algorithm, NULL, &packer));
    CHECK(create_un(algorithm, NULL, &unpacker));
    fill(1, 100000);
    CHECK(compress(packer, data, 100000, packed, sizeof packed, &made));
    CHECK_ERROR(decompress(unpacker, packed, 10, back, 100000, &got), BAD_BUFFER);
    CHECK_ERROR(decompress(unpacker, packed, made - 1, back, 100000, &got), BAD_BUFFER);
    for (int i = 0; i < 500; i++) {
        SIZE_T at;
        BYTE old;

        noise = noise * 1103515245 + 12345;
        at = (noise >> 8) % made;
        old = packed[at];
        packed[at] ^= (BYTE)(1u << (noise & 7));
        back[100000] = 0x5a;
        decompress(unpacker, packed, made, back, 100000, &got); /* whatever: nothing behind the end is written */
        CHECK_EQ(back[100000], 0x5a);
        packed[at] = old;
    }
    packed[0] ^= 1;
    CHECK_ERROR(decompress(unpacker, packed, made, back, 100000, &got), BAD_BUFFER);
    close_c(packer);
    close_d(unpacker);
}

static int allocated, freed;

static void *allocate(void *context, SIZE_T size)
{
    allocated += context == &allocated;
    return malloc(size);
}

static void release(void *context, void *memory)
{
    freed += context == &allocated;
    free(memory);
}

static void handles(void)
{
    struct {
        void *(*allocate)(void *, SIZE_T);
        void (*release)(void *, void *);
        void *context;
    } memory = {allocate, release, &allocated}, half = {allocate, NULL, NULL};
    void *packer = NULL, *unpacker = NULL;
    DWORD level = 5;
    SIZE_T made;

    CHECK_ERROR(create(COMPRESS_ALGORITHM_INVALID, NULL, &packer), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(99, NULL, &packer), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(COMPRESS_ALGORITHM_XPRESS, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(create(COMPRESS_ALGORITHM_XPRESS, &half, &packer), ERROR_INVALID_PARAMETER);
    CHECK(create(COMPRESS_ALGORITHM_XPRESS, &memory, &packer));
    CHECK(create_un(COMPRESS_ALGORITHM_XPRESS, &memory, &unpacker));
    CHECK(allocated > 0 && freed == 0);
    CHECK_ERROR(compress(NULL, data, 1, packed, 1000, &made), ERROR_INVALID_HANDLE);
    CHECK_ERROR(compress(unpacker, data, 1, packed, 1000, &made), ERROR_INVALID_HANDLE);
    CHECK_ERROR(compress(packer, NULL, 1, packed, 1000, &made), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(decompress(packer, packed, 1, back, 1000, &made), ERROR_INVALID_HANDLE);
    CHECK(query(packer, COMPRESS_INFORMATION_CLASS_LEVEL, &level, sizeof level));
    CHECK_EQ(level, 0);
    level = 1;
    CHECK(set(packer, COMPRESS_INFORMATION_CLASS_LEVEL, &level, sizeof level));
    level = 5;
    CHECK(query(packer, COMPRESS_INFORMATION_CLASS_LEVEL, &level, sizeof level));
    CHECK_EQ(level, 1);
    CHECK_ERROR(set(packer, COMPRESS_INFORMATION_CLASS_LEVEL, &level, 2), ERROR_INVALID_PARAMETER);
    CHECK(close_c(packer));
    CHECK(close_d(unpacker));
    CHECK_EQ(allocated, freed);
    CHECK_ERROR(close_c(NULL), ERROR_INVALID_HANDLE);
}

/* A raw block is what ntdll makes of it. */
static void raw_is_plain(void)
{
    LONG(WINAPI * rtl)
    (USHORT, void *, ULONG, const void *, ULONG, ULONG *) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll"), "RtlDecompressBuffer");
    void *packer;
    SIZE_T made = 0;
    ULONG got = 0;

    fill(1, 5000);
    CHECK(create(COMPRESS_ALGORITHM_XPRESS | COMPRESS_RAW, NULL, &packer));
    CHECK(compress(packer, data, 5000, packed, sizeof packed, &made));
    CHECK_EQ(rtl(COMPRESSION_FORMAT_XPRESS, back, 5000, packed, (ULONG)made, &got), 0);
    CHECK(got == 5000 && !memcmp(back, data, 5000));
    close_c(packer);
    CHECK(create(COMPRESS_ALGORITHM_MSZIP | COMPRESS_RAW, NULL, &packer));
    CHECK(compress(packer, data, 5000, packed, sizeof packed, &made));
    CHECK(packed[0] == 'C' && packed[1] == 'K');
    close_c(packer);
}

int main(void)
{
    HMODULE cabinet = LoadLibraryA("cabinet.dll");

    create = (void *)GetProcAddress(cabinet, "CreateCompressor");
    if (!create) { /* Wine's has none */
        CHECK(check_under_wine());
        return check_done();
    }
    create_un = (void *)GetProcAddress(cabinet, "CreateDecompressor");
    compress = (void *)GetProcAddress(cabinet, "Compress");
    decompress = (void *)GetProcAddress(cabinet, "Decompress");
    close_c = (void *)GetProcAddress(cabinet, "CloseCompressor");
    close_d = (void *)GetProcAddress(cabinet, "CloseDecompressor");
    reset_c = (void *)GetProcAddress(cabinet, "ResetCompressor");
    reset_d = (void *)GetProcAddress(cabinet, "ResetDecompressor");
    query = (void *)GetProcAddress(cabinet, "QueryCompressorInformation");
    set = (void *)GetProcAddress(cabinet, "SetCompressorInformation");
    for (DWORD algorithm = COMPRESS_ALGORITHM_MSZIP; algorithm <= COMPRESS_ALGORITHM_XPRESS_HUFF; algorithm++) {
        round_trips(algorithm);
        round_trips(algorithm | COMPRESS_RAW);
        damaged(algorithm);
    }
    handles();
    raw_is_plain();
    return check_done();
}
