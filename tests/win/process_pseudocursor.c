/*
 * process_pseudocursor.c: who is on a pseudo console that nobody looks at knows where the cursor is, gets answers from
 * the terminal, and can ask and type while another thread reads.
 *
 * (Wine 8 has no screen to show there; it is not asked.)
 */
#define NTDDI_VERSION 0x0A000006 /* of Windows 10 1809 */
#include "check.h"

static HANDLE in, out;

static const struct {
    const char *written;
    short column, row; /* the screen is 40 x 10 */
} cases[] = {
    {"", 0, 0},
    {"abc", 3, 0},
    {"abc\r", 0, 0},
    {"abc\r\n", 0, 1},
    {"abc\r\r\n", 0, 1},
    {"a\tb", 9, 0},
    {"\t\t\t\t\t\t", 39, 0},
    {"abc\b\b", 1, 0},
    {"\b", 0, 0},
    {"\a", 0, 0},
    {"\xc3\xa9", 1, 0},
    {"\xe2\x82\xac!", 2, 0},
    {"\xe4\xb8\xad\xe6\x96\x87", 4, 0},
    {"e\xcc\x81", 1, 0},
    {"0123456789012345678901234567890123456789", 39, 0},
    {"01234567890123456789012345678901234567890", 1, 1},
    {"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nx", 1, 9},
    {"\033[5;7H", 6, 4},
    {"\033[5;7f", 6, 4},
    {"\033[5H", 0, 4},
    {"\033[;7H", 6, 0},
    {"\033[99;99H", 39, 9},
    {"\033[5;7H\033[H", 0, 0},
    {"\033[5;7H\033[A", 6, 3},
    {"\033[5;7H\033[2A", 6, 2},
    {"\033[5;7H\033[9A", 6, 0},
    {"\033[5;7H\033[B", 6, 5},
    {"\033[5;7H\033[33B", 6, 9},
    {"\033[5;7H\033[3C", 9, 4},
    {"\033[5;7H\033[3D", 3, 4},
    {"\033[5;7H\033[33D", 0, 4},
    {"\033[5;7H\033[2E", 0, 6},
    {"\033[5;7H\033[2F", 0, 2},
    {"\033[5;7H\033[3G", 2, 4},
    {"\033[5;7H\033[3d", 6, 2},
    {"\033[5;7H\0337\033[H\0338", 6, 4},
    {"\033[5;7H\033[s\033[H\033[u", 6, 4},
    {"\033[5;7H\033M", 6, 3},
    {"\033[5;7H\033E", 0, 5},
    {"\033[5;7H\033[31;1mred\033[0m", 9, 4},
    {"\033[5;7H\033[K\033[J\033[2K", 6, 4},
    {"\033[5;7H\033[?25l\033[?25h", 6, 4},
    {"\033[5;7H\033[?1049h\033[H\033[?1049l", 6, 4},
    {"\033]0;a title\aab", 2, 0},
    {"\033]0;a title\033\\ab", 2, 0},
    {"\033]8;;http://x/\033\\ab\033]8;;\033\\", 2, 0},
    {"\033(Bab", 2, 0},
    {"ab\033[3;4", 2, 0}, /* not over; the next begins anew */
};

static void put(const char *text)
{
    DWORD count;
    CHECK(WriteFile(out, text, (DWORD)strlen(text), &count, NULL));
}

static COORD cursor(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {0};
    CHECK(GetConsoleScreenBufferInfo(out, &info));
    return info.dwCursorPosition;
}

static void test_positions(void)
{
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        put("\033[2J\033[H");
        put(cases[i].written);
        if (i == sizeof cases / sizeof *cases - 1)
            put("\033[0m");
        COORD at = cursor();
        if (at.X != cases[i].column || at.Y != cases[i].row)
            printf("\r\ncase %u\r\n", i);
        CHECK_EQ(at.X, cases[i].column);
        CHECK_EQ(at.Y, cases[i].row);
    }
    CHECK(SetConsoleCursorPosition(out, (COORD){11, 5}));
    CHECK_EQ(cursor().X, 11);
    CHECK_EQ(cursor().Y, 5);
}

/* What the terminal answers is read as if it had been typed. */
static void asked(const char *question, const char *answer)
{
    char got[50] = "";
    DWORD count, length = 0;
    put(question);
    while (length < strlen(answer) && ReadFile(in, got + length, (DWORD)(strlen(answer) - length), &count, NULL))
        length += count;
    CHECK_STR(got, answer);
}

static void test_answers(void)
{
    CHECK(SetConsoleMode(in, ENABLE_VIRTUAL_TERMINAL_INPUT));
    CHECK(SetConsoleMode(out, ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING));
    asked("\033[5;7H\033[6n", "\033[5;7R");
    asked("\033[H\033[6n", "\033[1;1R");
    asked("\033[5n", "\033[0n");
    asked("\033[c", "\033[?1;0c");
    CHECK(SetConsoleMode(in, ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
}

static WCHAR line[100];
static DWORD line_length;
static INPUT_RECORD event;

static DWORD WINAPI read_line(void *unused)
{
    (void)unused;
    return ReadConsoleW(in, line, 100, &line_length, NULL);
}

static DWORD WINAPI read_event(void *unused)
{
    DWORD count;
    (void)unused;
    return ReadConsoleInputW(in, &event, 1, &count);
}

static INPUT_RECORD key(WCHAR c, WORD code, BOOL down)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT};
    record.Event.KeyEvent.bKeyDown = down;
    record.Event.KeyEvent.wRepeatCount = 1;
    record.Event.KeyEvent.wVirtualKeyCode = code;
    record.Event.KeyEvent.uChar.UnicodeChar = c;
    return record;
}

