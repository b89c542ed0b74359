/*
 * Do compound files keep what is put into them: streams small and large, storages inside of storages, names in order,
 * classes; what is refused, and what becomes of files that are damaged?
 */
/* link: -lole32 -luuid */
#define COBJMACROS
#include "check.h"
#include <objbase.h>

#define RW (STGM_READWRITE | STGM_SHARE_EXCLUSIVE)
#define RO (STGM_READ | STGM_SHARE_EXCLUSIVE)

static const GUID class_id = {0x2f3c1a70, 0x5b1d, 0x4c11, {0x9a, 0x10, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};
static const DWORD sizes[] = {0, 1, 63, 64, 65, 4095, 4096, 4097, 70000};
#define SIZES (sizeof sizes / sizeof *sizes)

static BYTE pattern(DWORD size, DWORD at)
{
    return (BYTE)(size * 7 + at * 13 + (at >> 8));
}

static void put(IStorage *storage, DWORD size)
{
    BYTE *data = malloc(size + 1);
    WCHAR name[32];
    IStream *stream = NULL;
    ULONG done = 0;

    for (DWORD i = 0; i < size; i++)
        data[i] = pattern(size, i);
    swprintf(name, 32, L"stream %lu", size);
    CHECK_EQ(IStorage_CreateStream(storage, name, RW, 0, 0, &stream), S_OK);
    CHECK_EQ(IStream_Write(stream, data, size, &done), S_OK);
    CHECK_EQ(done, size);
    IStream_Release(stream);
    free(data);
}

static void get(IStorage *storage, DWORD size)
{
    BYTE *data = malloc(size + 1);
    WCHAR name[32];
    IStream *stream = NULL;
    ULONG done = 0, wrong = 0;
    STATSTG info;

    swprintf(name, 32, L"STREAM %lu", size);
    CHECK_EQ(IStorage_OpenStream(storage, name, NULL, RO, 0, &stream), S_OK);
    if (stream) {
        CHECK_EQ(IStream_Stat(stream, &info, STATFLAG_NONAME), S_OK);
        CHECK_EQ(info.cbSize.QuadPart, size);
        CHECK_EQ(IStream_Read(stream, data, size + 1, &done), S_OK);
        CHECK_EQ(done, size);
        for (DWORD i = 0; i < done; i++)
            wrong += data[i] != pattern(size, i);
        CHECK_EQ(wrong, 0);
        CHECK_EQ(IStream_Write(stream, data, 1, &done), STG_E_ACCESSDENIED);
        IStream_Release(stream);
    }
    free(data);
}

static void check_round(void)
{
    IStorage *root = NULL, *inner = NULL, *again = NULL;
    IEnumSTATSTG *elements = NULL;
    IStream *stream = NULL;
    STATSTG info;
    ULONG count = 0;
    CLSID id;

    CHECK_EQ(StgCreateDocfile(L"test.stg", STGM_CREATE | RW, 0, &root), S_OK);
    for (size_t i = 0; i < SIZES; i++)
        put(root, sizes[i]);
    CHECK_EQ(WriteClassStg(root, &class_id), S_OK);
    CHECK_EQ(IStorage_CreateStorage(root, L"inner", RW, 0, 0, &inner), S_OK);
    put(inner, 5000);
    put(inner, 12);
    CHECK_EQ(IStorage_CreateStorage(inner, L"deep", RW, 0, 0, &again), S_OK);
    put(again, 3);
    IStorage_Release(again);
    IStorage_Release(inner);
    CHECK_EQ(IStorage_CreateStream(root, L"stream 64", RW, 0, 0, &stream), STG_E_FILEALREADYEXISTS);
    if (!check_under_wine()) /* takes them */
        CHECK_EQ(IStorage_CreateStream(root, L"a/b", RW, 0, 0, &stream), STG_E_INVALIDNAME);
    CHECK_EQ(IStorage_CreateStream(root, L"this name has more than thirty-one letters", RW, 0, 0, &stream),
             STG_E_INVALIDNAME);
    CHECK_EQ(IStorage_OpenStream(root, L"no such", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    CHECK_EQ(IStorage_OpenStream(root, L"inner", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    CHECK_EQ(IStorage_OpenStorage(root, L"stream 64", NULL, RO, NULL, 0, &again), STG_E_FILENOTFOUND);
    CHECK_EQ(IStorage_Commit(root, STGC_DEFAULT), S_OK);
    CHECK_EQ(IStorage_Release(root), 0);

    CHECK_EQ(StgIsStorageFile(L"test.stg"), S_OK);
    CHECK_EQ(StgOpenStorage(L"test.stg", NULL, RW, NULL, 0, &root), S_OK);
    for (size_t i = 0; i < SIZES; i++)
        get(root, sizes[i]);
    CHECK_EQ(ReadClassStg(root, &id), S_OK);
    CHECK(IsEqualGUID(&id, &class_id));
    CHECK_EQ(IStorage_OpenStorage(root, L"Inner", NULL, RW, NULL, 0, &inner), S_OK);
    get(inner, 5000);
    get(inner, 12);
    CHECK_EQ(IStorage_OpenStorage(inner, L"deep", NULL, RO, NULL, 0, &again), S_OK);
    get(again, 3);
    IStorage_Release(again);
    CHECK_EQ(IStorage_EnumElements(inner, 0, NULL, 0, &elements), S_OK);
    while (IEnumSTATSTG_Next(elements, 1, &info, NULL) == S_OK) {
        if (!wcscmp(info.pwcsName, L"deep"))
            CHECK_EQ(info.type, STGTY_STORAGE);
        CoTaskMemFree(info.pwcsName);
        count++;
    }
    CHECK_EQ(count, 3);
    IEnumSTATSTG_Release(elements);
    CHECK_EQ(IStorage_DestroyElement(inner, L"deep"), S_OK);
    CHECK_EQ(IStorage_DestroyElement(inner, L"deep"), STG_E_FILENOTFOUND);
    CHECK_EQ(IStorage_RenameElement(inner, L"stream 12", L"renamed"), S_OK);
    IStorage_Release(inner);
    CHECK_EQ(IStorage_DestroyElement(root, L"stream 70000"), S_OK);
    CHECK_EQ(IStorage_Commit(root, STGC_DEFAULT), S_OK);
    IStorage_Release(root);

    CHECK_EQ(StgOpenStorage(L"test.stg", NULL, RO, NULL, 0, &root), S_OK);
    CHECK_EQ(IStorage_OpenStream(root, L"stream 70000", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    CHECK_EQ(IStorage_OpenStorage(root, L"inner", NULL, RO, NULL, 0, &inner), S_OK);
    CHECK_EQ(IStorage_OpenStream(inner, L"renamed", NULL, RO, 0, &stream), S_OK);
    IStream_Release(stream);
    get(inner, 5000);
    CHECK_EQ(IStorage_CreateStream(inner, L"more", RW, 0, 0, &stream), STG_E_ACCESSDENIED);
    IStorage_Release(inner);
    IStorage_Release(root);
}

/* Two hundred streams: a directory of many sectors, and a tree that readers search. */
static void check_many(void)
{
    IStorage *root = NULL, *copy = NULL;
    IStream *stream;
    WCHAR name[32];
    int found = 0;

    CHECK_EQ(StgCreateDocfile(L"many.stg", STGM_CREATE | RW, 0, &root), S_OK);
    for (int i = 0; i < 200; i++) {
        swprintf(name, 32, L"n%d", i * 37 % 200);
        if (IStorage_CreateStream(root, name, RW, 0, 0, &stream) == S_OK) {
            IStream_Write(stream, &i, sizeof i, NULL);
            IStream_Release(stream);
        }
    }
    CHECK_EQ(StgCreateDocfile(L"copy.stg", STGM_CREATE | RW, 0, &copy), S_OK);
    CHECK_EQ(IStorage_CopyTo(root, 0, NULL, NULL, copy), S_OK);
    IStorage_Release(copy);
    IStorage_Release(root);
    CHECK_EQ(StgOpenStorage(L"copy.stg", NULL, RO, NULL, 0, &root), S_OK);
    for (int i = 0; i < 200; i++) {
        int value = -1;

        swprintf(name, 32, L"n%d", i * 37 % 200);
        if (IStorage_OpenStream(root, name, NULL, RO, 0, &stream) == S_OK) {
            IStream_Read(stream, &value, sizeof value, NULL);
            found += value == i;
            IStream_Release(stream);
        }
    }
    CHECK_EQ(found, 200);
    IStorage_Release(root);
}

static void check_refused(void)
{
    IStorage *root = NULL;
    BYTE *bytes = malloc(1 << 20);
    DWORD size, done;
    HANDLE file;

    CHECK_EQ(StgOpenStorage(L"no such.stg", NULL, RO, NULL, 0, &root), STG_E_FILENOTFOUND);
    CHECK(root == NULL);
    CHECK_EQ(StgIsStorageFile(L"no such.stg"), STG_E_FILENOTFOUND);
    CHECK_EQ(StgCreateDocfile(L"test.stg", RW | STGM_FAILIFTHERE, 0, &root), STG_E_FILEALREADYEXISTS);
    file = CreateFileA("plain.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, "plain", 5, &done, NULL);
    CloseHandle(file);
    CHECK_EQ(StgIsStorageFile(L"plain.txt"), S_FALSE);
    CHECK_EQ(StgOpenStorage(L"plain.txt", NULL, RO, NULL, 0, &root), STG_E_FILEALREADYEXISTS);

    if (check_under_wine())
        goto end;
    file = CreateFileA("test.stg", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ReadFile(file, bytes, 1 << 20, &size, NULL);
    CloseHandle(file);
    for (DWORD at = 44; at < 2048; at += 4) { /* each number of the head and the tables, made absurd; and cut files */
        DWORD old = *(DWORD *)(bytes + at), length = at % 8 ? size : at;

        *(DWORD *)(bytes + at) = at % 16 ? 0x7fffffff : 3;
        file = CreateFileA("bad.stg", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        WriteFile(file, bytes, length, &done, NULL);
        CloseHandle(file);
        root = NULL;
        if (SUCCEEDED(StgOpenStorage(L"bad.stg", NULL, RO, NULL, 0, &root)))
            IStorage_Release(root);
        *(DWORD *)(bytes + at) = old;
    }
    CHECK(1); /* nothing crashed */
end:
    free(bytes);
    DeleteFileA("test.stg");
    DeleteFileA("many.stg");
    DeleteFileA("copy.stg");
    DeleteFileA("plain.txt");
    DeleteFileA("bad.stg");
}

int main(int argc, char **argv)
{
    CoInitialize(NULL);
    check_round();
    check_many();
    if (argc < 2) /* with an argument the files are kept */
        check_refused();
    CoUninitialize();
    (void)argv;
    return check_done();
}
