/*
 * Do LZNT1 and the Xpress formats pack and unpack as documented: samples of the specification, round trips of many
 * kinds of data, fragments, buffers cut at any place, damaged ones?
 */
#include "check.h"

typedef LONG NTSTATUS;
typedef NTSTATUS(WINAPI *Size)(USHORT, ULONG *, ULONG *);
typedef NTSTATUS(WINAPI *Compress)(USHORT, const void *, ULONG, void *, ULONG, ULONG, ULONG *, void *);
typedef NTSTATUS(WINAPI *Decompress)(USHORT, void *, ULONG, const void *, ULONG, ULONG *);
typedef NTSTATUS(WINAPI *DecompressEx)(USHORT, void *, ULONG, const void *, ULONG, ULONG *, void *);
typedef NTSTATUS(WINAPI *Fragment)(USHORT, void *, ULONG, const void *, ULONG, ULONG, ULONG *, void *);

static Size work_size;
static Compress compress;
static Decompress decompress;
static DecompressEx decompress_ex;
static Fragment fragment;

#define LZNT1 COMPRESSION_FORMAT_LZNT1
#define XPRESS COMPRESSION_FORMAT_XPRESS
#define HUFFMAN COMPRESSION_FORMAT_XPRESS_HUFF
#define UNSUPPORTED ((NTSTATUS)0xc000025f)
#define BAD_BUFFER ((NTSTATUS)0xc0000242)
#define TOO_SMALL ((NTSTATUS)0xc0000023)
#define INVALID ((NTSTATUS)0xc000000d)

static BYTE data[70000], packed[90000], back[70000];
static BYTE work[0x20000];

/* Kinds of data: the same, text that repeats, numbers, noise. */
static void fill(int kind, ULONG size)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog; ";
    ULONG noise = 12345;

    for (ULONG i = 0; i < size; i++) {
        noise = noise * 1103515245 + 12345;
        data[i] = kind == 0   ? 'x'
                  : kind == 1 ? (BYTE)text[i % (sizeof text - 1)]
                  : kind == 2 ? (BYTE)(i / 7)
                  : kind == 3 ? (BYTE)(noise >> 24)
                  : kind == 4 ? (BYTE)(noise >> 24 & 3)
                              : (BYTE)(i < size / 2 ? noise >> 24 : data[i - size / 2]);
    }
}

static void round_trips(USHORT format)
{
    static const ULONG sizes[] = {1,    2,    3,    4,    15,   16,   17,    18,    100,
                                  4095, 4096, 4097, 8191, 8192, 8193, 20000, 65536, 70000};

    for (int kind = 0; kind < 6; kind++) {
        for (int i = 0; i < 18; i++) {
            ULONG size = sizes[i], made = 0, got = 0;

            fill(kind, size);
            CHECK_EQ(compress(format, data, size, packed, sizeof packed, 4096, &made, work), 0);
            CHECK(made <= size + size / 8 + 16);
            CHECK(kind != 0 || size < 100 || made < size / 4);
            memset(back, 0xcc, sizeof back);
            CHECK_EQ(decompress(format, back, size, packed, made, &got), 0);
            CHECK_EQ(got, size);
            CHECK(!memcmp(back, data, size));
            /* less room: what fits */
            CHECK_EQ(decompress(format, back, size / 2, packed, made, &got), 0);
            CHECK_EQ(got, size / 2);
            /* a byte too few for the packed form */
            CHECK_EQ(compress(format, data, size, packed, made - 1, 4096, &got, work), TOO_SMALL);
        }
    }
}

static void sizes(void)
{
    ULONG size = 0, part = 0;

    CHECK_EQ(work_size(LZNT1, &size, &part), 0);
    CHECK(size > 0 && part == 4096);
    CHECK_EQ(work_size(LZNT1 | COMPRESSION_ENGINE_MAXIMUM, &size, &part), 0);
    CHECK_EQ(work_size(COMPRESSION_FORMAT_NONE, &size, &part), INVALID);
    CHECK_EQ(work_size(COMPRESSION_FORMAT_DEFAULT, &size, &part), INVALID);
    CHECK_EQ(work_size(0xff, &size, &part), UNSUPPORTED);
    CHECK_EQ(compress(COMPRESSION_FORMAT_NONE, data, 4, packed, 100, 4096, &size, work), INVALID);
    CHECK_EQ(compress(0xff, data, 4, packed, 100, 4096, &size, work), UNSUPPORTED);
    CHECK_EQ(decompress(0xff, back, 4, packed, 100, &size), UNSUPPORTED);
}

