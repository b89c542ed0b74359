/*
 * choice.c: choice.exe: asks for one of several letters; the exit code is which.
 */
#include "wide_main.h"

struct question {
    const WCHAR *letters, *text, *fallback;
    bool hidden, case_matters;
    DWORD seconds;
};

static int fail(const WCHAR *text)
{
    print_error(L"ERROR: %s\r\n", text);
    return 255;
}

/* From 1; 0: it is none of the letters. */
static int index_of(const struct question *q, WCHAR c)
{
    for (int i = 0; q->letters[i]; i++)
        if (q->letters[i] == c || (!q->case_matters && towupper(q->letters[i]) == towupper(c)))
            return i + 1;
    return 0;
}

static int chosen(const struct question *q, int which)
{
    print(L"%c\r\n", q->case_matters ? q->letters[which - 1] : towupper(q->letters[which - 1]));
    return which;
}

static int read_console(const struct question *q, HANDLE input)
{
    ULONGLONG end = GetTickCount64() + q->seconds * 1000ull;
    INPUT_RECORD record;
    DWORD count;

    for (;;) {
        ULONGLONG now = GetTickCount64();
        DWORD wait = !q->fallback ? INFINITE : now < end ? (DWORD)(end - now) : 0;
        if (WaitForSingleObject(input, wait) == WAIT_TIMEOUT)
            return chosen(q, index_of(q, *q->fallback));
        if (!ReadConsoleInputW(input, &record, 1, &count) || !count)
            return fail(L"The console can not be read.");
        WCHAR c = record.Event.KeyEvent.uChar.UnicodeChar;
        if (record.EventType != KEY_EVENT || !record.Event.KeyEvent.bKeyDown || !c)
            continue;
        int which = index_of(q, c);
        if (which)
            return chosen(q, which);
        print(L"\a");
    }
}

/* Line ends and letters that are none of the choices are passed over. */
static int read_file(const struct question *q, HANDLE input)
{
    char c;
    DWORD count;

    while (ReadFile(input, &c, 1, &count, NULL) && count) {
        int which = index_of(q, (WCHAR)(BYTE)c);
        if (which)
            return chosen(q, which);
    }
    print(L"\r\n");
    return fail(L"The file is either empty or does not contain the valid choices.");
}

/* 0: good. */
static int check(const struct question *q, bool timed)
{
    for (const WCHAR *p = q->letters; *p; p++)
        for (const WCHAR *other = p + 1; *other; other++)
            if (*p == *other || (!q->case_matters && towupper(*p) == towupper(*other)))
                return fail(L"Duplicate choices are not allowed.");
    if (!*q->letters)
        return fail(L"Invalid syntax. Value expected for '/C'.");
    if (timed != (q->fallback != NULL))
        return fail(L"Invalid syntax. /T and /D go together.");
    if (q->fallback && (!*q->fallback || q->fallback[1] || !index_of(q, *q->fallback)))
        return fail(L"Invalid syntax. Value specified for /D is not one of the choices.");
    return 0;
}

static int run(int argc, WCHAR **argv)
{
    struct question q = {.letters = L"YN", .text = L""};
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    bool timed = false;
    DWORD mode;

    for (int i = 1; i < argc; i++) {
        const WCHAR *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (same_name(argv[i], L"/n"))
            q.hidden = true;
        else if (same_name(argv[i], L"/cs"))
            q.case_matters = true;
        else if (same_name(argv[i], L"/c") && next)
            q.letters = next, i++;
        else if (same_name(argv[i], L"/m") && next)
            q.text = next, i++;
        else if (same_name(argv[i], L"/d") && next)
            q.fallback = next, i++;
        else if (same_name(argv[i], L"/t") && next && parse_number(next, &q.seconds) && q.seconds <= 9999)
            timed = true, i++;
        else
            return fail(L"Invalid syntax.\r\nType \"CHOICE /?\" for usage.");
    }
    int bad = check(&q, timed);
    if (bad)
        return bad;
    print(L"%s%s", q.text, *q.text && !q.hidden ? L" " : L"");
    if (!q.hidden) {
        for (const WCHAR *p = q.letters; *p; p++)
            print(L"%c%c", p == q.letters ? '[' : ',', q.case_matters ? *p : towupper(*p));
        print(L"]?");
    }
    if (!GetConsoleMode(input, &mode))
        return q.fallback && !q.seconds ? chosen(&q, index_of(&q, *q.fallback)) : read_file(&q, input);
    SetConsoleMode(input, 0);
    int result = read_console(&q, input);
    SetConsoleMode(input, mode);
    return result;
}
