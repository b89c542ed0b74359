/* Do views of files and of the page file show, share and protect what they should? */
#include "check.h"

static DWORD state_of(const void *address)
{
    MEMORY_BASIC_INFORMATION info = {0};
    CHECK(VirtualQuery(address, &info, sizeof info));
    return info.State;
}

/* Memory reserved by a section: a page that one view commits is committed in all, with the view's own protection. */
static void test_reserved_section(void)
{
    HANDLE m = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_EXECUTE_READWRITE | SEC_RESERVE, 512, 0, NULL);
    CHECK(m != NULL);
    char *code = MapViewOfFile(m, FILE_MAP_READ | FILE_MAP_WRITE | FILE_MAP_EXECUTE, 0, 0x10000, 0x10000);
    char *data = MapViewOfFile(m, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0x20000);
    CHECK(code && data);
    CHECK_EQ(state_of(code), MEM_RESERVE);
    CHECK_EQ(state_of(data), MEM_RESERVE);
    CHECK(VirtualAlloc(code + 0x1000, 0x2000, MEM_COMMIT, PAGE_EXECUTE_READ) == code + 0x1000);
    CHECK_EQ(state_of(code), MEM_RESERVE);
    CHECK_EQ(state_of(code + 0x1000), MEM_COMMIT);
    CHECK_EQ(state_of(code + 0x3000), MEM_RESERVE);
    CHECK_EQ(state_of(data + 0x10000), MEM_RESERVE);
    CHECK_EQ(state_of(data + 0x12000), MEM_COMMIT);
    static const unsigned char returns_7[] = {0xb8, 7, 0, 0, 0, 0xc3};
    memcpy(data + 0x12ffd, returns_7, 3);
    CHECK_EQ(code[0x2ffd] & 0xff, 0xb8);
    memcpy(data + 0x11000, returns_7, sizeof returns_7);
    CHECK_EQ(((int (*)(void))(code + 0x1000))(), 7);
    CHECK(UnmapViewOfFile(data));
    /* A page that is committed already may be so again; a later view sees all of it. */
    CHECK(VirtualAlloc(code + 0x2000, 0x2000, MEM_COMMIT, PAGE_READWRITE) != NULL);
    code[0x3000] = 'c';
    data = MapViewOfFile(m, FILE_MAP_READ, 0, 0x10000, 0x10000);
    CHECK(data != NULL);
    CHECK_EQ(state_of(data), MEM_RESERVE);
    CHECK_EQ(state_of(data + 0x1000), MEM_COMMIT);
    CHECK_EQ(state_of(data + 0x3000), MEM_COMMIT);
    CHECK_EQ(state_of(data + 0x4000), MEM_RESERVE);
    CHECK_EQ(data[0x3000], 'c');
    CHECK(UnmapViewOfFile(data));
    CHECK(UnmapViewOfFile(code));
    /* Without any view the section still remembers. */
    data = MapViewOfFile(m, FILE_MAP_READ, 0, 0x10000, 0x10000);
    CHECK_EQ(state_of(data + 0x3000), MEM_COMMIT);
    CHECK_EQ(data[0x3000], 'c');
    CHECK_EQ(state_of(data + 0x4000), MEM_RESERVE);
    UnmapViewOfFile(data);
    CloseHandle(m);
}

int main(void)
{
    test_reserved_section();
    DWORD n;
    HANDLE h = CreateFileA("m.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK_ERROR(CreateFileMappingA(h, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_FILE_INVALID);
    CHECK(WriteFile(h, "mapped file", 11, &n, NULL));
    HANDLE m = CreateFileMappingA(h, NULL, PAGE_READWRITE, 0, 0, NULL);
    CHECK(m != NULL);
    char *view = MapViewOfFile(m, FILE_MAP_WRITE, 0, 0, 0);
    char *copy = MapViewOfFile(m, FILE_MAP_COPY, 0, 0, 0);
    CHECK(view && copy);
    CHECK(!memcmp(view, "mapped file", 11));
    view[0] = 'M';
    CHECK_EQ(copy[0], 'M');
    copy[1] = 'A';
    CHECK_EQ(view[1], 'a');
    CHECK(FlushViewOfFile(view, 0));
    MEMORY_BASIC_INFORMATION info;
    CHECK(VirtualQuery(view, &info, sizeof info));
    CHECK_EQ(info.Type, MEM_MAPPED);
    CHECK_EQ(info.Protect, PAGE_READWRITE);
    CHECK(UnmapViewOfFile(copy));
    CHECK(UnmapViewOfFile(view));
    CHECK_ERROR(UnmapViewOfFile(view), ERROR_INVALID_ADDRESS);
    CloseHandle(m);
    char buffer[4] = "";
    SetFilePointer(h, 0, NULL, FILE_BEGIN);
    CHECK(ReadFile(h, buffer, 3, &n, NULL));
    CHECK_STR(buffer, "Map");
    /* A section larger than its file makes the file larger; an offset must be a multiple of 64 KB. */
    m = CreateFileMappingA(h, NULL, PAGE_READWRITE, 0, 0x20000, NULL);
    CHECK(m != NULL);
    CHECK_EQ(GetFileSize(h, NULL), 0x20000);
    CHECK_ERROR(MapViewOfFile(m, FILE_MAP_READ, 0, 0x1000, 16), ERROR_MAPPED_ALIGNMENT);
    view = MapViewOfFile(m, FILE_MAP_READ, 0, 0x10000, 16);
    CHECK(view != NULL);
    CHECK_EQ(view[0], 0);
    UnmapViewOfFile(view);
    CloseHandle(m);
    m = CreateFileMappingA(h, NULL, PAGE_READONLY, 0, 0, NULL);
    CHECK_ERROR(MapViewOfFile(m, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    CloseHandle(m);
    CloseHandle(h);
    CHECK(DeleteFileA("m.bin"));
    /* Named memory without a file. */
    m = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x3000, "winrun-test-mapping");
    CHECK(m != NULL);
    HANDLE again = OpenFileMappingA(FILE_MAP_READ, FALSE, "winrun-test-mapping");
    CHECK(again != NULL);
    view = MapViewOfFile(m, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    copy = MapViewOfFile(again, FILE_MAP_READ, 0, 0, 0);
    CHECK(view && copy);
    view[100] = 'x';
    CHECK_EQ(copy[100], 'x');
    UnmapViewOfFile(view);
    UnmapViewOfFile(copy);
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x3000, "winrun-test-mapping") != NULL);
    CHECK_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK_ERROR(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(OpenFileMappingA(FILE_MAP_READ, FALSE, "winrun-no-such-mapping"), ERROR_FILE_NOT_FOUND);
    return check_done();
}
