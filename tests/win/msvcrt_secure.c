/*
 * Are the checked and the 64-bit functions that Windows Vista gave msvcrt.dll there, and do they say what is wrong?
 */
#include "check.h"
#include <errno.h>

static HMODULE crt;

static void *get(const char *name)
{
    return (void *)GetProcAddress(crt, name);
}

static void __cdecl ignore(const wchar_t *e, const wchar_t *f, const wchar_t *file, unsigned line, uintptr_t reserved)
{
}

static void names(void)
{
    static const char *const all[] = {
        "_access_s",   "_waccess_s",      "_chsize_s",      "_ctime32_s",       "_wctime32_s",
        "_wctime64_s", "_findfirst64i32", "_findnext64i32", "_wfindfirst64i32", "_wfindnext64i32",
        "_fseeki64",   "_ftelli64",       "_fstat64i32",    "_stat64i32",       "_wstat64i32",
        "_get_errno",  "_set_errno",      "_mktemp_s",      "_wmktemp_s",       "_sopen_s",
        "_umask_s",    "_wasctime_s",     "_wstrdate_s",    "_wstrtime_s",      "strerror_s"};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK(get(all[i]) != NULL || check_under_wine()); /* which lacks some */
    }
}

int main(void)
{
    int(__cdecl * access_s)(const char *, int);
    int(__cdecl * sopen_s)(int *, const char *, int, int, int);
    int(__cdecl * chsize_s)(int, long long);
    int(__cdecl * close)(int);
    int(__cdecl * get_errno)(int *);
    int(__cdecl * set_errno)(int);
    int(__cdecl * umask_s)(int, int *);
    int(__cdecl * mktemp_s)(char *, size_t);
    int(__cdecl * wstrdate_s)(wchar_t *, size_t);
    int(__cdecl * strerror_s)(char *, size_t, int);
    void *(__cdecl * set_handler)(void *);
    int file = -1, value = 99;
    wchar_t date[12];
    char text[64] = "nameXXXXXX";

    crt = LoadLibraryA("msvcrt.dll");
    names();
    access_s = get("_access_s");
    sopen_s = get("_sopen_s");
    chsize_s = get("_chsize_s");
    close = get("_close");
    get_errno = get("_get_errno");
    set_errno = get("_set_errno");
    umask_s = get("_umask_s");
    mktemp_s = get("_mktemp_s");
    wstrdate_s = get("_wstrdate_s");
    strerror_s = get("strerror_s");
    set_handler = get("_set_invalid_parameter_handler");
    if (!access_s || !sopen_s || !get_errno || !mktemp_s)
        return check_done();
    if (set_handler)
        set_handler(ignore);
    CHECK_EQ(access_s("missing.txt", 0), ENOENT);
    CHECK_EQ(sopen_s(&file, "made.txt", 0x8102, 0x40, 0x180), 0);
    CHECK(file >= 0);
    CHECK_EQ(chsize_s(file, 1000), 0);
    CHECK_EQ(close(file), 0);
    CHECK_EQ(access_s("made.txt", 0), 0);
    CHECK_EQ(access_s("made.txt", 6), 0);
    CHECK_EQ(sopen_s(&file, "missing\\x.txt", 0, 0x40, 0), ENOENT);
    CHECK_EQ(file, -1);
    CHECK(DeleteFileA("made.txt"));
    CHECK_EQ(set_errno(ERANGE), 0);
    CHECK_EQ(get_errno(&value), 0);
    CHECK_EQ(value, ERANGE);
    if (umask_s)
        CHECK_EQ(umask_s(0, &value), 0);
    CHECK_EQ(mktemp_s(text, sizeof text), 0);
    CHECK(!strncmp(text, "name", 4) && strlen(text) == 10 && text[9] != 'X');
    CHECK_EQ(wstrdate_s(date, 12), 0);
    CHECK(date[2] == '/' && date[5] == '/' && !date[8]);
    CHECK_EQ(strerror_s(text, sizeof text, ENOENT), 0);
    CHECK_STR(text, "No such file or directory");
    return check_done();
}
