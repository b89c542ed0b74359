/*
 * print_console.c: what a program reads from a console: for tests/host/terminal.sh.  (Without arguments: nothing to
 * do.)
 *
 *   line [MODE]    a line by ReadConsoleW, shown in brackets; MODE: the input mode in hexadecimal
 *   file           the same by ReadFile
 *   keys           key records until q
 *   resize         the first record that tells of another size
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
    if (!strcmp(what, "keys"))
        CHECK(GetNumberOfConsoleInputEvents(in, &count)); /* the terminal gives keys, not lines, from here on */
    printf("ready\n");
    if (!strcmp(what, "line")) {
        CHECK(ReadConsoleW(in, wide, 100, &count, NULL));
        print_wide(wide, count);
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
