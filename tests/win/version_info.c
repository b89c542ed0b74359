/* Are version resources of files and of system DLLs read, and values found in them? */
/* link: -lversion */
#include "check.h"

static char block[8192];

static const char *ansi(const char *path)
{
    void *value = NULL;
    UINT size = 0;
    return VerQueryValueA(block, path, &value, &size) ? value : NULL;
}

static int wide_is(const WCHAR *path, const WCHAR *text)
{
    void *value = NULL;
    UINT size = 0;
    return VerQueryValueW(block, path, &value, &size) && !wcscmp(value, text) && size == wcslen(text) + 1;
}

/* loader_resource.dll lies beside this program. */
static char *own_path(const char *name)
{
    static char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    strcpy(strrchr(path, '\\') + 1, name);
    return path;
}

static void test_file(void)
{
    DWORD handle = 7;
    DWORD size = GetFileVersionInfoSizeA(own_path("loader_resource.dll"), &handle);
    CHECK(size > 0 && size < sizeof block);
    CHECK_EQ(handle, 0);
    CHECK(GetFileVersionInfoA(own_path("loader_resource.dll"), 0, size, block));
    VS_FIXEDFILEINFO *fixed = NULL;
    UINT length = 0;
    CHECK(VerQueryValueA(block, "\\", (void **)&fixed, &length));
    CHECK_EQ(length, sizeof *fixed);
    CHECK_EQ(fixed->dwSignature, VS_FFI_SIGNATURE);
    CHECK_EQ(fixed->dwFileVersionMS, MAKELONG(2, 1));
    CHECK_EQ(fixed->dwFileVersionLS, MAKELONG(4, 3));
    CHECK(VerQueryValueW(block, L"\\", (void **)&fixed, &length));
    CHECK_EQ(fixed->dwFileVersionLS, MAKELONG(4, 3));
    WORD *translation = NULL;
    CHECK(VerQueryValueA(block, "\\VarFileInfo\\Translation", (void **)&translation, &length));
    CHECK_EQ(length, 4);
    CHECK_EQ(translation[0], 0x409);
    CHECK_EQ(translation[1], 1200);
}

static void test_texts(void)
{
    CHECK_STR(ansi("\\StringFileInfo\\040904b0\\CompanyName"), "A company");
    CHECK_STR(ansi("\\StringFileInfo\\040904B0\\companyname"), "A company"); /* without case */
    if (GetACP() == CP_UTF8)
        CHECK_STR(ansi("\\StringFileInfo\\040904b0\\FileDescription"), "Gr\xc3\xbc\xc3\x9f"
                                                                       "e");
    CHECK_STR(ansi("\\StringFileInfo\\040904b0\\FileVersion"), "1.2.3.4");
    CHECK(wide_is(L"\\StringFileInfo\\040904b0\\FileDescription", L"Gr\x00fc\x00df"
                                                                  L"e"));
    CHECK(wide_is(L"StringFileInfo\\040904b0\\FileVersion", L"1.2.3.4"));
    UINT size = 99;
    void *value = NULL;
    CHECK(VerQueryValueA(block, "\\StringFileInfo\\040904b0\\Empty", &value, &size));
    CHECK(value && !*(char *)value);
    CHECK(VerQueryValueW(block, L"\\StringFileInfo", &value, &size));
    CHECK_ERROR(VerQueryValueA(block, "\\StringFileInfo\\040904b0\\NoSuch", &value, &size),
                ERROR_RESOURCE_TYPE_NOT_FOUND);
    CHECK_EQ(size, 0);
    CHECK_ERROR(VerQueryValueW(block, L"\\NoSuch\\040904b0\\NoSuch", &value, &size), ERROR_RESOURCE_TYPE_NOT_FOUND);
    CHECK_ERROR(VerQueryValueW(block, L"\\StringFileInfo\\000004b0\\FileVersion", &value, &size),
                ERROR_RESOURCE_TYPE_NOT_FOUND);
}

/* A system DLL, by its bare name. */
static void test_system(void)
{
    DWORD size = GetFileVersionInfoSizeW(L"kernel32.dll", NULL);
    CHECK(size > 0 && size < sizeof block);
    CHECK(GetFileVersionInfoW(L"kernel32.dll", 0, size, block));
    VS_FIXEDFILEINFO *fixed = NULL;
    UINT length;
    CHECK(VerQueryValueW(block, L"\\", (void **)&fixed, &length));
    CHECK(HIWORD(fixed->dwProductVersionMS) >= 6);
    CHECK_EQ(fixed->dwFileType, VFT_DLL);
    if (!check_under_wine())
        CHECK_EQ(HIWORD(fixed->dwProductVersionLS), 19045);
}

static void test_errors(void)
{
    DWORD handle, written;
    CHECK_ERROR(GetFileVersionInfoSizeA("no_such_file.exe", &handle), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetFileVersionInfoSizeW(L"no_such_file.exe", &handle), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetFileVersionInfoSizeA(own_path("version_info.exe"), &handle), ERROR_RESOURCE_DATA_NOT_FOUND);
    HANDLE file = CreateFileA("text.exe", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, "just text", 9, &written, NULL));
    CloseHandle(file);
    CHECK_ERROR(GetFileVersionInfoSizeA("text.exe", &handle), ERROR_RESOURCE_DATA_NOT_FOUND);
    CHECK_ERROR(GetFileVersionInfoA("no_such_file.exe", 0, sizeof block, block), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(GetFileVersionInfoA(own_path("loader_resource.dll"), 0, sizeof block, NULL), ERROR_INVALID_DATA);
}

/* Less room than asked for: what is there is a prefix, and queries stay inside it. */
static void test_short(void)
{
    static char small[100];
    void *value;
    UINT size;
    CHECK(GetFileVersionInfoA(own_path("loader_resource.dll"), 0, sizeof small, small));
    CHECK(VerQueryValueA(small, "\\", &value, &size));
    CHECK((char *)value > small && (char *)value < small + sizeof small);
    CHECK(!VerQueryValueW(small, L"\\StringFileInfo\\040904b0\\FileVersion", &value, &size));
}

static void test_language_names(void)
{
    char text[100];
    CHECK(VerLanguageNameA(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), text, sizeof text) > 0);
    CHECK(!strncmp(text, "English", 7));
    CHECK(VerLanguageNameA(0, text, sizeof text) > 0);
    CHECK(strstr(text, "Neutral") || check_under_wine());
}

int main(void)
{
    test_file();
    test_texts();
    test_system();
    test_errors();
    test_short();
    test_language_names();
    return check_done();
}
