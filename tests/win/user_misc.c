/* Do the parts of user32 that need no window (formatting, rectangles, metrics, stations, names) work as documented? */
#include "check.h"

#define COUNT(table) (sizeof table / sizeof *table)

static void check_format(void)
{
    char text[1100];
    WCHAR wide[1100];

#define FORMAT(expected, ...)                                                                                          \
    do {                                                                                                               \
        CHECK_EQ(wsprintfA(text, __VA_ARGS__), strlen(expected));                                                      \
        CHECK_STR(text, expected);                                                                                     \
    } while (0)
    FORMAT("plain", "plain");
    FORMAT("100%", "100%%");
    FORMAT("-5", "%d", -5);
    FORMAT("5", "%i", 5);
    FORMAT("4294967295", "%u", 0xffffffffu);
    FORMAT("ff", "%x", 255);
    FORMAT("FF", "%X", 255);
    FORMAT("0xff", "%#x", 255);
    FORMAT("0XFF", "%#X", 255);
    FORMAT("   42", "%5d", 42);
    FORMAT("42   |", "%-5d|", 42);
    FORMAT("00042", "%05d", 42);
    FORMAT("  007", "%5.3d", 7);
    FORMAT("007", "%.3u", 7);
    FORMAT("a", "%c", 'a');
    FORMAT("  a", "%3c", 'a');
    FORMAT("text", "%s", "text");
    FORMAT("  text", "%6s", "text");
    FORMAT("text  |", "%-6s|", "text");
    FORMAT("te", "%.2s", "text");
    FORMAT("  te", "%4.2s", "text");
    FORMAT("wide", "%S", L"wide");
    FORMAT("wide", "%ls", L"wide");
    FORMAT("narrow", "%hs", "narrow");
    FORMAT("1234567890123", "%I64d", 1234567890123ll);
    FORMAT("-1", "%I64d", -1ll);
    FORMAT("11f71fb04cb", "%I64x", 1234567890123ll);
    FORMAT("0000000000001234", "%p", (void *)0x1234);
    FORMAT("7 8", "%ld %lu", 7, 8u);
    FORMAT("*d", "%*d", 3, 9); /* not known */
    FORMAT("a 1 b 2", "%s %d %s %d", "a", 1, "b", 2);
    CHECK_EQ(wsprintfW(wide, L"%s|%S|%hs|%d", L"a", "b", "c", 1), 7);
    CHECK(!wcscmp(wide, L"a|b|c|1"));
    CHECK_EQ(wsprintfW(wide, L"%c%5s%-3d|", L'x', L"ab", 7), 10);
    CHECK(!wcscmp(wide, L"x   ab7  |"));
}

static void check_rects(void)
{
    RECT a, b, out;
    static const struct {
        RECT a, b, common, all, less;
        BOOL meet;
    } cases[] = {
        {{0, 0, 10, 10}, {5, 5, 15, 15}, {5, 5, 10, 10}, {0, 0, 15, 15}, {0, 0, 10, 10}, TRUE},
        {{0, 0, 10, 10}, {20, 20, 30, 30}, {0, 0, 0, 0}, {0, 0, 30, 30}, {0, 0, 10, 10}, FALSE},
        {{0, 0, 10, 10}, {10, 0, 20, 10}, {0, 0, 0, 0}, {0, 0, 20, 10}, {0, 0, 10, 10}, FALSE},
        {{0, 0, 10, 10}, {0, 0, 5, 10}, {0, 0, 5, 10}, {0, 0, 10, 10}, {5, 0, 10, 10}, TRUE},
        {{0, 0, 10, 10}, {0, 5, 10, 10}, {0, 5, 10, 10}, {0, 0, 10, 10}, {0, 0, 10, 5}, TRUE},
        {{0, 0, 10, 10}, {-5, -5, 20, 20}, {0, 0, 10, 10}, {-5, -5, 20, 20}, {0, 0, 0, 0}, TRUE},
        {{-9, -9, -1, -1}, {-5, -5, 5, 5}, {-5, -5, -1, -1}, {-9, -9, 5, 5}, {-9, -9, -1, -1}, TRUE},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        CHECK_EQ(IntersectRect(&out, &cases[i].a, &cases[i].b), cases[i].meet);
        CHECK(EqualRect(&out, &cases[i].common));
        CHECK(UnionRect(&out, &cases[i].a, &cases[i].b));
        CHECK(EqualRect(&out, &cases[i].all));
        CHECK_EQ(SubtractRect(&out, &cases[i].a, &cases[i].b), !IsRectEmpty(&cases[i].less));
        CHECK(EqualRect(&out, &cases[i].less));
    }
    CHECK(SetRect(&a, 1, 2, 3, 4) && a.left == 1 && a.top == 2 && a.right == 3 && a.bottom == 4);
    CHECK(OffsetRect(&a, 10, 20) && a.left == 11 && a.top == 22 && a.right == 13 && a.bottom == 24);
    CHECK(InflateRect(&a, 1, 2) && a.left == 10 && a.top == 20 && a.right == 14 && a.bottom == 26);
    CHECK(CopyRect(&b, &a) && EqualRect(&a, &b));
    CHECK(PtInRect(&a, (POINT){10, 20}) && !PtInRect(&a, (POINT){14, 20}) && !PtInRect(&a, (POINT){10, 26}));
    CHECK(SetRectEmpty(&a) && IsRectEmpty(&a) && !IsRectEmpty(&b));
    CHECK(!SetRect(NULL, 0, 0, 0, 0) && IsRectEmpty(NULL) && !PtInRect(NULL, (POINT){0, 0}));
}