/* A raw chunk, a packed one, and one that repeats itself. */
static void samples_of_lznt1(void)
{
    static const BYTE raw[] = {0x03, 0x30, 'W', 'i', 'n', 'e'};
    static const BYTE repeats[] = {0x06, 0xb0, 0x10, 'W', 'i', 'n', 'e', 0x01, 0x30};
    static const BYTE before[] = {0x02, 0xb0, 0x01, 0x05, 0x10};
    static const BYTE two[] = {0x03, 0x30, 'W', 'i', 'n', 'e', 0x03, 0x30, 'W', 'i', 'n', 'e'};
    ULONG got = 0;

    CHECK_EQ(decompress(LZNT1, back, 100, raw, sizeof raw, &got), 0);
    CHECK(got == 4 && !memcmp(back, "Wine", 4));
    CHECK_EQ(decompress(LZNT1, back, 100, repeats, sizeof repeats, &got), 0);
    CHECK(got == 8 && !memcmp(back, "WineWine", 8));
    CHECK_EQ(decompress(LZNT1, back, 100, before, sizeof before, &got), BAD_BUFFER);
    CHECK_EQ(decompress(LZNT1, back, sizeof back, two, sizeof two, &got), 0);
    CHECK_EQ(got, 4096 + 4); /* a chunk before another one is whole */
    CHECK(!memcmp(back + 4096, "Wine", 4) && back[4] == 0 && back[4095] == 0);
    fill(1, 20000);
    CHECK_EQ(compress(LZNT1, data, 20000, packed, sizeof packed, 4096, &got, work), 0);
    for (ULONG offset = 0; offset < 20000; offset += 333) {
        ULONG made = got, part = 0;

        CHECK_EQ(fragment(LZNT1, back, 1000, packed, made, offset, &part, work), 0);
        CHECK_EQ(part, offset + 1000 <= 20000 ? 1000 : 20000 - offset);
        CHECK(!memcmp(back, data + offset, part));
    }
}

/* From [MS-XCA], section 3. */
static void samples_of_xpress(void)
{
    static const BYTE alphabet[] = {0x3f, 0,   0,   0,   'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k',
                                    'l',  'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z'};
    static const BYTE abc[] = {0xff, 0xff, 0xff, 0x1f, 'a', 'b', 'c', 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01};
    ULONG got = 0;

    for (int i = 0; i < 26; i++)
        data[i] = (BYTE)('a' + i);
    CHECK_EQ(compress(XPRESS, data, 26, packed, sizeof packed, 4096, &got, work), 0);
    CHECK(got == sizeof alphabet && !memcmp(packed, alphabet, got));
    CHECK_EQ(decompress(XPRESS, back, 100, alphabet, sizeof alphabet, &got), 0);
    CHECK(got == 26 && !memcmp(back, data, 26));
    for (int i = 0; i < 300; i++)
        data[i] = (BYTE)('a' + i % 3);
    CHECK_EQ(compress(XPRESS, data, 300, packed, sizeof packed, 4096, &got, work), 0);
    CHECK(got == sizeof abc && !memcmp(packed, abc, got));
    CHECK_EQ(decompress(XPRESS, back, 1000, abc, sizeof abc, &got), 0);
    CHECK(got == 300 && !memcmp(back, data, 300));
}

/* Packing makes what stands in `packed` already. */
static void huffman_sample(const void *in, ULONG size, ULONG expected)
{
    static BYTE made[1000];
    ULONG got = 0;

    CHECK_EQ(compress(HUFFMAN, in, size, made, sizeof made, 4096, &got, work), 0);
    CHECK_EQ(got, expected);
    CHECK(!memcmp(made, packed, expected));
}

static void round_trips_of_huffman(void)
{
    static const ULONG sizes[] = {1, 2, 3, 18, 100, 300, 4096, 20000, 65535, 65536, 65537, 70000};

    for (int kind = 0; kind < 6; kind++) {
        for (int i = 0; i < 12; i++) {
            ULONG size = sizes[i], made = 0, got = 0;

            fill(kind, size);
            CHECK_EQ(compress(HUFFMAN, data, size, packed, sizeof packed, 4096, &made, work), 0);
            CHECK(made <= size + size / 8 + 600);
            CHECK(kind > 2 || size < 4000 || made < size / 2);
            memset(back, 0xcc, sizeof back);
            CHECK_EQ(decompress_ex(HUFFMAN, back, size, packed, made, &got, work), 0);
            CHECK_EQ(got, size);
            CHECK(!memcmp(back, data, size));
            CHECK_EQ(decompress_ex(HUFFMAN, back, size / 2, packed, made, &got, work), 0);
            CHECK_EQ(got, size / 2);
            CHECK_EQ(compress(HUFFMAN, data, size, packed, made - 1, 4096, &got, work), TOO_SMALL);
        }
    }
}

