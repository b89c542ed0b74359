/* Do the handles that a process starts with work, whatever is done with them first? */
/* link: -lntdll */
#include "check.h"
#include <winternl.h>

/* RTL_USER_PROCESS_PARAMETERS.CurrentDirectory.Handle; the layout is the same in all 64-bit versions. */
static HANDLE *current_directory_handle(void)
{
    return (HANDLE *)((char *)NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters + 0x48);
}

/* The current directory's handle is the root of relative names, and keeps the directory from being removed. */
static void test_current_directory(void)
{
    static WCHAR text[] = L"first_handles.txt";
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;
    HANDLE file = NULL, root = *current_directory_handle();
    RtlInitUnicodeString(&name, text);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    CHECK(root != NULL);
    CHECK_EQ(NtCreateFile(&file, GENERIC_WRITE | SYNCHRONIZE, &attributes, &io, NULL, 0, 0, FILE_CREATE,
                          FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0),
             0);
    CHECK(CloseHandle(file));
    CHECK(GetFileAttributesW(text) != INVALID_FILE_ATTRIBUTES);
    CHECK(DeleteFileW(text));

    BY_HANDLE_FILE_INFORMATION info;
    CHECK(GetFileInformationByHandle(root, &info));
    CHECK(info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* The directory in which the process was started can not go away, even if nobody has looked at its handle. */
static void test_removal(void)
{
    WCHAR here[MAX_PATH];
    CHECK(GetCurrentDirectoryW(MAX_PATH, here) > 0);
    CHECK_ERROR(RemoveDirectoryW(here), ERROR_SHARING_VIOLATION);
    CHECK(CreateDirectoryW(L"below", NULL));
    CHECK(SetCurrentDirectoryW(L"below"));
    CHECK_ERROR(RemoveDirectoryW(L"..\\below"), ERROR_SHARING_VIOLATION);
    CHECK(SetCurrentDirectoryW(L".."));
    CHECK(RemoveDirectoryW(L"below"));
}

static void test_standard(void)
{
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE), copy;
    DWORD flags = 0, written;
    CHECK(output && output != INVALID_HANDLE_VALUE);
    CHECK(GetHandleInformation(output, &flags));
    CHECK(flags & HANDLE_FLAG_INHERIT);
    CHECK(DuplicateHandle(GetCurrentProcess(), output, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQ(GetFileType(copy), GetFileType(output));
    CHECK(WriteFile(copy, "", 0, &written, NULL));
    CHECK(CloseHandle(copy));
    CHECK(CloseHandle(GetStdHandle(STD_INPUT_HANDLE))); /* as its first use */
    CHECK_EQ(GetFileType(GetStdHandle(STD_INPUT_HANDLE)), FILE_TYPE_UNKNOWN);
}

int main(void)
{
    test_removal();
    test_current_directory();
    test_standard();
    return check_done();
}