/* How event loops end a thread that reads a line. */
static void test_while_reading(void)
{
    INPUT_RECORD keys[] = {key('h', 'H', TRUE), key('h', 'H', FALSE), key('i', 'I', TRUE), key('\r', VK_RETURN, TRUE)};
    DWORD count, result;
    put("\033[3;9H");
    HANDLE thread = CreateThread(NULL, 0, read_line, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 100), WAIT_TIMEOUT);
    CHECK_EQ(cursor().X, 8); /* while the other one waits */
    CHECK_EQ(cursor().Y, 2);
    CHECK(WriteConsoleInputW(in, keys, 4, &count));
    CHECK_EQ(count, 4);
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &result) && result);
    CHECK_EQ(line_length, 4);
    CHECK(!wcsncmp(line, L"hi\r\n", 4));
    CHECK_EQ(cursor().X, 0);
    CHECK_EQ(cursor().Y, 3);
    CloseHandle(thread);

    CHECK(WriteConsoleInputW(in, keys, 4, &count)); /* before anybody reads */
    CHECK(GetNumberOfConsoleInputEvents(in, &count));
    CHECK_EQ(count, 4);
    CHECK_EQ(WaitForSingleObject(in, 0), WAIT_OBJECT_0);
    line_length = 0;
    CHECK(read_line(NULL));
    CHECK_EQ(line_length, 4);
    CHECK(!wcsncmp(line, L"hi\r\n", 4));
    CHECK(GetNumberOfConsoleInputEvents(in, &count));
    CHECK_EQ(count, 0);
}

static void test_events(void)
{
    INPUT_RECORD keys[] = {key('x', 'X', TRUE)}, seen;
    DWORD count, result;
    HANDLE thread = CreateThread(NULL, 0, read_event, NULL, 0, NULL);
    CHECK_EQ(WaitForSingleObject(thread, 100), WAIT_TIMEOUT);
    CHECK(GetNumberOfConsoleInputEvents(in, &count));
    CHECK_EQ(count, 0);
    CHECK(PeekConsoleInputW(in, &seen, 1, &count));
    CHECK_EQ(count, 0);
    cursor();
    CHECK(WriteConsoleInputW(in, keys, 1, &count));
    CHECK_EQ(WaitForSingleObject(thread, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &result) && result);
    CHECK_EQ(event.Event.KeyEvent.uChar.UnicodeChar, 'x');
    CHECK_EQ(event.Event.KeyEvent.wVirtualKeyCode, 'X');
    CloseHandle(thread);
}

/* What was typed meanwhile is not lost by asking: the other side types when it sees this. */
static void test_typed(void)
{
    put("now");
    Sleep(100);
    for (int i = 0; i < 20; i++)
        cursor();
    CHECK(GetNumberOfConsoleInputEvents(in, &line_length)); /* looked at, not taken */
    CHECK(read_line(NULL));
    CHECK_EQ(line_length, 9);
    CHECK(!wcsncmp(line, L"typed \xe9\r\n", 9));
}

static int child(void)
{
    in = GetStdHandle(STD_INPUT_HANDLE);
    out = GetStdHandle(STD_OUTPUT_HANDLE);
    test_positions();
    test_answers();
    test_while_reading();
    test_events();
    test_typed();
    put("\033[2J\033[H");
    printf("\r\n%d checks\r\n", check_count);
    return check_failed ? 1 : 7;
}

int main(int argc, char **argv)
{
    static char seen[1 << 16];
    char self[MAX_PATH], command[MAX_PATH + 20];
    HANDLE in_read, in_write, out_read, out_write;
    STARTUPINFOEXA info = {.StartupInfo.cb = sizeof info};
    PROCESS_INFORMATION process = {0};
    DWORD count, length = 0, code;
    HPCON console;
    SIZE_T size = 0;
    (void)argv;
    if (argc > 1)
        return child();
    if (check_under_wine())
        return check_done();
    CHECK(CreatePipe(&in_read, &in_write, NULL, 0));
    CHECK(CreatePipe(&out_read, &out_write, NULL, 0));
    CHECK_EQ(CreatePseudoConsole((COORD){40, 10}, in_read, out_write, 0, &console), S_OK);
    CloseHandle(in_read);
    CloseHandle(out_write);
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    info.lpAttributeList = malloc(size);
    CHECK(InitializeProcThreadAttributeList(info.lpAttributeList, 1, 0, &size));
    CHECK(UpdateProcThreadAttribute(info.lpAttributeList, 0, 0x20016 /* PSEUDOCONSOLE */, console, sizeof console, NULL,
                                    NULL));
    GetModuleFileNameA(NULL, self, sizeof self);
    snprintf(command, sizeof command, "\"%s\" child", self);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &info.StartupInfo,
                         &process));
    while (!strstr(seen, "now") && ReadFile(out_read, seen + length, sizeof seen - 1 - length, &count, NULL))
        length += count;
    CHECK(WriteFile(in_write, "typed \xc3\xa9\r", 9, &count, NULL));
    while (!strstr(seen, "checks\r\n") && ReadFile(out_read, seen + length, sizeof seen - 1 - length, &count, NULL))
        length += count;
    CHECK_EQ(WaitForSingleObject(process.hProcess, 5000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CHECK_EQ(code, 7);
    if (code != 7)
        fwrite(seen, 1, length, stdout);
    CHECK(!strstr(seen, "\033[6n") && !strstr(seen, "\033[c")); /* questions were answered, not shown */
    CHECK(!strstr(seen, "\r\r"));
    ClosePseudoConsole(console);
    return check_done();
}
