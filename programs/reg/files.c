/*
 * files.c: reg import and export (.reg files), save, restore, load and unload (hives).
 */
#include "reg.h"
#include "registry/regfile.h"

static size_t ansi_to_wide(const char *bytes, size_t length, uint16_t *wide)
{
    return length ? (size_t)MultiByteToWideChar(CP_ACP, 0, bytes, (int)length, wide, (int)length) : 0;
}

static size_t wide_to_ansi(const uint16_t *wide, size_t length, char *bytes)
{
    return length ? (size_t)WideCharToMultiByte(CP_ACP, 0, wide, (int)length, bytes, (int)length * 4, NULL, NULL) : 0;
}

static const struct regfile_ansi ansi = {ansi_to_wide, wide_to_ansi};

struct import {
    HKEY key;
    REGSAM view;
    LSTATUS error;
};

static bool import_key(void *context, struct regfile_text path, bool remove)
{
    struct import *import = context;
    struct key_name name;
    WCHAR *text = copy_n(path.at, path.length);
    bool known = parse_key(text, &name);

    free(text);
    if (import->key)
        RegCloseKey(import->key);
    import->key = NULL;
    if (!known)
        import->error = ERROR_BADKEY;
    else if (!remove)
        import->error =
            RegCreateKeyExW(name.root, name.path, 0, NULL, 0, KEY_SET_VALUE | import->view, NULL, &import->key, NULL);
    else if (!*name.path)
        import->error = ERROR_ACCESS_DENIED;
    else if ((import->error = RegDeleteTreeW(name.root, name.path)) == ERROR_FILE_NOT_FOUND)
        import->error = ERROR_SUCCESS;
    return !import->error;
}

static bool import_value(void *context, struct regfile_text name, bool remove, uint32_t type, const uint8_t *data,
                         size_t size)
{
    struct import *import = context;
    WCHAR *copy = copy_n(name.at, name.length);

    if (!remove)
        import->error = RegSetValueExW(import->key, copy, 0, type, data, (DWORD)size);
    else if ((import->error = RegDeleteValueW(import->key, copy)) == ERROR_FILE_NOT_FOUND)
        import->error = ERROR_SUCCESS;
    free(copy);
    return !import->error;
}

static void *read_file(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    BYTE *bytes = NULL;
    LARGE_INTEGER length;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    if (GetFileSizeEx(file, &length) && length.QuadPart < 1 << 30) {
        bytes = need((size_t)length.QuadPart);
        if (!ReadFile(file, bytes, (DWORD)length.QuadPart, size, NULL)) {
            free(bytes);
            bytes = NULL;
        }
    }
    CloseHandle(file);
    return bytes;
}

enum status reg_import(const struct options *o)
{
    struct import import = {.view = o->view};
    const struct regfile_sink sink = {&import, import_key, import_value};
    struct regfile_error error;
    DWORD size;
    void *bytes = read_file(o->words[0], &size);

    if (!bytes)
        return fail(L"Error opening the file. There may be a disk or file system error.");
    bool good = regfile_read(bytes, size, &ansi, &sink, &error);
    if (import.key)
        RegCloseKey(import.key);
    free(bytes);
    if (!good && error.text)
        return fail(L"The specified file is not a registry script (line %u: %S).", error.line, error.text);
    if (!good)
        return fail_with(import.error);
    print_error(L"The operation completed successfully.\r\n"); /* there, not to standard output */
    return DONE;
}