/* Data that ends in runs: three bytes from one place before share their symbol with the end. */
static void ends_of_huffman(void)
{
    for (ULONG size = 1; size < 400; size++) {
        ULONG made = 0, got = 0;

        for (ULONG i = 0; i < size; i++)
            data[i] = (BYTE)((size - 1 - i) / (4 + size % 3) * 37 + size);
        CHECK_EQ(compress(HUFFMAN, data, size, packed, sizeof packed, 4096, &made, work), 0);
        CHECK_EQ(decompress_ex(HUFFMAN, back, size, packed, made, &got, work), 0);
        CHECK_EQ(got, size);
        CHECK(!memcmp(back, data, size));
    }
}

static void samples_of_huffman(void)
{
    static const BYTE bits[] = {0xd8, 0x52, 0x3e, 0xd7, 0x94, 0x11, 0x5b, 0xe9, 0x19, 0x5f,
                                0xf9, 0xd6, 0x7c, 0xdf, 0x8d, 0x04, 0x00, 0x00, 0x00, 0x00};
    static const BYTE abc_bits[] = {0xa8, 0xdc, 0x00, 0x00, 0xff, 0x26, 0x01};
    ULONG got = 0;

    memset(packed, 0, 256);
    for (int c = 'a'; c <= 'z'; c++)
        packed[c / 2] |= (BYTE)((c <= 'v' ? 5 : 4) << (c % 2 ? 4 : 0));
    packed[128] = 4; /* the end */
    memcpy(packed + 256, bits, sizeof bits);
    CHECK_EQ(decompress(HUFFMAN, back, 26, packed, 256 + sizeof bits, &got), UNSUPPORTED);
    CHECK_EQ(decompress_ex(HUFFMAN, back, 26, packed, 256 + sizeof bits, &got, work), 0);
    CHECK(got == 26 && !memcmp(back, "abcdefghijklmnopqrstuvwxyz", 26));
    huffman_sample("abcdefghijklmnopqrstuvwxyz", 26, 256 + sizeof bits);
    memset(packed, 0, 256);
    packed['a' / 2] |= 3 << 4;
    packed['b' / 2] |= 3;
    packed['c' / 2] |= 2 << 4;
    packed[128] |= 2;                      /* the end */
    packed[(256 + 16 + 15) / 2] |= 2 << 4; /* two or three back, a long one */
    memcpy(packed + 256, abc_bits, sizeof abc_bits);
    memset(back, 0, sizeof back);
    CHECK_EQ(decompress_ex(HUFFMAN, back, 300, packed, 256 + sizeof abc_bits, &got, work), 0);
    CHECK_EQ(got, 300);
    for (int i = 0; i < 300; i++)
        CHECK_EQ(back[i], 'a' + i % 3);
    memcpy(data, back, 300);
    huffman_sample(data, 300, 256 + sizeof abc_bits);
    memset(packed, 0x11, 256); /* lengths that are no code */
    CHECK_EQ(decompress_ex(HUFFMAN, back, 300, packed, 300, &got, work), BAD_BUFFER);
}

/* Whatever comes in, no more than there is room for is written. */
static void damaged(USHORT format)
{
    ULONG made = 0, got, noise = 99;

    fill(5, 5000);
    CHECK_EQ(compress(format, data, 5000, packed, sizeof packed, 4096, &made, work), 0);
    for (ULONG size = 0; size < made; size += 7) {
        back[5000] = 0x5a;
        got = 0;
        decompress(format, back, 5000, packed, size, &got);
        CHECK(got <= 5000 && back[5000] == 0x5a);
    }
    for (int i = 0; i < 2000; i++) {
        BYTE old;
        ULONG at;

        noise = noise * 1103515245 + 12345;
        at = (noise >> 8) % made;
        old = packed[at];
        packed[at] ^= (BYTE)(1u << (noise & 7));
        back[5000] = 0x5a;
        got = 0;
        decompress(format, back, 5000, packed, made, &got);
        CHECK(got <= 5000 && back[5000] == 0x5a);
        packed[at] = old;
    }
}

int main(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll");

    work_size = (Size)(void *)GetProcAddress(ntdll, "RtlGetCompressionWorkSpaceSize");
    compress = (Compress)(void *)GetProcAddress(ntdll, "RtlCompressBuffer");
    decompress = (Decompress)(void *)GetProcAddress(ntdll, "RtlDecompressBuffer");
    decompress_ex = (DecompressEx)(void *)GetProcAddress(ntdll, "RtlDecompressBufferEx");
    fragment = (Fragment)(void *)GetProcAddress(ntdll, "RtlDecompressFragment");
    samples_of_lznt1();
    if (!check_under_wine()) { /* it stores without packing and knows LZNT1 alone */
        sizes();
        round_trips(LZNT1);
        round_trips(XPRESS);
        samples_of_xpress();
        samples_of_huffman();
        round_trips_of_huffman();
        ends_of_huffman();
        damaged(LZNT1);
        damaged(XPRESS);
        damaged(HUFFMAN);
    }
    return check_done();
}
