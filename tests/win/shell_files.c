/*
 * Do the shell's functions for files work: copying, moving and deleting trees, lists of item ids, known folders, types
 * and programs, starting programs, shortcuts that are saved and read again, and blocks of dropped names?
 */
/* link: -lole32 -lshell32 -lshlwapi -luuid */
#define COBJMACROS
#include "check.h"
#include <initguid.h>
#include <knownfolders.h>
#include <objbase.h>
#include <shellapi.h>
#include <shlobj.h>
#include <shlwapi.h>

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static int has(const char *path, const char *text)
{
    char buffer[64] = {0};
    FILE *file = fopen(path, "rb");

    if (!file)
        return 0;
    fread(buffer, 1, sizeof buffer - 1, file);
    fclose(file);
    return !strcmp(buffer, text);
}

static int exists(const char *path)
{
    return GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES;
}

static int operate(UINT what, const char *from, const char *to, FILEOP_FLAGS flags)
{
    SHFILEOPSTRUCTA file = {0};
    char a[512] = {0}, b[512] = {0};

    for (size_t i = 0; from && from[i]; i++)
        a[i] = from[i] == '|' ? 0 : from[i];
    for (size_t i = 0; to && to[i]; i++)
        b[i] = to[i] == '|' ? 0 : to[i];
    file.wFunc = what;
    file.pFrom = from ? a : NULL;
    file.pTo = to ? b : NULL;
    file.fFlags = flags | FOF_NOCONFIRMATION | FOF_SILENT | FOF_NOERRORUI | FOF_NOCONFIRMMKDIR;
    return SHFileOperationA(&file);
}

static void check_operations(void)
{
    char here[MAX_PATH], path[MAX_PATH * 2];

    CreateDirectoryA("from", NULL);
    CreateDirectoryA("from\\inner", NULL);
    write_file("from\\a.txt", "a");
    write_file("from\\inner\\b.txt", "b");
    GetCurrentDirectoryA(MAX_PATH, here);

    CHECK_EQ(operate(FO_COPY, "from\\a.txt", "copy.txt", 0), 0);
    CHECK(has("copy.txt", "a"));
    CHECK_EQ(operate(FO_COPY, "from", "to", 0), 0);
    CHECK(has("to\\a.txt", "a"));
    CHECK(has("to\\inner\\b.txt", "b"));
    CreateDirectoryA("into", NULL);
    CHECK_EQ(operate(FO_COPY, "from", "into", 0), 0);
    CHECK(has("into\\from\\inner\\b.txt", "b"));
    CHECK_EQ(operate(FO_COPY, "from\\a.txt|copy.txt", "into", 0), 0);
    CHECK(has("into\\a.txt", "a"));
    CHECK(has("into\\copy.txt", "a"));
    CreateDirectoryA("stars", NULL);
    CHECK_EQ(operate(FO_COPY, "from\\*.txt", "stars", 0), 0);
    CHECK(has("stars\\a.txt", "a"));
    CHECK(!exists("stars\\inner"));
    CHECK_EQ(operate(FO_COPY, "from\\a.txt|copy.txt", "m1.txt|m2.txt", FOF_MULTIDESTFILES), 0);
    CHECK(has("m1.txt", "a") && has("m2.txt", "a"));
    CHECK(operate(FO_COPY, "no such file", "x.txt", 0) != 0);
    CHECK(!exists("x.txt"));

    CHECK_EQ(operate(FO_MOVE, "m1.txt", "moved.txt", 0), 0);
    CHECK(has("moved.txt", "a") && !exists("m1.txt"));
    CHECK_EQ(operate(FO_MOVE, "to", "elsewhere", 0), 0);
    CHECK(has("elsewhere\\inner\\b.txt", "b") && !exists("to"));
    CHECK_EQ(operate(FO_RENAME, "moved.txt", "renamed.txt", 0), 0);
    CHECK(has("renamed.txt", "a") && !exists("moved.txt"));
    if (!check_under_wine()) {
        CHECK_EQ(operate(FO_COPY, "from", "from\\inner\\deep", 0), 0x76);
        CHECK_EQ(operate(FO_COPY, "from\\a.txt", "copy.txt", FOF_RENAMEONCOLLISION), 0);
        CHECK(has("copy - Copy.txt", "a"));
    }

    SetFileAttributesA("elsewhere\\a.txt", FILE_ATTRIBUTE_READONLY);
    snprintf(path, sizeof path, "%s\\elsewhere", here);
    CHECK_EQ(operate(FO_DELETE, path, NULL, 0), 0);
    CHECK(!exists("elsewhere"));
    CHECK_EQ(operate(FO_DELETE, "from|into|stars", NULL, 0), 0);
    CHECK(!exists("from") && !exists("into") && !exists("stars"));
    CHECK_EQ(operate(FO_DELETE, "*.txt", NULL, 0), 0);
    CHECK(!exists("copy.txt") && !exists("renamed.txt"));
    CHECK(operate(FO_DELETE, "no such file", NULL, 0) != 0);
    CHECK(operate(99, "a", "b", 0) != 0);
}

