/*
 * Do cabinets come back as they went in?  Made by FCI, read by FDI, damaged, refused.
 *
 * link: -lcabinet
 */
#include "check.h"
#include <fcntl.h>
#include <fci.h>
#include <fdi.h>
#include <io.h>
#include <sys/stat.h>

#define LARGEST 200000

static BYTE content[4][LARGEST];
static const struct {
    const char *name;
    int size;
    USHORT attributes;
    BOOL execute;
} files[4] = {{"small.txt", 11, 0x20, FALSE},
              {"dir\\large.bin", LARGEST, 0x21, FALSE},
              {"empty", 0, 0x20, TRUE},
              {"exactly", 65536, 0x20, FALSE}};
static int placed, folders_told, blocks_told, cabinets_told;

static void fill(void)
{
    unsigned noise = 1;

    memcpy(content[0], "hello world", 11);
    for (int i = 0; i < LARGEST; i++) {
        noise = noise * 1103515245 + 12345;
        content[1][i] = (BYTE)(i % 7 ? i / 100 : noise >> 16);
        content[3][i] = (BYTE)(i * i >> 8);
    }
}

/* ---- functions for FCI ---- */

static void *__cdecl get(ULONG size)
{
    return malloc(size);
}

static void __cdecl put(void *memory)
{
    free(memory);
}

static INT_PTR __cdecl fci_open(char *name, int flags, int mode, int *error, void *user)
{
    INT_PTR file = _open(name, flags, mode);

    CHECK_EQ((INT_PTR)user, 77);
    if (file == -1)
        *error = errno;
    return file;
}

static UINT __cdecl fci_read(INT_PTR file, void *to, UINT size, int *error, void *user)
{
    return (UINT)_read((int)file, to, size);
}

static UINT __cdecl fci_write(INT_PTR file, void *from, UINT size, int *error, void *user)
{
    return (UINT)_write((int)file, from, size);
}

static int __cdecl fci_close(INT_PTR file, int *error, void *user)
{
    return _close((int)file);
}

static LONG __cdecl fci_seek(INT_PTR file, LONG distance, int from, int *error, void *user)
{
    return _lseek((int)file, distance, from);
}

static int __cdecl fci_delete(char *name, int *error, void *user)
{
    return _unlink(name);
}

static BOOL __cdecl temporary(char *name, int size, void *user)
{
    static int count;

    snprintf(name, (size_t)size, "fci%d.tmp", count++);
    return TRUE;
}

static int __cdecl file_placed(PCCAB cab, char *name, LONG size, BOOL continued, void *user)
{
    CHECK(!continued);
    placed++;
    return 0;
}

static LONG __cdecl told(UINT kind, ULONG first, ULONG second, void *user)
{
    blocks_told += kind == statusFile;
    folders_told += kind == statusFolder;
    cabinets_told += kind == statusCabinet;
    return kind == statusCabinet ? (LONG)second : 0;
}

static BOOL __cdecl next_cabinet(PCCAB cab, ULONG size, void *user)
{
    return TRUE;
}

static INT_PTR __cdecl open_info(char *name, USHORT *date, USHORT *time, USHORT *attributes, int *error, void *user)
{
    *date = 0x5a21;
    *time = 0x6b20;
    for (int i = 0; i < 4; i++)
        if (name[0] == '0' + i)
            *attributes = files[i].attributes;
    return _open(name, _O_RDONLY | _O_BINARY);
}

