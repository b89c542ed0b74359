/* Prints what a manifest decides (for tests/host/manifest.sh): the version told, and where each DLL named is found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* --embed FILE MANIFEST NUMBER: puts the manifest into the program or DLL. */
static int embed(char **argv)
{
    static char text[65536];
    DWORD size = 0;
    HANDLE file = CreateFileA(argv[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    BOOL done = ReadFile(file, text, sizeof text, &size, NULL);
    HANDLE update = done ? BeginUpdateResourceA(argv[0], FALSE) : NULL;
    done = update && UpdateResourceA(update, (char *)RT_MANIFEST, MAKEINTRESOURCEA(atoi(argv[2])), 1033, text, size);
    return done && EndUpdateResourceA(update, FALSE) ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 5 && !strcmp(argv[1], "--embed"))
        return embed(argv + 2);
    OSVERSIONINFOA info = {.dwOSVersionInfoSize = sizeof info};
    if (!GetVersionExA(&info))
        return 1;
    printf("version %lu.%lu.%lu\n", info.dwMajorVersion, info.dwMinorVersion, info.dwBuildNumber);
    for (int i = 1; i < argc; i++) {
        char path[MAX_PATH], own[MAX_PATH];
        HMODULE module = LoadLibraryA(argv[i]);
        if (!module) {
            printf("%s: error %lu\n", argv[i], GetLastError());
            continue;
        }
        GetModuleFileNameA(NULL, own, sizeof own);
        GetModuleFileNameA(module, path, sizeof path);
        size_t directory = (size_t)(strrchr(own, '\\') + 1 - own);
        printf("%s: %s\n", argv[i], strncmp(path, own, directory) ? path : path + directory);
    }
    return 0;
}
