/*
 * What do programs without windows hear from user32: classes, images by name, and calls for windows that are not there?
 */
/* link: -luser32 */
#include "check.h"

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    (void)window, (void)message, (void)wparam, (void)lparam;
    return 0;
}

static void check_classes(void)
{
    HINSTANCE self = GetModuleHandleA(NULL);
    WNDCLASSW class = {.lpfnWndProc = procedure, .hInstance = self, .lpszClassName = L"winrun test", .cbWndExtra = 8};
    WNDCLASSEXA extended = {
        .cbSize = sizeof extended, .lpfnWndProc = procedure, .hInstance = self, .lpszClassName = "winrun second"};
    WNDCLASSEXW found = {.cbSize = sizeof found};
    WNDCLASSW old;
    ATOM atom = RegisterClassW(&class);

    CHECK(atom >= 0xc000);
    CHECK_ERROR(RegisterClassW(&class), ERROR_CLASS_ALREADY_EXISTS);
    CHECK(GetClassInfoExW(self, L"WINRUN TEST", &found));
    CHECK(found.lpfnWndProc == procedure);
    CHECK_EQ(found.cbWndExtra, 8);
    CHECK(GetClassInfoW(self, (LPCWSTR)(ULONG_PTR)atom, &old));
    CHECK(old.lpfnWndProc == procedure);
    CHECK_ERROR(GetClassInfoExW(self, L"no such class", &found), ERROR_CLASS_DOES_NOT_EXIST);
    CHECK(RegisterClassExA(&extended) != 0);
    CHECK(UnregisterClassA("winrun second", self));
    CHECK_ERROR(UnregisterClassA("winrun second", self), ERROR_CLASS_DOES_NOT_EXIST);
    CHECK(UnregisterClassW((LPCWSTR)(ULONG_PTR)atom, self));
    CHECK_ERROR(UnregisterClassW(L"winrun test", self), ERROR_CLASS_DOES_NOT_EXIST);
    extended.cbSize = 3;
    CHECK_ERROR(RegisterClassExA(&extended), ERROR_INVALID_PARAMETER);
}

static void check_images(void)
{
    HCURSOR arrow = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);
    HICON icon = LoadIconA(NULL, IDI_APPLICATION);

    CHECK(arrow != NULL);
    CHECK(icon != NULL);
    CHECK(arrow == LoadCursorW(NULL, (LPCWSTR)IDC_ARROW));
    CHECK(arrow != LoadCursorW(NULL, (LPCWSTR)IDC_WAIT));
    CHECK(LoadIconW(GetModuleHandleW(NULL), L"no such icon") == NULL);
    CHECK(LoadImageW(GetModuleHandleW(NULL), L"no such icon", IMAGE_ICON, 0, 0, 0) == NULL);
    CHECK_ERROR(LoadCursorW(NULL, MAKEINTRESOURCEW(5)),
                check_under_wine() ? ERROR_RESOURCE_TYPE_NOT_FOUND : ERROR_RESOURCE_NAME_NOT_FOUND);
}

static void check_windows(void)
{
    HWND none = (HWND)(ULONG_PTR)0x12344;
    DWORD_PTR result = 7;

    CHECK_ERROR(SetWindowTextW(none, L"x"), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(SetWindowPos(none, NULL, 0, 0, 1, 1, 0), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(EnableWindow(none, TRUE), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(DestroyWindow(none), check_under_wine() ? ERROR_ACCESS_DENIED : ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(GetWindowLongPtrW(none, GWLP_USERDATA), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(SetWindowLongPtrW(none, GWLP_USERDATA, 1), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(SendMessageW(none, WM_USER, 0, 0), ERROR_INVALID_WINDOW_HANDLE);
    CHECK_ERROR(SendMessageTimeoutW(none, WM_USER, 0, 0, SMTO_NORMAL, 100, &result), ERROR_INVALID_WINDOW_HANDLE);
    if (!check_under_wine()) { /* keeps the last error */
        CHECK_ERROR(GetDlgItem(none, 1), ERROR_INVALID_WINDOW_HANDLE);
        CHECK_ERROR(SetDlgItemTextW(none, 1, L"x"), ERROR_INVALID_WINDOW_HANDLE);
    }
    CHECK(ReleaseCapture());
    CHECK(SetFocus(NULL) == NULL);
    CHECK_EQ(WaitForInputIdle(GetCurrentProcess(), 1000), WAIT_FAILED);
    CHECK_ERROR(WaitForInputIdle(NULL, 1000) != WAIT_FAILED, ERROR_INVALID_HANDLE);
}

int main(void)
{
    check_classes();
    check_images();
    check_windows();
    return check_done();
}