static BOOL make(const char *name, TCOMP type, BOOL folders)
{
    CCAB cab = {.cb = 0x7fffffff,
                .cbFolderThresh = 100000000,
                .iCab = 0,
                .setID = 4711,
                .cbReserveCFHeader = folders ? 300 : 0,
                .cbReserveCFFolder = folders ? 7 : 0,
                .cbReserveCFData = folders ? 9 : 0};
    ERF error = {0};
    HFCI fci;
    BOOL good = TRUE;

    strcpy(cab.szCab, name);
    placed = folders_told = blocks_told = cabinets_told = 0;
    fci = FCICreate(&error, file_placed, get, put, fci_open, fci_read, fci_write, fci_close, fci_seek, fci_delete,
                    temporary, &cab, (void *)77);
    CHECK(fci != NULL);
    CHECK(!error.fError);
    for (int i = 0; i < 4; i++) {
        char source[8];
        FILE *file;

        snprintf(source, sizeof source, "%d.src", i);
        file = fopen(source, "wb");
        fwrite(content[i], 1, (size_t)files[i].size, file);
        fclose(file);
        good = good &&
               FCIAddFile(fci, source, (char *)files[i].name, files[i].execute, next_cabinet, told, open_info, type);
        CHECK(good);
        if (folders && i == 1)
            CHECK(FCIFlushFolder(fci, next_cabinet, told));
        _unlink(source);
    }
    CHECK(FCIFlushCabinet(fci, FALSE, next_cabinet, told));
    CHECK_EQ(placed, 4);
    if (!check_under_wine()) /* it ends folders by itself */
        CHECK_EQ(folders_told, folders ? 2 : 1);
    CHECK(blocks_told >= 8);
    CHECK(cabinets_told >= 1);
    CHECK(FCIDestroy(fci));
    return good;
}

/* ---- functions for FDI ---- */

static BYTE out[4][LARGEST];
static int out_size[4], copies, closed, skip = -1, abort_at = -1;

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
    int number = (int)file - 1000;

    CHECK(number >= 0 && number < copies && out_size[number] + (int)size <= LARGEST);
    memcpy(out[number] + out_size[number], from, size);
    out_size[number] += (int)size;
    return size;
}

static int __cdecl fdi_close(INT_PTR file)
{
    return file >= 1000 ? 0 : _close((int)file);
}

static LONG __cdecl fdi_seek(INT_PTR file, LONG distance, int from)
{
    return _lseek((int)file, distance, from);
}

static INT_PTR __cdecl notify(FDINOTIFICATIONTYPE kind, FDINOTIFICATION *what)
{
    int now = copies;

    CHECK_EQ((INT_PTR)what->pv, 88);
    switch (kind) {
    case fdintCABINET_INFO:
        CHECK_EQ(what->setID, 4711);
        CHECK_EQ(what->iCabinet, 0);
        CHECK_STR(what->psz1, "");
        CHECK_STR(what->psz3, ".\\");
        return 0;
    case fdintCOPY_FILE:
        CHECK_STR(what->psz1, files[now].name);
        CHECK_EQ(what->cb, files[now].size);
        CHECK_EQ(what->date, 0x5a21);
        CHECK_EQ(what->time, 0x6b20);
        CHECK_EQ(what->attribs & 0x21, files[now].attributes);
        if (now == abort_at)
            return -1;
        copies++;
        if (now == skip)
            return 0;
        out_size[now] = 0;
        return 1000 + now;
    case fdintCLOSE_FILE_INFO:
        now = (int)what->hf - 1000; /* Wine asks for files ahead */
        CHECK(now >= 0 && now < copies);
        CHECK_STR(what->psz1, files[now].name);
        CHECK_EQ(what->cb, files[now].execute);
        if (!check_under_wine()) /* not all of a file may be there yet */
            CHECK_EQ(out_size[now], files[now].size);
        CHECK(!memcmp(out[now], content[now], (size_t)out_size[now]));
        closed++;
        return TRUE;
    default:
        return 0;
    }
}

static BOOL extract(const char *name, ERF *error)
{
    HFDI fdi = FDICreate(get, put, fdi_open, fdi_read, fdi_write, fdi_close, fdi_seek, cpuUNKNOWN, error);
    BOOL good;

    CHECK(fdi != NULL);
    copies = closed = 0;
    good = FDICopy(fdi, (char *)name, ".\\", 0, notify, NULL, (void *)88);
    CHECK_EQ(error->fError, !good);
    CHECK(FDIDestroy(fdi));
    return good;
}