static void check_lists(void)
{
    PIDLIST_ABSOLUTE list = NULL, copy, other;
    WCHAR path[MAX_PATH], back[MAX_PATH];
    SFGAOF attributes = SFGAO_FOLDER;

    CreateDirectoryA("a directory", NULL);
    FILE *made = _wfopen(L"a directory\\\u00e4 long file name.text", L"wb");
    CHECK(made && !fclose(made));
    GetFullPathNameW(L"a directory", MAX_PATH, path, NULL);
    CHECK_EQ(SHParseDisplayName(path, NULL, &list, SFGAO_FOLDER, &attributes), S_OK);
    CHECK_EQ(attributes & SFGAO_FOLDER, SFGAO_FOLDER);
    CHECK(SHGetPathFromIDListW(list, back));
    CHECK(!wcsicmp(back, path));
    copy = ILClone(list);
    CHECK(ILIsEqual(list, copy));
    CHECK_EQ(ILGetSize(copy), ILGetSize(list));
    wcscat(path, L"\\\u00e4 long file name.text");
    other = ILCreateFromPathW(path);
    CHECK(other != NULL);
    if (other) {
        CHECK(SHGetPathFromIDListW(other, back));
        CHECK(!wcscmp(wcsrchr(back, '\\'), L"\\\u00e4 long file name.text"));
        CHECK(ILIsParent(list, other, TRUE));
        CHECK(!ILIsParent(other, list, FALSE));
        CHECK(ILFindChild(list, other) != NULL);
        CHECK(ILRemoveLastID(other));
        CHECK(ILIsEqual(other, list));
        ILFree(other);
    }
    other = ILCombine(NULL, list);
    CHECK(ILIsEqual(other, list));
    ILFree(other);
    CHECK(FAILED(SHParseDisplayName(L"c:\\no\\such\\thing", NULL, &other, 0, NULL)));
    CHECK(ILCreateFromPathW(L"c:\\no\\such\\thing") == NULL);
    ILFree(copy);
    ILFree(list);
    CHECK_EQ(SHGetSpecialFolderLocation(NULL, CSIDL_WINDOWS, &list), S_OK);
    CHECK(SHGetPathFromIDListW(list, back));
    GetWindowsDirectoryW(path, MAX_PATH);
    CHECK(!wcsicmp(back, path));
    ILFree(list);
    operate(FO_DELETE, "a directory", NULL, 0);
}

