/* What is moved to, or from, names that are always there: NUL, the console, ports? */
#include "check.h"

/* Windows knows no rename into a device; it must not become a copy with the source deleted. */
static void test_to_device(void)
{
    static const char *const names[] = {"NUL", "nul", ".\\nul", "CON", "\\\\.\\NUL"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        HANDLE file = CreateFileA("moved.tmp", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
        CHECK(file != INVALID_HANDLE_VALUE);
        CloseHandle(file);
        CHECK(!MoveFileA("moved.tmp", names[i]));
        CHECK(!MoveFileExA("moved.tmp", names[i], MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED));
        CHECK(!CreateHardLinkA(names[i], "moved.tmp", NULL));
        CHECK(GetFileAttributesA("moved.tmp") != INVALID_FILE_ATTRIBUTES);
        if (check_under_wine()) /* has ERROR_BAD_DEV_TYPE for some */
            continue;
        CHECK_ERROR(MoveFileA("moved.tmp", names[i]), ERROR_ALREADY_EXISTS);
        CHECK_ERROR(CreateHardLinkA(names[i], "moved.tmp", NULL), ERROR_ALREADY_EXISTS);
    }
    CHECK(DeleteFileA("moved.tmp"));
}

static void test_from_device(void)
{
    static const char *const names[] = {"NUL", "nul", ".\\nul", "\\\\.\\NUL"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_ERROR(MoveFileA(names[i], "moved.tmp"), ERROR_INVALID_PARAMETER);
        CHECK(GetFileAttributesA("moved.tmp") == INVALID_FILE_ATTRIBUTES);
    }
}

int main(void)
{
    test_to_device();
    test_from_device();
    return check_done();
}
