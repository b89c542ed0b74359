/*
 * loader_path.c: are DLLs found by every kind of path: relative, with slashes, \\?\, and under names that are none?
 */
#include "check.h"

int main(void)
{
    static const char *const missing[] = {"\\\\?\\C:\\none\\none.dll", "none.dll", "C:\\none.dll",
                                          "\\\\.\\none\\none.dll", "none\\none.dll"};
    char system[MAX_PATH], path[MAX_PATH + 16], self[MAX_PATH];
    HMODULE module;

    /* The program itself, as a data file: it is there whatever else is not. */
    CHECK(GetModuleFileNameA(NULL, self, sizeof self) > 0);
    snprintf(path, sizeof path, "\\\\?\\%s", self);
    module = LoadLibraryExA(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
    CHECK(module != NULL);
    CHECK(FreeLibrary(module));
    module = LoadLibraryExA(path, NULL, LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    CHECK(module != NULL);
    CHECK(FreeLibrary(module));
    for (char *p = self; *p; p++)
        if (*p == '\\')
            *p = '/';
    module = LoadLibraryExA(self, NULL, LOAD_LIBRARY_AS_DATAFILE);
    CHECK(module != NULL);
    CHECK(FreeLibrary(module));
    GetSystemDirectoryA(system, sizeof system);
    snprintf(path, sizeof path, "%s\\version.dll", system);
    module = LoadLibraryA(path);
    CHECK(module != NULL);
    CHECK(GetModuleHandleA("version") == module);
    CHECK(FreeLibrary(module));
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        CHECK_ERROR(LoadLibraryExA(missing[i], NULL, 0), ERROR_MOD_NOT_FOUND);
    CHECK_ERROR(LoadLibraryExA("\\\\?\\C:\\none\\none.dll", NULL, LOAD_WITH_ALTERED_SEARCH_PATH), ERROR_MOD_NOT_FOUND);
    return check_done();
}
