/*
 * Are texts in messages converted between senders and windows of the two forms (SendMessageA to a wide procedure,
 * SendMessageW to an ANSI one)?
 */
#include "check.h"

static WCHAR got_wide[64];
static char got_narrow[64];
static WPARAM got_char;
static UINT seen;

static LRESULT CALLBACK wide_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_SETTEXT:
    case WM_SETTINGCHANGE:
        seen = message;
        wcscpy(got_wide, lparam ? (WCHAR *)lparam : L"(none)");
        return message == WM_SETTEXT;
    case WM_GETTEXT:
        lstrcpynW((WCHAR *)lparam,
                  L"gr\xfc\xdf"
                  L"e",
                  (int)wparam);
        return lstrlenW((WCHAR *)lparam);
    case WM_GETTEXTLENGTH:
        return 5;
    case WM_CHAR:
        got_char = wparam;
        return 0;
    }
    return DefWindowProcW(window, message, wparam, lparam);
}

static LRESULT CALLBACK narrow_procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    switch (message) {
    case WM_SETTEXT:
    case WM_SETTINGCHANGE:
        seen = message;
        strcpy(got_narrow, lparam ? (char *)lparam : "(none)");
        return message == WM_SETTEXT;
    case WM_GETTEXT:
        lstrcpynA((char *)lparam, "narrow", (int)wparam);
        return lstrlenA((char *)lparam);
    case WM_GETTEXTLENGTH:
        return 6;
    case WM_CHAR:
        got_char = wparam;
        return 0;
    }
    return DefWindowProcA(window, message, wparam, lparam);
}

static void to_wide(HWND window)
{
    char narrow[64];
    WCHAR wide[64];
    DWORD_PTR result = 0;
    int length = WideCharToMultiByte(CP_ACP, 0,
                                     L"gr\xfc\xdf"
                                     L"e",
                                     -1, narrow, sizeof narrow, NULL, NULL) -
                 1;
    char expected[64];

    strcpy(expected, narrow);
    CHECK(IsWindowUnicode(window));
    CHECK_EQ(SendMessageA(window, WM_SETTEXT, 0, (LPARAM) "a text"), 1);
    CHECK(!wcscmp(got_wide, L"a text"));
    CHECK_EQ(SendMessageA(window, WM_SETTEXT, 0, (LPARAM)expected), 1);
    CHECK(!wcscmp(got_wide, L"gr\xfc\xdf"
                            L"e"));
    CHECK_EQ(SendMessageW(window, WM_SETTEXT, 0, (LPARAM)L"as it is"), 1);
    CHECK(!wcscmp(got_wide, L"as it is"));
    CHECK_EQ(SendMessageA(window, WM_SETTEXT, 0, 0), 1);
    CHECK(!wcscmp(got_wide, L"(none)"));
    CHECK(SetWindowTextA(window, "other"));
    CHECK(!wcscmp(got_wide, L"other"));
    CHECK_EQ(SendMessageA(window, WM_GETTEXT, sizeof narrow, (LPARAM)narrow), length);
    CHECK_STR(narrow, expected);
    CHECK_EQ(GetWindowTextA(window, narrow, sizeof narrow), length);
    CHECK_STR(narrow, expected);
    CHECK_EQ(GetWindowTextA(window, narrow, 3), 2);
    CHECK_STR(narrow, "gr");
    CHECK_EQ(SendMessageW(window, WM_GETTEXT, 64, (LPARAM)wide), 5);
    CHECK_EQ(SendMessageW(window, WM_GETTEXTLENGTH, 0, 0), 5);
    CHECK_EQ(SendMessageA(window, WM_GETTEXTLENGTH, 0, 0), length);
    CHECK_EQ(GetWindowTextLengthA(window), length);
    CHECK_EQ(SendMessageA(window, WM_CHAR, 'q', 0), 0);
    CHECK_EQ(got_char, 'q');
    seen = 0;
    CHECK(SendMessageTimeoutA(window, WM_SETTINGCHANGE, 0, (LPARAM) "Environment", SMTO_NORMAL, 1000, &result));
    CHECK_EQ(seen, WM_SETTINGCHANGE);
    CHECK(!wcscmp(got_wide, L"Environment"));
}

static void to_narrow(HWND window)
{
    char narrow[64];
    WCHAR wide[64];
    DWORD_PTR result = 0;

    CHECK(!IsWindowUnicode(window));
    CHECK_EQ(SendMessageW(window, WM_SETTEXT, 0, (LPARAM)L"a text"), 1);
    CHECK_STR(got_narrow, "a text");
    CHECK_EQ(SendMessageA(window, WM_SETTEXT, 0, (LPARAM) "as it is"), 1);
    CHECK_STR(got_narrow, "as it is");
    CHECK(SetWindowTextW(window, L"other"));
    CHECK_STR(got_narrow, "other");
    CHECK_EQ(SendMessageW(window, WM_SETTEXT, 0, 0), 1);
    CHECK_STR(got_narrow, "(none)");
    CHECK_EQ(SendMessageW(window, WM_GETTEXT, 64, (LPARAM)wide), 6);
    CHECK(!wcscmp(wide, L"narrow"));
    CHECK_EQ(GetWindowTextW(window, wide, 64), 6);
    CHECK(!wcscmp(wide, L"narrow"));
    CHECK_EQ(SendMessageA(window, WM_GETTEXT, 64, (LPARAM)narrow), 6);
    CHECK_EQ(SendMessageW(window, WM_GETTEXTLENGTH, 0, 0), 6);
    CHECK_EQ(GetWindowTextLengthW(window), 6);
    CHECK_EQ(SendMessageW(window, WM_CHAR, 'q', 0), 0);
    CHECK_EQ(got_char, 'q');
    CHECK(SendMessageTimeoutW(window, WM_SETTINGCHANGE, 0, (LPARAM)L"Environment", SMTO_NORMAL, 1000, &result));
    CHECK_STR(got_narrow, "Environment");
}

int main(void)
{
    WNDCLASSW wide_class = {.lpfnWndProc = wide_procedure, .lpszClassName = L"wide texts"};
    WNDCLASSA narrow_class = {.lpfnWndProc = narrow_procedure, .lpszClassName = "narrow texts"};
    HWND window;

    CHECK(RegisterClassW(&wide_class));
    CHECK(RegisterClassA(&narrow_class));
    window = CreateWindowExW(0, L"wide texts", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    CHECK(window != NULL);
    to_wide(window);
    CHECK(DestroyWindow(window));
    window = CreateWindowExA(0, "narrow texts", "", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    CHECK(window != NULL);
    to_narrow(window);
    CHECK(DestroyWindow(window));
    return check_done();
}
