/*
 * print_console.c: what a program reads from a console: for tests/host/terminal.sh.  (Without arguments: nothing to
 * do.)
 *
 *   line [MODE]    a line by ReadConsoleW, shown in brackets; MODE: the input mode in hexadecimal
 *   file           the same by ReadFile
 *   keys           key records until q
 *   resize         the first record that tells of another size
 *   enter          a line that another thread ends, as if it typed Enter
 *   ahead          a line of which the first key, y, was read as a record
 */
#include "check.h"

static void print_wide(const WCHAR *text, DWORD count)
{
    putchar('[');
    for (DWORD i = 0; i < count; i++)
        if (text[i] >= 32 && text[i] < 127)
            putchar(text[i]);
        else
            printf("<%x>", text[i]);
    printf("]\n");
}

static void print_record(const INPUT_RECORD *record)
{
    const KEY_EVENT_RECORD *key = &record->Event.KeyEvent;
    if (record->EventType == WINDOW_BUFFER_SIZE_EVENT)
        printf("size %dx%d\n", record->Event.WindowBufferSizeEvent.dwSize.X,
               record->Event.WindowBufferSizeEvent.dwSize.Y);
    else if (record->EventType == KEY_EVENT)
        printf("%s %x scan %x char %x state %lx\n", key->bKeyDown ? "down" : "up", key->wVirtualKeyCode,
               key->wVirtualScanCode, key->uChar.UnicodeChar, key->dwControlKeyState);
}

/* Until there are so many events, or none. */
static void await_events(HANDLE in, DWORD wanted)
{
    DWORD count = 0;
    while (GetNumberOfConsoleInputEvents(in, &count) && (wanted ? count < wanted : count > 0))
        Sleep(1);
}

static void read_line(HANDLE in)
{
    WCHAR wide[100];
    DWORD count;
    CHECK(ReadConsoleW(in, wide, 100, &count, NULL));
    print_wide(wide, count);
}

static DWORD WINAPI reader(void *in)
{
    read_line(in);
    return 0;
}

/* "ab" is typed; the console answers while the line is read, and takes the Enter that ends it. */
static void enter(HANDLE in)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT,
                           .Event.KeyEvent = {TRUE, 1, VK_RETURN, 0x1c, {.UnicodeChar = '\r'}, 0}};
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD mode, written;
    await_events(in, 4);
    HANDLE thread = CreateThread(NULL, 0, reader, in, 0, NULL);
    await_events(in, 0);
    CHECK(GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info));
    CHECK(GetConsoleMode(in, &mode) && SetConsoleMode(in, mode & ~(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT)));
    CHECK(WriteConsoleInputW(in, &record, 1, &written));
    CHECK_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void ahead(HANDLE in)
{
    INPUT_RECORD record;
    DWORD count;
    await_events(in, 2 * 5);
    CHECK(ReadConsoleInputW(in, &record, 1, &count));
    CHECK_EQ(record.Event.KeyEvent.uChar.UnicodeChar, 'y');
    CHECK_EQ(WaitForSingleObject(in, 0), WAIT_OBJECT_0);
    read_line(in);
    CHECK(GetNumberOfConsoleInputEvents(in, &count));
    CHECK_EQ(count, 0);
    CHECK_EQ(WaitForSingleObject(in, 0), WAIT_TIMEOUT);
}

int main(int argc, char **argv)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    const char *what = argc > 1 ? argv[1] : "";
    WCHAR wide[100];
    char bytes[100];
    INPUT_RECORD record;
    DWORD mode = 0, count = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!*what)
        return 0;
    if (argc > 2)
        CHECK(SetConsoleMode(in, strtoul(argv[2], NULL, 16)));
    if (!strcmp(what, "resize"))
        CHECK(GetConsoleMode(in, &mode) && SetConsoleMode(in, mode | ENABLE_WINDOW_INPUT));
    if (!strcmp(what, "keys") || !strcmp(what, "enter") || !strcmp(what, "ahead"))
        CHECK(GetNumberOfConsoleInputEvents(in, &count)); /* the terminal gives keys, not lines, from here on */
    printf("ready\n");
    if (!strcmp(what, "line")) {
        read_line(in);
    } else if (!strcmp(what, "enter")) {
        enter(in);
    } else if (!strcmp(what, "ahead")) {
        ahead(in);
    } else if (!strcmp(what, "file")) {
        CHECK(ReadFile(in, bytes, sizeof bytes, &count, NULL));
        for (DWORD i = 0; i < count; i++)
            wide[i] = (unsigned char)bytes[i];
        print_wide(wide, count);
    }
    while (!strcmp(what, "keys") && ReadConsoleInputW(in, &record, 1, &count) && count) {
        print_record(&record);
        if (record.EventType == KEY_EVENT && !record.Event.KeyEvent.bKeyDown &&
            record.Event.KeyEvent.uChar.UnicodeChar == 'q')
            break;
    }
    while (!strcmp(what, "resize") && ReadConsoleInputW(in, &record, 1, &count) && count)
        if (record.EventType == WINDOW_BUFFER_SIZE_EVENT) {
            print_record(&record);
            break;
        }
    return check_failed > 0;
}
