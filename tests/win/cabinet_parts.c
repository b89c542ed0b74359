/*
 * Does FDI read a file that goes on in the next cabinet, folders of LZX, and reserved fields, and find damage there?
 *
 * link: -lcabinet
 */
#include "check.h"
#include <fcntl.h>
#include <fdi.h>
#include <io.h>
#include <sys/stat.h>

static BYTE cab[100000], content[40000], out[40000];
static int cab_size, out_size, copies, closed, partial, next_asked;
static BOOL refuse_next;

static void put1(int value)
{
    cab[cab_size++] = (BYTE)value;
}

static void put2(int value)
{
    put1(value);
    put1(value >> 8);
}

static void put4(int value)
{
    put2(value);
    put2(value >> 16);
}

static void text(const char *value)
{
    do
        put1(*value);
    while (*value++);
}

static void patch(int at, int value)
{
    for (int i = 0; i < 4; i++)
        cab[at + i] = (BYTE)(value >> 8 * i);
}

/* The head of a cabinet with one folder and one file; the file list comes at once, the blocks' place is patched. */
static int head(int number, int flags, int blocks, int type, int size, int folder)
{
    int folder_at;

    cab_size = 0;
    put4(0x4643534d);
    put4(0);
    put4(0);
    put4(0);
    put4(0); /* patched: the files */
    put4(0);
    put1(3);
    put1(1);
    put2(1);
    put2(1);
    put2(flags);
    put2(99);
    put2(number);
    if (flags & 4) { /* reserved fields */
        put2(5);
        put1(3);
        put1(2);
        for (int i = 0; i < 5; i++)
            put1(0xee);
    }
    if (flags & 1) {
        text("part0.cab");
        text("disk 0");
    }
    if (flags & 2) {
        text("part1.cab");
        text("disk 1");
    }
    folder_at = cab_size;
    put4(0);
    put2(blocks);
    put2(type);
    for (int i = 0; i < (flags & 4 ? 3 : 0); i++)
        put1(0xee);
    patch(16, cab_size);
    put4(size);
    put4(0);
    put2(folder);
    put2(0x5a21);
    put2(0x6b20);
    put2(0x20);
    text("file.bin");
    patch(folder_at, cab_size);
    return folder_at;
}

static void block(const BYTE *data, int packed, int size, BOOL reserve)
{
    put4(0);
    put2(packed);
    put2(size);
    if (reserve)
        put2(0xeeee);
    memcpy(cab + cab_size, data, (size_t)packed);
    cab_size += packed;
}

static void save(const char *name)
{
    FILE *file = fopen(name, "wb");

    patch(8, cab_size);
    fwrite(cab, 1, (size_t)cab_size, file);
    fclose(file);
}

/* ---- FDI ---- */

static void *__cdecl get(ULONG size)
{
    return malloc(size);
}

static void __cdecl put(void *memory)
{
    free(memory);
}

static INT_PTR __cdecl fdi_open(char *name, int flags, int mode)
{
    return _open(name, flags, mode);
}

static UINT __cdecl fdi_read(INT_PTR file, void *to, UINT size)
{
    return (UINT)_read((int)file, to, size);
}

static UINT __cdecl fdi_write(INT_PTR file, void *from, UINT size)
{
    CHECK_EQ(file, 1234);
    if (out_size + (int)size > (int)sizeof out)
        return 0;
    memcpy(out + out_size, from, size);
    out_size += (int)size;
    return size;
}

static int __cdecl fdi_close(INT_PTR file)
{
    return file == 1234 ? 0 : _close((int)file);
}

static LONG __cdecl fdi_seek(INT_PTR file, LONG distance, int from)
{
    return _lseek((int)file, distance, from);
}

static INT_PTR __cdecl notify(FDINOTIFICATIONTYPE kind, FDINOTIFICATION *what)
{
    switch (kind) {
    case fdintCOPY_FILE:
        copies++;
        out_size = 0;
        return 1234;
    case fdintCLOSE_FILE_INFO:
        closed++;
        return TRUE;
    case fdintPARTIAL_FILE:
        CHECK_STR(what->psz1, "file.bin");
        CHECK_STR(what->psz2, "part0.cab");
        CHECK_STR(what->psz3, "disk 0");
        partial++;
        return 0;
    case fdintNEXT_CABINET:
        CHECK_STR(what->psz1, "part1.cab");
        CHECK_STR(what->psz2, "disk 1");
        next_asked++;
        return refuse_next || next_asked > 1 ? -1 : 0;
    default:
        return 0;
    }
}

static BOOL extract(const char *name, int *why)
{
    ERF error = {0};
    HFDI fdi = FDICreate(get, put, fdi_open, fdi_read, fdi_write, fdi_close, fdi_seek, cpuUNKNOWN, &error);
    BOOL good;

    copies = closed = partial = next_asked = out_size = 0;
    memset(out, 0, sizeof out);
    good = FDICopy(fdi, (char *)name, "", 0, notify, NULL, NULL);
    *why = error.erfOper;
    FDIDestroy(fdi);
    return good;
}