static void check_folders(void)
{
    static const GUID *const ids[] = {
        &FOLDERID_Profile,   &FOLDERID_RoamingAppData, &FOLDERID_LocalAppData, &FOLDERID_LocalAppDataLow,
        &FOLDERID_Documents, &FOLDERID_Desktop,        &FOLDERID_Downloads,    &FOLDERID_Pictures,
        &FOLDERID_Music,     &FOLDERID_Videos,         &FOLDERID_Favorites,    &FOLDERID_StartMenu,
        &FOLDERID_Programs,  &FOLDERID_Startup,        &FOLDERID_SendTo,       &FOLDERID_Templates,
        &FOLDERID_Public,    &FOLDERID_PublicDesktop,  &FOLDERID_ProgramData,  &FOLDERID_ProgramFiles,
        &FOLDERID_Windows,   &FOLDERID_System,         &FOLDERID_Fonts,        &FOLDERID_CommonPrograms,
    };
    static const int numbers[] = {CSIDL_DESKTOP,        CSIDL_PROGRAMS, CSIDL_PERSONAL,         CSIDL_FAVORITES,
                                  CSIDL_STARTUP,        CSIDL_RECENT,   CSIDL_SENDTO,           CSIDL_STARTMENU,
                                  CSIDL_MYMUSIC,        CSIDL_MYVIDEO,  CSIDL_DESKTOPDIRECTORY, CSIDL_FONTS,
                                  CSIDL_TEMPLATES,      CSIDL_APPDATA,  CSIDL_LOCAL_APPDATA,    CSIDL_INTERNET_CACHE,
                                  CSIDL_COMMON_APPDATA, CSIDL_WINDOWS,  CSIDL_SYSTEM,           CSIDL_PROGRAM_FILES,
                                  CSIDL_MYPICTURES,     CSIDL_PROFILE,  CSIDL_COMMON_DOCUMENTS, CSIDL_COMMON_STARTUP};
    WCHAR path[MAX_PATH], *text;
    static const GUID nothing = {1, 2, 3, {4}};

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        text = NULL;
        CHECK_EQ(SHGetKnownFolderPath(ids[i], KF_FLAG_CREATE, NULL, &text), S_OK);
        CHECK(text && text[1] == ':');
        CHECK(GetFileAttributesW(text) != INVALID_FILE_ATTRIBUTES);
        CoTaskMemFree(text);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CHECK_EQ(SHGetFolderPathW(NULL, numbers[i] | CSIDL_FLAG_CREATE, NULL, SHGFP_TYPE_CURRENT, path), S_OK);
        CHECK(GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES);
        CHECK(SHGetSpecialFolderPathW(NULL, path, numbers[i], FALSE));
    }
    CHECK_EQ(SHGetKnownFolderPath(&nothing, 0, NULL, &text), HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK(text == NULL);
    CHECK(FAILED(SHGetKnownFolderPath(&FOLDERID_ComputerFolder, 0, NULL, &text)));
    CHECK_EQ(SHGetFolderPathW(NULL, 0xfe, NULL, 0, path), E_INVALIDARG);
    CHECK_EQ(SHGetFolderPathAndSubDirW(NULL, CSIDL_LOCAL_APPDATA | CSIDL_FLAG_CREATE, NULL, 0, L"winrun\\test", path),
             S_OK);
    CHECK(GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES);
}

static void check_types(void)
{
    SHFILEINFOW info;
    WCHAR path[MAX_PATH], text[MAX_PATH];
    DWORD size = MAX_PATH;

    memset(&info, 0, sizeof info);
    CHECK(SHGetFileInfoW(L"c:\\windows", 0, &info, sizeof info, SHGFI_DISPLAYNAME | SHGFI_ATTRIBUTES | SHGFI_TYPENAME));
    CHECK(!wcsicmp(info.szDisplayName, L"windows"));
    CHECK(info.dwAttributes & SFGAO_FOLDER);
    CHECK(info.szTypeName[0] != 0);
    CHECK(!SHGetFileInfoW(L"c:\\no\\such", 0, &info, sizeof info, SHGFI_DISPLAYNAME));
    CHECK(SHGetFileInfoW(L"c:\\no\\such.zzz", FILE_ATTRIBUTE_NORMAL, &info, sizeof info,
                         SHGFI_TYPENAME | SHGFI_USEFILEATTRIBUTES));
    CHECK(!wcscmp(info.szTypeName, L"ZZZ File") || check_under_wine());
    GetModuleFileNameW(NULL, path, MAX_PATH);
    CHECK_EQ(SHGetFileInfoW(path, 0, NULL, 0, SHGFI_EXETYPE), IMAGE_NT_SIGNATURE);
    CHECK_EQ(SHGetFileInfoW(L"c:\\no\\such", 0, NULL, 0, SHGFI_EXETYPE), 0);
    CHECK((INT_PTR)FindExecutableW(path, NULL, text) > 32);
    CHECK(!wcsicmp(text, path));
    CHECK_EQ((INT_PTR)FindExecutableW(L"c:\\no\\such.txt", NULL, text), SE_ERR_FNF);
    CHECK_EQ(AssocQueryStringW(0, ASSOCSTR_COMMAND, L".nosuchtype", NULL, text, &size),
             HRESULT_FROM_WIN32(ERROR_NO_ASSOCIATION));
    CHECK_EQ(ExtractIconExW(path, -1, NULL, NULL, 0), 0);

    RegSetKeyValueW(HKEY_CLASSES_ROOT, L".winruntest", NULL, REG_SZ, L"winruntest", 22);
    RegSetKeyValueW(HKEY_CLASSES_ROOT, L"winruntest\\shell\\open\\command", NULL, REG_SZ, L"\"c:\\p.exe\" \"%1\"", 32);
    size = MAX_PATH;
    if (!check_under_wine()) { /* looks whether the program is there */
        CHECK_EQ(AssocQueryStringW(0, ASSOCSTR_EXECUTABLE, L".winruntest", NULL, text, &size), S_OK);
        CHECK(!wcscmp(text, L"c:\\p.exe"));
        CHECK_EQ(size, 9);
    }
    RegDeleteTreeW(HKEY_CLASSES_ROOT, L".winruntest");
    RegDeleteTreeW(HKEY_CLASSES_ROOT, L"winruntest");
}

