/* Are activation contexts made, stacked, and taken off again in order? */
#include "check.h"

static void write_manifest(void)
{
    static const char text[] = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
                               "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'></assembly>";
    DWORD written;
    HANDLE file = CreateFileA("test.manifest", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, text, sizeof text - 1, &written, NULL));
    CloseHandle(file);
}

static HANDLE current(void)
{
    HANDLE handle = (HANDLE)1;
    CHECK(GetCurrentActCtx(&handle));
    ReleaseActCtx(handle);
    return handle;
}

static void test_stack(HANDLE context)
{
    ULONG_PTR first = 0, second = 0, third = 0;
    CHECK(current() == NULL);
    CHECK(ActivateActCtx(context, &first) && first);
    CHECK(current() == context);
    CHECK(ActivateActCtx(NULL, &second) && second && second != first);
    CHECK(current() == NULL);
    CHECK(DeactivateActCtx(0, second));
    CHECK(current() == context);
    CHECK(ActivateActCtx(context, &second) && ActivateActCtx(NULL, &third));
    CHECK(DeactivateActCtx(DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION, second));
    CHECK(current() == context);
    CHECK(DeactivateActCtx(0, first));
    CHECK(current() == NULL);
}

static void test_errors(ACTCTXW *request)
{
    CHECK(CreateActCtxW(NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    request->cbSize = 4;
    CHECK(CreateActCtxW(request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
    request->cbSize = sizeof *request;
    request->lpSource = L"no_such.manifest";
    CHECK(CreateActCtxW(request) == INVALID_HANDLE_VALUE);
    CHECK_EQ(GetLastError(), ERROR_FILE_NOT_FOUND);
    ACTCTX_SECTION_KEYED_DATA data = {.cbSize = sizeof data};
    CHECK(!FindActCtxSectionStringW(0, NULL, 2, L"no_such.dll", &data));
}

int main(void)
{
    ACTCTXW request = {.cbSize = sizeof request, .lpSource = L"test.manifest"};
    write_manifest();
    HANDLE context = CreateActCtxW(&request);
    CHECK(context != INVALID_HANDLE_VALUE);
    test_stack(context);
    AddRefActCtx(context);
    ReleaseActCtx(context);
    ReleaseActCtx(context);
    test_errors(&request);
    return check_done();
}