static void check_desktop(void)
{
    WCHAR name[64];
    char narrow[64];
    DWORD needed = 0, process;
    USEROBJECTFLAGS flags;
    UINT value = 99;
    HWND none = (HWND)(ULONG_PTR)0x123456;

    CHECK(GetSystemMetrics(SM_CXSCREEN) > 0 && GetSystemMetrics(SM_CYSCREEN) > 0);
    CHECK_EQ(GetSystemMetrics(SM_CXICON), 32);
    CHECK_EQ(GetSystemMetrics(SM_CLEANBOOT), 0);
    CHECK_EQ(GetSystemMetrics(SM_REMOTESESSION), 0);
    CHECK_EQ(GetSystemMetrics(-1), 0);
    CHECK_EQ(GetSystemMetrics(10000), 0);
    CHECK_EQ(GetSysColor(COLOR_WINDOW), RGB(255, 255, 255));
    CHECK(GetDoubleClickTime() > 0);
    CHECK(SystemParametersInfoW(SPI_GETWHEELSCROLLLINES, 0, &value, 0));
    CHECK_EQ(value, 3);
    CHECK(GetProcessWindowStation() != NULL);
    CHECK(GetUserObjectInformationW(GetProcessWindowStation(), UOI_NAME, name, sizeof name, &needed));
    CHECK(!wcscmp(name, L"WinSta0"));
    CHECK_EQ(needed, 16);
    CHECK(GetUserObjectInformationA(GetProcessWindowStation(), UOI_TYPE, narrow, sizeof narrow, &needed));
    CHECK_STR(narrow, "WindowStation");
    CHECK(GetUserObjectInformationW(GetProcessWindowStation(), UOI_FLAGS, &flags, sizeof flags, &needed));
    CHECK(GetUserObjectInformationW(GetThreadDesktop(GetCurrentThreadId()), UOI_NAME, name, sizeof name, &needed));
    CHECK(!wcscmp(name, L"Default"));
    CHECK_ERROR(GetUserObjectInformationW(GetProcessWindowStation(), UOI_NAME, name, 4, &needed),
                ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQ(needed, 16);
    CHECK_ERROR(GetUserObjectInformationW((HANDLE)0x7777777, UOI_NAME, name, sizeof name, &needed),
                ERROR_INVALID_HANDLE);
    CHECK(GetDesktopWindow() != NULL && IsWindow(GetDesktopWindow()));
    CHECK_ERROR(IsWindow(none), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(GetWindowThreadProcessId(none, &process), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(GetWindowTextW(none, name, 10), ERROR_INVALID_WINDOW_HANDLE);
    CHECK(!IsWindow(NULL));
    CHECK(GetActiveWindow() == NULL && GetFocus() == NULL && GetCapture() == NULL);
    CHECK(FindWindowW(L"no such class", NULL) == NULL);
    CHECK_EQ(GetKeyState(VK_SHIFT), 0);
}

static void check_registered(void)
{
    UINT message = RegisterWindowMessageW(L"winrun test message"), format;
    WCHAR name[64];

    CHECK(message >= 0xc000 && message <= 0xffff);
    CHECK_EQ(RegisterWindowMessageA("winrun test message"), message);
    CHECK_EQ(RegisterWindowMessageW(L"WINRUN TEST MESSAGE"), message);
    CHECK(RegisterWindowMessageW(L"another") != message);
    format = RegisterClipboardFormatW(L"winrun test format");
    CHECK(format >= 0xc000);
    CHECK_EQ(GetClipboardFormatNameW(format, name, 64), 18);
    CHECK(!wcscmp(name, L"winrun test format"));
    CHECK_EQ(GetClipboardFormatNameW(CF_TEXT, name, 64), 0);
}

static void check_strings(void)
{
    WCHAR wide[16];

    CHECK_EQ(LoadStringW(GetModuleHandleW(NULL), 1, wide, 16), 0); /* this program has none */
    CHECK_EQ(LoadStringW(NULL, 1, NULL, 16), 0);
    if (!check_under_wine())
        CHECK_ERROR(MessageBoxW(NULL, L"x", L"y", 0x0000000f), ERROR_INVALID_MSGBOX_STYLE);
}

int main(void)
{
    check_format();
    check_rects();
    check_desktop();
    check_registered();
    check_strings();
    return check_done();
}