static void check_execute(void)
{
    SHELLEXECUTEINFOA info = {sizeof info};
    char path[MAX_PATH];
    DWORD code = 0;

    GetModuleFileNameA(NULL, path, MAX_PATH);
    info.fMask = SEE_MASK_NOCLOSEPROCESS | SEE_MASK_FLAG_NO_UI | SEE_MASK_NO_CONSOLE;
    info.lpFile = path;
    info.lpParameters = "exit 7";
    info.nShow = SW_HIDE;
    CHECK(ShellExecuteExA(&info));
    CHECK((INT_PTR)info.hInstApp > 32);
    CHECK(info.hProcess != NULL);
    CHECK_EQ(WaitForSingleObject(info.hProcess, 20000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(info.hProcess, &code));
    CHECK_EQ(code, 7);
    CloseHandle(info.hProcess);
    info.lpFile = "no such program";
    info.hProcess = NULL;
    CHECK_ERROR(ShellExecuteExA(&info), ERROR_FILE_NOT_FOUND);
    CHECK_EQ((INT_PTR)info.hInstApp, SE_ERR_FNF);
    CHECK_EQ((INT_PTR)ShellExecuteA(NULL, NULL, "no such program", NULL, NULL, SW_HIDE), SE_ERR_FNF);
    write_file("some.unknowntype", "x");
    if (!check_under_wine()) {
        info.lpFile = "some.unknowntype";
        CHECK_ERROR(ShellExecuteExA(&info), ERROR_NO_ASSOCIATION);
        CHECK_EQ((INT_PTR)info.hInstApp, SE_ERR_NOASSOC);
        CHECK_EQ((INT_PTR)ShellExecuteA(NULL, NULL, "nosuchprotocol://x", NULL, NULL, SW_HIDE), SE_ERR_NOASSOC);
    }
    DeleteFileA("some.unknowntype");
    info.cbSize = 3;
    if (!check_under_wine())
        CHECK_ERROR(ShellExecuteExA(&info), ERROR_ACCESS_DENIED);
}

static void check_link(void)
{
    IShellLinkW *link = NULL;
    IShellLinkA *narrow = NULL;
    IPersistFile *file = NULL;
    WCHAR target[MAX_PATH], text[MAX_PATH], where[MAX_PATH];
    WIN32_FIND_DATAW found;
    PIDLIST_ABSOLUTE list = NULL;
    char ansi[MAX_PATH];
    int number;
    WORD key;

    FILE *made = _wfopen(L"target \u00e9.txt", L"wb");
    CHECK(made && fputs("four", made) >= 0 && !fclose(made));
    GetFullPathNameW(L"target \u00e9.txt", MAX_PATH, target, NULL);
    GetFullPathNameW(L"test.lnk", MAX_PATH, where, NULL);
    CHECK_EQ(CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IShellLinkW, (void **)&link), S_OK);
    CHECK_EQ(IShellLinkW_SetPath(link, target), S_OK);
    CHECK_EQ(IShellLinkW_SetDescription(link, L"what it is"), S_OK);
    CHECK_EQ(IShellLinkW_SetArguments(link, L"-a \"b c\""), S_OK);
    CHECK_EQ(IShellLinkW_SetWorkingDirectory(link, L"c:\\windows"), S_OK);
    CHECK_EQ(IShellLinkW_SetIconLocation(link, L"c:\\x.ico", 3), S_OK);
    CHECK_EQ(IShellLinkW_SetHotkey(link, 0x0641), S_OK);
    CHECK_EQ(IShellLinkW_SetShowCmd(link, SW_SHOWMAXIMIZED), S_OK);
    CHECK_EQ(IShellLinkW_QueryInterface(link, &IID_IPersistFile, (void **)&file), S_OK);
    CHECK_EQ(IPersistFile_IsDirty(file), S_OK);
    CHECK_EQ(IPersistFile_Save(file, where, TRUE), S_OK);
    CHECK_EQ(IPersistFile_IsDirty(file), S_FALSE);
    IPersistFile_Release(file);
    CHECK_EQ(IShellLinkW_Release(link), 0);

    CHECK_EQ(CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IPersistFile, (void **)&file), S_OK);
    CHECK_EQ(IPersistFile_Load(file, where, STGM_READ), S_OK);
    CHECK_EQ(IPersistFile_QueryInterface(file, &IID_IShellLinkW, (void **)&link), S_OK);
    CHECK_EQ(IShellLinkW_GetPath(link, text, MAX_PATH, &found, 0), S_OK);
    CHECK(!wcsicmp(text, target));
    CHECK(found.nFileSizeLow == 4 || check_under_wine());
    CHECK_EQ(IShellLinkW_GetDescription(link, text, MAX_PATH), S_OK);
    CHECK(!wcscmp(text, L"what it is"));
    CHECK_EQ(IShellLinkW_GetArguments(link, text, MAX_PATH), S_OK);
    CHECK(!wcscmp(text, L"-a \"b c\""));
    CHECK_EQ(IShellLinkW_GetWorkingDirectory(link, text, MAX_PATH), S_OK);
    CHECK(!wcscmp(text, L"c:\\windows"));
    CHECK_EQ(IShellLinkW_GetIconLocation(link, text, MAX_PATH, &number), S_OK);
    CHECK(!wcscmp(text, L"c:\\x.ico"));
    CHECK_EQ(number, 3);
    CHECK_EQ(IShellLinkW_GetHotkey(link, &key), S_OK);
    CHECK_EQ(key, 0x0641);
    CHECK_EQ(IShellLinkW_GetShowCmd(link, &number), S_OK);
    CHECK(number == SW_SHOWMAXIMIZED || check_under_wine());
    CHECK_EQ(IShellLinkW_GetIDList(link, &list), S_OK);
    CHECK(SHGetPathFromIDListW(list, text));
    CHECK(!wcsicmp(text, target));
    ILFree(list);
    CHECK_EQ(IShellLinkW_QueryInterface(link, &IID_IShellLinkA, (void **)&narrow), S_OK);
    CHECK_EQ(IShellLinkA_GetArguments(narrow, ansi, MAX_PATH), S_OK);
    CHECK_STR(ansi, "-a \"b c\"");
    IShellLinkA_Release(narrow);
    IShellLinkW_Release(link);
    IPersistFile_Release(file);

    write_file("bad.lnk",
               "this is no shortcut, but long enough to hold the head of one: 76 bytes and a few more of them");
    GetFullPathNameW(L"bad.lnk", MAX_PATH, where, NULL);
    CHECK_EQ(CoCreateInstance(&CLSID_ShellLink, NULL, CLSCTX_INPROC_SERVER, &IID_IPersistFile, (void **)&file), S_OK);
    CHECK(FAILED(IPersistFile_Load(file, where, STGM_READ)));
    CHECK(FAILED(IPersistFile_Load(file, L"c:\\no\\such.lnk", STGM_READ)));
    IPersistFile_Release(file);
    operate(FO_DELETE, "*.lnk|target*.txt", NULL, 0);
}