static void information(const char *name, int folders)
{
    ERF error = {0};
    FDICABINETINFO info;
    HFDI fdi = FDICreate(get, put, fdi_open, fdi_read, fdi_write, fdi_close, fdi_seek, cpuUNKNOWN, &error);
    int file = _open(name, _O_RDONLY | _O_BINARY);

    CHECK(FDIIsCabinet(fdi, file, &info));
    CHECK_EQ(info.cFiles, 4);
    CHECK_EQ(info.cFolders, folders);
    CHECK_EQ(info.setID, 4711);
    CHECK_EQ(info.iCabinet, 0);
    CHECK_EQ(info.cbCabinet, _filelength(file));
    CHECK(!info.hasnext && !info.hasprev);
    CHECK_EQ(info.fReserve != 0, folders == 2);
    _lseek(file, 1, SEEK_SET);
    CHECK(!FDIIsCabinet(fdi, file, &info));
    if (!check_under_wine()) /* does not say why */
        CHECK_EQ(error.erfOper, FDIERROR_NOT_A_CABINET);
    _close(file);
    CHECK(FDIDestroy(fdi));
}

static void round_trip(TCOMP type, BOOL folders)
{
    ERF error = {0};

    skip = abort_at = -1;
    if (!make("test.cab", type, folders))
        return;
    information("test.cab", folders ? 2 : 1);
    CHECK(extract("test.cab", &error));
    CHECK_EQ(closed, 4);
    for (skip = 0; skip < 4; skip++) {
        CHECK(extract("test.cab", &error));
        CHECK_EQ(closed, 3);
    }
    skip = -1;
    for (abort_at = 0; abort_at < 4; abort_at++) {
        CHECK(!extract("test.cab", &error));
        CHECK_EQ(error.erfOper, FDIERROR_USER_ABORT);
        CHECK_EQ(closed, abort_at);
    }
    abort_at = -1;
}

static void refused(void)
{
    ERF error = {0};
    FILE *file;
    long size;
    BYTE *whole;

    CHECK(!extract("missing.cab", &error));
    CHECK_EQ(error.erfOper, FDIERROR_CABINET_NOT_FOUND);
    file = fopen("other.cab", "wb");
    fwrite(content[1], 1, 100, file);
    fclose(file);
    CHECK(!extract("other.cab", &error));
    CHECK_EQ(error.erfOper, FDIERROR_NOT_A_CABINET);
    file = fopen("test.cab", "rb");
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    whole = malloc((size_t)size);
    rewind(file);
    fread(whole, 1, (size_t)size, file);
    fclose(file);
    /* in the data of the last block: the checksum tells */
    whole[size - 10] ^= 1;
    file = fopen("other.cab", "wb");
    fwrite(whole, 1, (size_t)size, file);
    fclose(file);
    CHECK(!extract("other.cab", &error));
    CHECK_EQ(error.erfOper, FDIERROR_CORRUPT_CABINET);
    whole[size - 10] ^= 1;
    for (long cut = 36; cut < size; cut += 997) { /* the end is missing */
        file = fopen("other.cab", "wb");
        fwrite(whole, 1, (size_t)cut, file);
        fclose(file);
        CHECK(!extract("other.cab", &error));
        CHECK_EQ(error.erfOper, FDIERROR_CORRUPT_CABINET);
    }
    whole[25] = 2; /* a version to come */
    file = fopen("other.cab", "wb");
    fwrite(whole, 1, (size_t)size, file);
    fclose(file);
    CHECK(!extract("other.cab", &error));
    CHECK_EQ(error.erfOper, FDIERROR_UNKNOWN_CABINET_VERSION);
    free(whole);
    CHECK(!FDIDestroy(NULL));
    CHECK(!FCIDestroy(NULL));
}

int main(void)
{
    fill();
    round_trip(tcompTYPE_NONE, FALSE);
    round_trip(tcompTYPE_NONE, TRUE);
    round_trip(tcompTYPE_MSZIP, FALSE);
    round_trip(tcompTYPE_MSZIP, TRUE);
    refused();
    return check_done();
}