static LSTATUS export_key(const struct options *o, struct regfile_writer *writer, const struct key_name *name)
{
    HKEY key;
    DWORD count;
    LSTATUS error = RegOpenKeyExW(name->root, name->path, REG_OPTION_OPEN_LINK, KEY_READ | o->view, &key);
    if (error)
        return error;
    WCHAR *whole = key_text(name);
    regfile_key(writer, (struct regfile_text){whole, wcslen(whole)});
    free(whole);
    struct value *values = values_read(key, &count);
    for (DWORD i = 0; i < count; i++)
        regfile_value(writer, (struct regfile_text){values[i].name, values[i].name_length}, values[i].type,
                      values[i].data, values[i].size);
    values_free(values, count);
    regfile_end_key(writer);
    WCHAR **children = subkeys_read(key);
    for (WCHAR **child = children; *child; child++) {
        struct key_name below = {name->root, name->root_name, path_below(name->path, *child)};
        export_key(o, writer, &below); /* what can not be read is left out */
        free(below.path);
    }
    names_free(children);
    RegCloseKey(key);
    return ERROR_SUCCESS;
}

/* False: there is a file, and it stays. */
static bool may_write(const struct options *o, const WCHAR *file)
{
    return o->force || GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES ||
           ask(false, L"File %s already exists. Overwrite", file) == 'y';
}

static enum status canceled(void)
{
    print(L"The operation was canceled by the user.\r\n");
    return DONE;
}

enum status reg_export(const struct options *o)
{
    struct regfile_writer writer = {.ansi = &ansi};
    struct key_name name;
    size_t size;
    DWORD written = 0;

    if (!need_key(o, 0, &name))
        return FAILED;
    regfile_begin(&writer);
    LSTATUS error = export_key(o, &writer, &name);
    if (error)
        return fail_with(error);
    if (!may_write(o, o->words[1]))
        return canceled();
    void *bytes = regfile_finish(&writer, &size);
    HANDLE file = bytes ? CreateFileW(o->words[1], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL)
                        : INVALID_HANDLE_VALUE;
    bool good = file != INVALID_HANDLE_VALUE && WriteFile(file, bytes, (DWORD)size, &written, NULL) && written == size;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    free(bytes);
    return good ? succeed() : fail(L"Unable to write to the file. There may be a disk or file system error.");
}

/* Saving and loading are for those who hold these; the right to ask is all that is needed. */
static void enable(const WCHAR *privilege)
{
    TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1, .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
    HANDLE token;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token))
        return;
    if (LookupPrivilegeValueW(NULL, privilege, &privileges.Privileges[0].Luid))
        AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
    CloseHandle(token);
}

enum status reg_save(const struct options *o)
{
    struct key_name name;
    HKEY key;

    if (!need_key(o, 0, &name))
        return FAILED;
    enable(L"SeBackupPrivilege");
    LSTATUS error = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | o->view, &key);
    if (error)
        return fail_with(error);
    bool write = may_write(o, o->words[1]);
    if (write) {
        DeleteFileW(o->words[1]); /* RegSaveKeyEx makes new files only */
        error = RegSaveKeyExW(key, o->words[1], NULL, REG_LATEST_FORMAT);
    }
    RegCloseKey(key);
    return !write ? canceled() : error ? fail_with(error) : succeed();
}

enum status reg_restore(const struct options *o)
{
    struct key_name name;
    HKEY key;

    if (!need_key(o, 0, &name))
        return FAILED;
    enable(L"SeRestorePrivilege");
    LSTATUS error = RegOpenKeyExW(name.root, name.path, 0, KEY_READ | KEY_WRITE | o->view, &key);
    if (!error) {
        error = RegRestoreKeyW(key, o->words[1], REG_FORCE_RESTORE);
        RegCloseKey(key);
    }
    return error ? fail_with(error) : succeed();
}

enum status reg_load(const struct options *o)
{
    struct key_name name;

    if (!need_key(o, 0, &name))
        return FAILED;
    enable(L"SeRestorePrivilege");
    LSTATUS error = RegLoadKeyW(name.root, name.path, o->words[1]);
    return error ? fail_with(error) : succeed();
}

enum status reg_unload(const struct options *o)
{
    struct key_name name;

    if (!need_key(o, 0, &name))
        return FAILED;
    enable(L"SeRestorePrivilege");
    LSTATUS error = RegUnLoadKeyW(name.root, name.path);
    return error ? fail_with(error) : succeed();
}