static void check_folder_objects(void)
{
    IShellFolder *desktop = NULL, *folder = NULL, *parent = NULL;
    PIDLIST_RELATIVE list = NULL, item = NULL;
    PITEMID_CHILD child;
    LPCITEMIDLIST last = NULL;
    WCHAR here[MAX_PATH], text[MAX_PATH];
    WIN32_FIND_DATAW found;
    IEnumIDList *items = NULL;
    STRRET name;
    SFGAOF attributes = SFGAO_FOLDER;
    int seen = 0;

    CreateDirectoryA("tree", NULL);
    CreateDirectoryA("tree\\sub", NULL);
    write_file("tree\\one.txt", "1");
    write_file("tree\\two.txt", "22");
    GetFullPathNameW(L"tree", MAX_PATH, here, NULL);
    CHECK_EQ(SHGetDesktopFolder(&desktop), S_OK);
    CHECK_EQ(IShellFolder_ParseDisplayName(desktop, NULL, NULL, here, NULL, &list, NULL), S_OK);
    CHECK_EQ(IShellFolder_BindToObject(desktop, list, NULL, &IID_IShellFolder, (void **)&folder), S_OK);
    CHECK_EQ(IShellFolder_EnumObjects(folder, NULL, SHCONTF_FOLDERS | SHCONTF_NONFOLDERS, &items), S_OK);
    while (IEnumIDList_Next(items, 1, &child, NULL) == S_OK) {
        CHECK_EQ(IShellFolder_GetDisplayNameOf(folder, child, SHGDN_FORPARSING, &name), S_OK);
        CHECK_EQ(StrRetToBufW(&name, child, text, MAX_PATH), S_OK);
        CHECK(!wcsnicmp(text, here, wcslen(here)));
        seen++;
        ILFree(child);
    }
    CHECK_EQ(seen, 3);
    IEnumIDList_Release(items);
    CHECK_EQ(IShellFolder_ParseDisplayName(folder, NULL, NULL, L"two.txt", NULL, &item, NULL), S_OK);
    CHECK_EQ(IShellFolder_GetDisplayNameOf(folder, item, SHGDN_INFOLDER, &name), S_OK);
    CHECK_EQ(StrRetToBufW(&name, item, text, MAX_PATH), S_OK);
    CHECK(!wcscmp(text, L"two.txt") || check_under_wine());
    CHECK_EQ(SHGetDataFromIDListW(folder, item, SHGDFIL_FINDDATA, &found, sizeof found), S_OK);
    CHECK_EQ(found.nFileSizeLow, 2);
    CHECK_EQ(IShellFolder_GetAttributesOf(folder, 1, (LPCITEMIDLIST *)&item, &attributes), S_OK);
    CHECK_EQ(attributes & SFGAO_FOLDER, 0);
    CHECK_EQ((short)IShellFolder_CompareIDs(folder, 0, item, item), 0);
    ILFree(item);
    CHECK(FAILED(IShellFolder_ParseDisplayName(folder, NULL, NULL, L"three.txt", NULL, &item, NULL)));
    CHECK_EQ(SHBindToParent(list, &IID_IShellFolder, (void **)&parent, &last), S_OK);
    CHECK_EQ(IShellFolder_GetDisplayNameOf(parent, last, SHGDN_FORPARSING, &name), S_OK);
    CHECK_EQ(StrRetToBufW(&name, last, text, MAX_PATH), S_OK);
    CHECK(!wcsicmp(text, here));
    IShellFolder_Release(parent);
    IShellFolder_Release(folder);
    IShellFolder_Release(desktop);
    ILFree(list);
    operate(FO_DELETE, "tree", NULL, 0);
}

