/*
 * clipboard.c: does the clipboard keep what a program puts there, with its rules of opening and owning, texts in other
 * forms, and data that is made when somebody asks for it?
 */
#include "check.h"

static HWND window, other;
static UINT private_format;
static int asked, asked_all, destroyed, updates;

static HGLOBAL block(const void *data, size_t size)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, size);
    memcpy(GlobalLock(handle), data, size);
    GlobalUnlock(handle);
    return handle;
}

static LRESULT CALLBACK procedure(HWND w, UINT message, WPARAM a, LPARAM b)
{
    switch (message) {
    case WM_RENDERFORMAT:
        asked++;
        SetClipboardData((UINT)a, block("late", 5));
        return 0;
    case WM_RENDERALLFORMATS:
        asked_all++;
        return 0;
    case WM_DESTROYCLIPBOARD:
        destroyed++;
        return 0;
    case WM_CLIPBOARDUPDATE:
        updates++;
        return 0;
    }
    return DefWindowProcA(w, message, a, b);
}

static void pump(void)
{
    MSG message;
    while (PeekMessageA(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageA(&message);
}

static DWORD WINAPI in_other_thread(void *unused)
{
    (void)unused;
    return OpenClipboard(NULL) ? CloseClipboard(), 1 : GetLastError();
}

static DWORD other_opens(void)
{
    DWORD code;
    HANDLE thread = CreateThread(NULL, 0, in_other_thread, NULL, 0, NULL);
    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code;
}

static void test_closed(void)
{
    CHECK_ERROR(EmptyClipboard(), ERROR_CLIPBOARD_NOT_OPEN);
    CHECK_ERROR(CloseClipboard(), ERROR_CLIPBOARD_NOT_OPEN);
    CHECK_ERROR(GetClipboardData(CF_TEXT), ERROR_CLIPBOARD_NOT_OPEN);
    CHECK_ERROR(SetClipboardData(CF_TEXT, block("x", 2)), ERROR_CLIPBOARD_NOT_OPEN);
    CHECK_ERROR(EnumClipboardFormats(0), ERROR_CLIPBOARD_NOT_OPEN);
    CHECK(GetOpenClipboardWindow() == NULL);
}

static void test_opening(void)
{
    CHECK(OpenClipboard(window));
    CHECK(GetOpenClipboardWindow() == window);
    CHECK(OpenClipboard(window));
    CHECK_ERROR(OpenClipboard(other), ERROR_ACCESS_DENIED);
    CHECK_EQ(other_opens(), ERROR_ACCESS_DENIED);
    CHECK(EmptyClipboard());
    CHECK(GetClipboardOwner() == window);
    CHECK(CloseClipboard());
    CHECK_EQ(other_opens(), 1);
    CHECK(GetOpenClipboardWindow() == NULL);
    CHECK(GetClipboardOwner() == window);
    CHECK_ERROR(OpenClipboard((HWND)0xdead), ERROR_INVALID_WINDOW_HANDLE);
}

static void test_text(void)
{
    DWORD before = GetClipboardSequenceNumber();
    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK_EQ(CountClipboardFormats(), 0);
    CHECK(!IsClipboardFormatAvailable(CF_TEXT));
    CHECK(GetClipboardData(CF_TEXT) == NULL);
    HGLOBAL text = block(L"Gr\x00fc\x00df"
                         L"e \x4e2d",
                         2 * 8);
    CHECK(SetClipboardData(CF_UNICODETEXT, text) == text);
    CHECK(GetClipboardData(CF_UNICODETEXT) == text);
    CHECK(IsClipboardFormatAvailable(CF_UNICODETEXT));
    CHECK(!IsClipboardFormatAvailable(CF_BITMAP));
    CHECK(CloseClipboard());
    CHECK(GetClipboardSequenceNumber() != before);
    CHECK(IsClipboardFormatAvailable(CF_TEXT));

    CHECK(OpenClipboard(NULL));
    text = GetClipboardData(CF_UNICODETEXT);
    CHECK(text != NULL);
    CHECK(!wcscmp(GlobalLock(text), L"Gr\x00fc\x00df"
                                    L"e \x4e2d"));
    GlobalUnlock(text);
    text = GetClipboardData(CF_TEXT);
    CHECK(text != NULL);
    char expected[40];
    WideCharToMultiByte(CP_ACP, 0,
                        L"Gr\x00fc\x00df"
                        L"e \x4e2d",
                        -1, expected, 40, NULL, NULL);
    CHECK_STR(GlobalLock(text), expected);
    GlobalUnlock(text);
    CHECK_EQ(EnumClipboardFormats(0), CF_UNICODETEXT);
    CHECK(CloseClipboard());

    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK(SetClipboardData(CF_TEXT, block("plain", 6)) != NULL);
    CHECK(CloseClipboard());
    CHECK(OpenClipboard(NULL));
    text = GetClipboardData(CF_UNICODETEXT);
    CHECK(text && !wcscmp(GlobalLock(text), L"plain"));
    GlobalUnlock(text);
    UINT wanted[] = {CF_BITMAP, CF_UNICODETEXT, CF_TEXT}, none[] = {CF_BITMAP};
    CHECK_EQ(GetPriorityClipboardFormat(wanted, 3), CF_UNICODETEXT);
    CHECK_EQ(GetPriorityClipboardFormat(none, 1), -1);
    CHECK(CloseClipboard());
}

static void test_formats(void)
{
    CHECK(private_format >= 0xC000);
    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK(SetClipboardData(private_format, block("abc", 4)) != NULL);
    CHECK(SetClipboardData(CF_TEXT, block("t", 2)) != NULL);
    CHECK(SetClipboardData(private_format, block("def", 4)) != NULL); /* in its place */
    CHECK_EQ(EnumClipboardFormats(0), private_format);
    CHECK_EQ(EnumClipboardFormats(private_format), CF_TEXT);
    HANDLE data = GetClipboardData(private_format);
    CHECK(data != NULL);
    CHECK_STR(GlobalLock(data), "def");
    GlobalUnlock(data);
    CHECK(CloseClipboard());
    CHECK(CountClipboardFormats() >= 2);
}

static void test_late(void)
{
    int before = destroyed;
    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK_EQ(destroyed, before + 1);
    CHECK(SetClipboardData(private_format, NULL) == NULL);
    CHECK(IsClipboardFormatAvailable(private_format));
    CHECK(CloseClipboard());
    CHECK_EQ(asked, 0);
    CHECK(OpenClipboard(other));
    HANDLE data = GetClipboardData(private_format);
    CHECK_EQ(asked, 1);
    CHECK(data && !strcmp(GlobalLock(data), "late"));
    GlobalUnlock(data);
    CHECK(GetClipboardData(private_format) == data);
    CHECK_EQ(asked, 1);
    CHECK(CloseClipboard());
}

static void test_listener(void)
{
    CHECK(AddClipboardFormatListener(other));
    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK(SetClipboardData(CF_TEXT, block("u", 2)) != NULL);
    CHECK(CloseClipboard());
    pump();
    CHECK(updates > 0);
    CHECK(RemoveClipboardFormatListener(other));
    CHECK(!RemoveClipboardFormatListener(other));
    updates = 0;
    CHECK(OpenClipboard(window));
    CHECK(EmptyClipboard());
    CHECK(CloseClipboard());
    pump();
    CHECK_EQ(updates, 0);
}

int main(void)
{
    WNDCLASSA class = {.lpfnWndProc = procedure, .lpszClassName = "clipboard test"};
    CHECK(RegisterClassA(&class));
    window = CreateWindowA("clipboard test", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    other = CreateWindowA("clipboard test", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    private_format = RegisterClipboardFormatA("a format of this test");
    CHECK(window && other);
    test_closed();
    test_opening();
    test_text();
    test_formats();
    test_late();
    test_listener();
    DestroyWindow(window);
    CHECK(GetClipboardOwner() == NULL);
    DestroyWindow(other);
    return check_done();
}