/* ---- cases ---- */

static void parts(void)
{
    int why;

    head(0, 2, 2, tcompTYPE_NONE, 40000, 0xfffe);
    block(content, 32768, 32768, FALSE);
    block(content + 32768, 1000, 0, FALSE); /* goes on */
    save("part0.cab");
    head(1, 1, 1, tcompTYPE_NONE, 40000, 0xfffd);
    block(content + 33768, 6232, 7232, FALSE);
    save("part1.cab");
    CHECK(extract("part0.cab", &why));
    CHECK(copies == 1 && closed == 1 && next_asked == 1);
    CHECK_EQ(out_size, 40000);
    CHECK(!memcmp(out, content, 40000));
    CHECK(extract("part1.cab", &why)); /* the end of a file alone */
    CHECK(!copies && !closed && partial == 1);
    refuse_next = TRUE;
    CHECK(!extract("part0.cab", &why));
    CHECK_EQ(why, FDIERROR_USER_ABORT);
    refuse_next = FALSE;
    head(7, 1, 1, tcompTYPE_NONE, 40000, 0xfffd); /* not the next one: asked again */
    block(content + 33768, 6232, 7232, FALSE);
    save("part1.cab");
    CHECK(!extract("part0.cab", &why));
    CHECK_EQ(why, FDIERROR_USER_ABORT);
    CHECK_EQ(next_asked, 2);
    head(0, 0, 2, tcompTYPE_NONE, 40000, 0); /* goes on, but there is no next one */
    block(content, 32768, 32768, FALSE);
    block(content + 32768, 1000, 0, FALSE);
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_CORRUPT_CABINET);
}

static void reserved(void)
{
    int why;

    head(0, 4, 2, tcompTYPE_NONE, 40000, 0);
    block(content, 32768, 32768, TRUE);
    block(content + 32768, 7232, 7232, TRUE);
    save("one.cab");
    CHECK(extract("one.cab", &why));
    CHECK_EQ(out_size, 40000);
    CHECK(!memcmp(out, content, 40000));
}

/* A block that is not packed: 16-bit words, the highest bit first: no translation (0), its type (3), its length (24
 * bits), padding; the last three distances; the data. */
static void lzx(void)
{
    static BYTE stream[40100];
    unsigned long long bits = 3ull << 24 | 40000; /* with the zero before it, 28 bits */
    int at = 0, why;

    bits <<= 4;
    stream[at++] = (BYTE)(bits >> 16);
    stream[at++] = (BYTE)(bits >> 24);
    stream[at++] = (BYTE)bits;
    stream[at++] = (BYTE)(bits >> 8);
    for (int i = 0; i < 12; i++)
        stream[at++] = i % 4 == 0;
    memcpy(stream + at, content, 40000);
    head(0, 0, 2, tcompTYPE_LZX | 16 << 8, 40000, 0);
    block(stream, at + 32768, 32768, FALSE);
    block(stream + at + 32768, 7232, 7232, FALSE);
    save("one.cab");
    CHECK(extract("one.cab", &why));
    CHECK_EQ(out_size, 40000);
    CHECK(!memcmp(out, content, 40000));
    cab[cab_size - 40000 - 8 - at + 1] ^= 0x70; /* another type of block */
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_CORRUPT_CABINET);
}

static void types(void)
{
    int why;

    head(0, 0, 1, tcompTYPE_MSZIP, 10, 0);
    block((const BYTE *)"CK\3\0\0\0\0\0\0\0", 10, 10, FALSE); /* an empty block */
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_CORRUPT_CABINET);
    head(0, 0, 1, tcompTYPE_MSZIP, 3, 0);
    block((const BYTE *)"CK\1\3\0\xfc\xff"
                        "abc",
          10, 3, FALSE); /* as it is */
    save("one.cab");
    CHECK(extract("one.cab", &why));
    CHECK(out_size == 3 && !memcmp(out, "abc", 3));
    head(0, 0, 1, 5, 10, 0); /* no such type */
    block(content, 10, 10, FALSE);
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_BAD_COMPR_TYPE);
    head(0, 0, 1, tcompTYPE_NONE, 10, 3); /* no such folder */
    block(content, 10, 10, FALSE);
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_CORRUPT_CABINET);
    head(0, 0, 1, tcompTYPE_NONE, 11, 0); /* the file is longer than its folder */
    block(content, 10, 10, FALSE);
    save("one.cab");
    CHECK(!extract("one.cab", &why));
    CHECK_EQ(why, FDIERROR_CORRUPT_CABINET);
}

int main(void)
{
    for (int i = 0; i < 40000; i++)
        content[i] = (BYTE)(i * 7 + i / 256);
    parts();
    reserved();
    lzx();
    if (!check_under_wine()) /* finds less of it */
        types();
    return check_done();
}