static void check_drop(void)
{
    static const char names[] = "c:\\one\0c:\\second\0";
    HGLOBAL memory = GlobalAlloc(GMEM_MOVEABLE | GMEM_ZEROINIT, sizeof(DROPFILES) + sizeof names);
    DROPFILES *drop = GlobalLock(memory);
    char text[32];
    WCHAR wide[32];
    POINT point;

    drop->pFiles = sizeof *drop;
    drop->pt.x = 5;
    memcpy(drop + 1, names, sizeof names);
    GlobalUnlock(memory);
    CHECK_EQ(DragQueryFileA((HDROP)memory, 0xffffffff, NULL, 0), 2);
    CHECK_EQ(DragQueryFileA((HDROP)memory, 1, NULL, 0), 9);
    CHECK_EQ(DragQueryFileA((HDROP)memory, 1, text, sizeof text), 9);
    CHECK_STR(text, "c:\\second");
    CHECK_EQ(DragQueryFileW((HDROP)memory, 0, wide, 32), 6);
    CHECK(!wcscmp(wide, L"c:\\one"));
    CHECK_EQ(DragQueryFileW((HDROP)memory, 2, wide, 32), 0);
    CHECK(DragQueryPoint((HDROP)memory, &point));
    CHECK_EQ(point.x, 5);
    DragFinish((HDROP)memory);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "exit"))
        return atoi(argv[2]);
    CoInitialize(NULL);
    check_operations();
    check_lists();
    check_folders();
    check_types();
    check_execute();
    check_link();
    check_folder_objects();
    check_drop();
    CoUninitialize();
    return check_done();
}
