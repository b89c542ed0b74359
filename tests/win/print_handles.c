/* Prints what the standard handles are: "in=KIND out=KIND err=KIND". */
#include <stdio.h>
#include <windows.h>

static const char *kind(DWORD which)
{
    DWORD mode;
    HANDLE handle = GetStdHandle(which);
    if (!handle || handle == INVALID_HANDLE_VALUE)
        return "none";
    if (GetConsoleMode(handle, &mode))
        return "console";
    switch (GetFileType(handle)) {
    case FILE_TYPE_CHAR:
        return "char";
    case FILE_TYPE_DISK:
        return "disk";
    case FILE_TYPE_PIPE:
        return "pipe";
    default:
        return "unknown";
    }
}

int main(void)
{
    printf("in=%s ", kind(STD_INPUT_HANDLE));
    printf("out=%s ", kind(STD_OUTPUT_HANDLE));
    printf("err=%s\n", kind(STD_ERROR_HANDLE));
    return 0;
}
