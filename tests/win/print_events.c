/* Prints the console control events that arrive (for tests/host/terminal.sh): "ready", then "event N". */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static HANDLE done;

static BOOL WINAPI on_event(DWORD event)
{
    printf("event %lu\n", event);
    fflush(stdout);
    SetEvent(done);
    return TRUE;
}

/* With "handle" the event is taken and the program ends with 3; with "wait" it is Windows' default that acts. */
int main(int argc, char **argv)
{
    if (argc < 2)
        return 0;
    done = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (!strcmp(argv[1], "handle"))
        SetConsoleCtrlHandler(on_event, TRUE);
    printf("ready\n");
    fflush(stdout);
    if (WaitForSingleObject(done, 8000) != WAIT_OBJECT_0)
        return 9;
    return 3;
}
