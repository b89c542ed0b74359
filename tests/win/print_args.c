/* Prints its arguments, one a line, and with --env NAME a variable; with --exit CODE ends from a worker thread. */
#include "check.h"

static DWORD WINAPI end(void *code)
{
    ExitProcess((UINT)(ULONG_PTR)code);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--exit")) {
        CreateThread(NULL, 0, end, (void *)(ULONG_PTR)strtoull(argv[2], NULL, 0), 0, NULL);
        Sleep(INFINITE);
    }
    if (argc == 3 && !strcmp(argv[1], "--env")) {
        printf("%s\n", getenv(argv[2]) ? getenv(argv[2]) : "(none)");
        return 0;
    }
    for (int i = 1; i < argc; i++)
        printf("[%s]\n", argv[i]);
    return 0;
}
