/*
 * reg.c: winrun reg: reg.exe's query, add, delete, import and export.
 *
 * Layer: front end, over advapi32's functions; options and output are reg.exe's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "command.h"
#include "ntdll/nls.h"
#include "ntkey.h"
#include "ntdll/process.h"
#include "registry/regfile.h"
#include "win.h"

struct request {
    HKEY root;
    WCHAR *path;  /* below the root */
    WCHAR *value; /* NULL: none named; "": the default */
    const char *type, *data, *separator, *file;
    bool all_values, deep, force;
    REGSAM view;
};

static const struct {
    const char *name, *brief;
    HKEY key;
} roots[] = {
    {"HKEY_LOCAL_MACHINE", "HKLM", HKEY_LOCAL_MACHINE},   {"HKEY_CURRENT_USER", "HKCU", HKEY_CURRENT_USER},
    {"HKEY_CLASSES_ROOT", "HKCR", HKEY_CLASSES_ROOT},     {"HKEY_USERS", "HKU", HKEY_USERS},
    {"HKEY_CURRENT_CONFIG", "HKCC", HKEY_CURRENT_CONFIG},
};

static const char *const type_names[] = {"REG_NONE",
                                         "REG_SZ",
                                         "REG_EXPAND_SZ",
                                         "REG_BINARY",
                                         "REG_DWORD",
                                         "REG_DWORD_BIG_ENDIAN",
                                         "REG_LINK",
                                         "REG_MULTI_SZ",
                                         "REG_RESOURCE_LIST",
                                         "REG_FULL_RESOURCE_DESCRIPTOR",
                                         "REG_RESOURCE_REQUIREMENTS_LIST",
                                         "REG_QWORD"};
#define TYPE_COUNT (sizeof type_names / sizeof *type_names)

static void *allocate(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        fatal(125, "reg: no memory");
    return memory;
}

static WCHAR *widen(const char *text, size_t length)
{
    WCHAR *wide = allocate((length + 1) * sizeof *wide);
    size_t used = 0;
    if (length)
        codepage_decode(CP_UTF8, false, text, length, wide, length, &used);
    wide[used] = 0;
    return wide;
}

static void print_text(const WCHAR *text, size_t length)
{
    char *bytes = allocate(length * 3 + 1);
    size_t used = 0;
    if (length)
        codepage_encode(CP_UTF8, false, text, length, bytes, length * 3, NULL, &used);
    fwrite(bytes, 1, used, stdout);
    free(bytes);
}

static int fail(const char *text)
{
    fprintf(stderr, "ERROR: %s\n", text);
    return 1;
}

static int fail_with(LSTATUS error)
{
    if (error == ERROR_FILE_NOT_FOUND)
        return fail("The system was unable to find the specified registry key or value.");
    if (error == ERROR_ACCESS_DENIED)
        return fail("Access is denied.");
    fprintf(stderr, "ERROR: The registry could not be changed or read (error %d).\n", (int)error);
    return 1;
}

/* The root that a key's name begins with; *rest: what follows. */
static int root_of(const char *name, size_t *length)
{
    *length = strcspn(name, "\\");
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++)
        if ((strlen(roots[i].name) == *length && !strncasecmp(name, roots[i].name, *length)) ||
            (strlen(roots[i].brief) == *length && !strncasecmp(name, roots[i].brief, *length)))
            return (int)i;
    return -1;
}

static const char *root_name(HKEY key)
{
    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++)
        if (roots[i].key == key)
            return roots[i].name;
    return "";
}

static bool parse_key(struct request *r, const char *name)
{
    size_t length;
    int root = root_of(name, &length);
    if (root < 0)
        return false;
    r->root = roots[root].key;
    name += length + (name[length] == '\\');
    r->path = widen(name, strlen(name));
    return true;
}

static bool option_is(const char *argument, const char *name)
{
    return (*argument == '/' || *argument == '-') && !strcasecmp(argument + 1, name);
}

static const char *take(char ***arguments)
{
    if (!(*arguments)[1])
        return NULL;
    return *++*arguments;
}

/* What follows the key's name. */
static bool parse_options(struct request *r, char **a)
{
    const char *text = "";
    for (; *a && text; a++) {
        if (option_is(*a, "v")) {
            text = take(&a);
            r->value = text ? widen(text, strlen(text)) : NULL;
        } else if (option_is(*a, "ve")) {
            r->value = widen("", 0);
        } else if (option_is(*a, "va")) {
            r->all_values = true;
        } else if (option_is(*a, "t")) {
            text = r->type = take(&a);
        } else if (option_is(*a, "d")) {
            text = r->data = take(&a);
        } else if (option_is(*a, "s")) {
            r->deep = true;
            if (a[1] && a[1][0] && !a[1][1])
                r->separator = *++a;
        } else if (option_is(*a, "f") || option_is(*a, "y")) {
            r->force = true;
        } else if (option_is(*a, "reg:32")) {
            r->view = KEY_WOW64_32KEY;
        } else if (option_is(*a, "reg:64")) {
            r->view = KEY_WOW64_64KEY;
        } else if (!r->file && **a != '/') {
            r->file = *a;
        } else {
            return false;
        }
    }
    return text != NULL;
}

/* ---- query ---- */

struct shown {
    const WCHAR *name;
    DWORD name_length, type, size;
    const BYTE *data;
};

static void print_data(const struct shown *v)
{
    if (v->type == REG_DWORD && v->size == 4)
        printf("0x%x", *(const DWORD *)v->data);
    else if (v->type == REG_QWORD && v->size == 8)
        printf("0x%llx", (unsigned long long)*(const ULONGLONG *)v->data);
    else if (v->type == REG_SZ || v->type == REG_EXPAND_SZ) {
        size_t length = v->size / 2;
        while (length && !((const WCHAR *)v->data)[length - 1])
            length--;
        print_text((const WCHAR *)v->data, length);
    } else if (v->type == REG_MULTI_SZ) {
        const WCHAR *text = (const WCHAR *)v->data, *end = text + v->size / 2;
        for (bool first = true; text < end && *text; first = false) {
            size_t length = 0;
            while (text + length < end && text[length])
                length++;
            if (!first)
                fputs("\\0", stdout);
            print_text(text, length);
            text += length + 1;
        }
    } else {
        for (DWORD i = 0; i < v->size; i++)
            printf("%02X", v->data[i]);
    }
}

static void print_value(const struct shown *v)
{
    fputs("    ", stdout);
    if (v->name_length)
        print_text(v->name, v->name_length);
    else
        fputs("(Default)", stdout);
    if (v->type < TYPE_COUNT)
        printf("    %s    ", type_names[v->type]);
    else
        printf("    0x%x    ", v->type);
    print_data(v);
    putchar('\n');
}

static void print_key(HKEY root, const WCHAR *path)
{
    fputs(root_name(root), stdout);
    if (*path)
        putchar('\\');
    print_text(path, wide_length(path));
    putchar('\n');
}

/* Calls `visit` for each value of a key, with buffers that are large enough. */
static void each_value(HKEY key, void (*visit)(const struct shown *, void *), void *context)
{
    DWORD longest_name = 0, longest_data = 0;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &longest_name, &longest_data, NULL, NULL);
    WCHAR *name = allocate((longest_name + 1) * sizeof *name);
    BYTE *data = allocate(longest_data + 2);
    for (DWORD i = 0;; i++) {
        struct shown v = {.name = name, .name_length = longest_name + 1, .size = longest_data, .data = data};
        if (RegEnumValueW(key, i, name, &v.name_length, NULL, &v.type, data, &v.size))
            break;
        visit(&v, context);
    }
    free(name);
    free(data);
}

/* Calls `visit` with the whole path of each subkey. */
static int each_subkey(HKEY key, const WCHAR *path, int (*visit)(const WCHAR *path, void *), void *context)
{
    WCHAR name[256];
    size_t length = wide_length(path);
    int result = 0;
    for (DWORD i = 0, size = 256; !result && !RegEnumKeyExW(key, i, name, &size, NULL, NULL, NULL, NULL);
         i++, size = 256) {
        WCHAR *full = allocate((length + size + 2) * sizeof *full);
        memcpy(full, path, length * sizeof *full);
        if (length)
            full[length] = '\\';
        memcpy(full + length + (length != 0), name, (size + 1) * sizeof *full);
        result = visit(full, context);
        free(full);
    }
    return result;
}

static void show_value(const struct shown *v, void *context)
{
    (void)context;
    print_value(v);
}

static int query_path(const WCHAR *path, void *context);

static int show_subkey(const WCHAR *path, void *context)
{
    const struct request *r = context;
    if (r->deep)
        return query_path(path, context);
    print_key(r->root, path);
    return 0;
}

static int query_path(const WCHAR *path, void *context)
{
    const struct request *r = context;
    HKEY key;
    LSTATUS error = RegOpenKeyExW(r->root, path, 0, KEY_READ | r->view, &key);
    if (error)
        return fail_with(error);
    putchar('\n');
    print_key(r->root, path);
    if (r->value) {
        struct shown v = {.name = r->value, .name_length = (DWORD)wide_length(r->value)};
        error = RegQueryValueExW(key, r->value, NULL, &v.type, NULL, &v.size);
        BYTE *data = allocate(v.size + 2);
        v.data = data;
        if (!error)
            error = RegQueryValueExW(key, r->value, NULL, &v.type, data, &v.size);
        if (!error)
            print_value(&v);
        free(data);
    } else {
        each_value(key, show_value, NULL);
    }
    putchar('\n');
    int result = error && !r->deep ? fail_with(error) : 0;
    if (!r->value || r->deep)
        result = each_subkey(key, path, show_subkey, context);
    RegCloseKey(key);
    return result;
}

/* ---- add ---- */

static int type_number(const char *name)
{
    for (unsigned i = 0; i < TYPE_COUNT; i++)
        if (!strcasecmp(name, type_names[i]))
            return (int)i;
    return -1;
}

static BYTE *parse_bytes(const char *text, DWORD *size)
{
    BYTE *bytes = allocate(strlen(text) / 2 + 1);
    *size = 0;
    for (; *text; text += text[1] ? 2 : 1) {
        unsigned value;
        char pair[3] = {text[0], text[1], 0};
        char *end;
        value = (unsigned)strtoul(pair, &end, 16);
        if (*end || end == pair) {
            free(bytes);
            return NULL;
        }
        bytes[(*size)++] = (BYTE)value;
    }
    return bytes;
}

static BYTE *parse_texts(const struct request *r, DWORD *size)
{
    const char *separator = r->separator ? r->separator : "\\0";
    size_t length = strlen(r->data), used = 0, step = strlen(separator);
    WCHAR *all = allocate((length + 2) * sizeof *all);
    for (const char *at = r->data; *at;) {
        const char *end = strstr(at, separator);
        size_t part = end ? (size_t)(end - at) : strlen(at);
        WCHAR *wide = widen(at, part);
        size_t units = wide_length(wide) + 1;
        memcpy(all + used, wide, units * sizeof *all);
        used += units;
        free(wide);
        at += part + (end ? step : 0);
    }
    all[used++] = 0;
    *size = (DWORD)(used * sizeof *all);
    return (BYTE *)all;
}

static BYTE *parse_data(const struct request *r, DWORD type, DWORD *size)
{
    const char *text = r->data ? r->data : "";
    char *end = NULL;
    if (type == REG_DWORD || type == REG_DWORD_BIG_ENDIAN || type == REG_QWORD) {
        ULONGLONG *number = allocate(sizeof *number);
        *number = strtoull(*text ? text : "0", &end, 0);
        *size = type == REG_QWORD ? 8 : 4;
        if (*end || (*size == 4 && *number > 0xffffffff)) {
            free(number);
            return NULL;
        }
        if (type == REG_DWORD_BIG_ENDIAN)
            *(DWORD *)number = __builtin_bswap32(*(DWORD *)number);
        return (BYTE *)number;
    }
    if (type == REG_MULTI_SZ && r->data)
        return parse_texts(r, size);
    if (type == REG_BINARY || type == REG_NONE)
        return parse_bytes(text, size);
    WCHAR *wide = widen(text, strlen(text));
    *size = (DWORD)((wide_length(wide) + 1) * sizeof *wide);
    return (BYTE *)wide;
}

static int add(const struct request *r)
{
    HKEY key;
    int type = r->type ? type_number(r->type) : REG_SZ;
    DWORD size = 0;
    if (type < 0)
        return fail("Invalid syntax: /t needs REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ, REG_DWORD, REG_QWORD, REG_BINARY or "
                    "REG_NONE.");
    BYTE *data = r->value ? parse_data(r, (DWORD)type, &size) : NULL;
    if (r->value && !data)
        return fail("Invalid syntax: /d does not fit the type.");
    LSTATUS error = RegCreateKeyExW(r->root, r->path, 0, NULL, 0, KEY_SET_VALUE | r->view, NULL, &key, NULL);
    if (!error && r->value)
        error = RegSetValueExW(key, r->value, 0, (DWORD)type, data, size);
    if (!error)
        RegCloseKey(key);
    free(data);
    if (error)
        return fail_with(error);
    puts("The operation completed successfully.");
    return 0;
}

/* ---- delete ---- */

static void forget_value(const struct shown *v, void *context)
{
    WCHAR **names = context;
    size_t length = v->name_length + 1, have = 0;
    while (*names && (*names)[have])
        have += wide_length(*names + have) + 1;
    WCHAR *more = allocate((have + length + 1) * sizeof *more);
    memcpy(more, *names, have * sizeof *more);
    memcpy(more + have, v->name, length * sizeof *more);
    more[have + length] = 0;
    free(*names);
    *names = more;
}

static LSTATUS delete_values(HKEY key)
{
    WCHAR *names = NULL;
    LSTATUS error = RegDeleteValueW(key, NULL);
    each_value(key, forget_value, &names);
    error = error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    for (WCHAR *name = names; !error && name && *name; name += wide_length(name) + 1)
        error = RegDeleteValueW(key, name);
    free(names);
    return error;
}

static int delete (const struct request *r)
{
    HKEY key;
    LSTATUS error;
    if (!r->value && !r->all_values) {
        if (!*r->path)
            return fail("Access is denied.");
        error = RegDeleteTreeW(r->root, r->path);
    } else {
        error = RegOpenKeyExW(r->root, r->path, 0, KEY_READ | KEY_SET_VALUE | r->view, &key);
        if (!error) {
            error = r->value ? RegDeleteValueW(key, r->value) : delete_values(key);
            RegCloseKey(key);
        }
    }
    if (error)
        return fail_with(error);
    puts("The operation completed successfully.");
    return 0;
}

/* ---- import and export ---- */

static size_t ansi_to_wide(const char *bytes, size_t length, uint16_t *wide)
{
    size_t used = 0;
    if (length)
        codepage_decode(codepage_ansi(), false, bytes, length, wide, length, &used);
    return used;
}

static size_t wide_to_ansi(const uint16_t *wide, size_t length, char *bytes)
{
    size_t used = 0;
    if (length)
        codepage_encode(codepage_ansi(), false, wide, length, bytes, length * 4, NULL, &used);
    return used;
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
    struct request r = {0};
    char *bytes = allocate(path.length * 4 + 1);
    size_t used = 0;
    codepage_encode(CP_UTF8, false, path.at, path.length, bytes, path.length * 4, NULL, &used);
    bytes[used] = 0;
    bool known = parse_key(&r, bytes);
    free(bytes);
    if (import->key)
        RegCloseKey(import->key);
    import->key = NULL;
    if (!known) {
        import->error = ERROR_BADKEY;
        return false;
    }
    if (remove) {
        import->error = *r.path ? RegDeleteTreeW(r.root, r.path) : ERROR_ACCESS_DENIED;
        if (import->error == ERROR_FILE_NOT_FOUND)
            import->error = ERROR_SUCCESS;
    } else {
        import->error =
            RegCreateKeyExW(r.root, r.path, 0, NULL, 0, KEY_SET_VALUE | import->view, NULL, &import->key, NULL);
    }
    free(r.path);
    return !import->error;
}

static bool import_value(void *context, struct regfile_text name, bool remove, uint32_t type, const uint8_t *data,
                         size_t size)
{
    struct import *import = context;
    WCHAR *copy = allocate((name.length + 1) * sizeof *copy);
    UNICODE_STRING string = {(USHORT)(name.length * 2), (USHORT)(name.length * 2), copy};
    memcpy(copy, name.at, name.length * sizeof *copy);
    if (remove) {
        copy[name.length] = 0;
        import->error = RegDeleteValueW(import->key, copy);
        if (import->error == ERROR_FILE_NOT_FOUND)
            import->error = ERROR_SUCCESS;
    } else {
        /* Byte for byte: RegSetValueEx would complete texts. */
        import->error =
            (LSTATUS)RtlNtStatusToDosErrorNoTeb(NtSetValueKey(import->key, &string, 0, type, data, (ULONG)size));
    }
    free(copy);
    return !import->error;
}

static void *read_file(const char *path, size_t *size)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    char *bytes = NULL;
    size_t room = 0, got;
    *size = 0;
    if (!file)
        return NULL;
    do {
        if (*size == room) {
            char *more = realloc(bytes, room = room ? room * 2 : 65536);
            if (!more)
                fatal(125, "reg: no memory");
            bytes = more;
        }
        got = fread(bytes + *size, 1, room - *size, file);
        *size += got;
    } while (got);
    if (file != stdin)
        fclose(file);
    return bytes;
}

static int import(const struct request *r)
{
    struct import state = {.view = r->view};
    const struct regfile_sink sink = {&state, import_key, import_value};
    struct regfile_error error;
    size_t size;
    void *bytes = read_file(r->file, &size);
    if (!bytes) {
        fprintf(stderr, "ERROR: %s: can not be read.\n", r->file);
        return 1;
    }
    bool good = regfile_read(bytes, size, &ansi, &sink, &error);
    if (state.key)
        RegCloseKey(state.key);
    free(bytes);
    if (good) {
        puts("The operation completed successfully.");
        return 0;
    }
    if (error.text)
        fprintf(stderr, "ERROR: %s:%u: %s.\n", r->file, error.line, error.text);
    else
        fprintf(stderr, "ERROR: %s:%u: the registry refused it (error %d).\n", r->file, error.line, (int)state.error);
    return 1;
}

struct export
{
    const struct request *request;
    struct regfile_writer writer;
};

static void export_value(const struct shown *v, void *context)
{
    regfile_value(context, (struct regfile_text){v->name, v->name_length}, v->type, v->data, v->size);
}

static int export_path(const WCHAR *path, void *context)
{
    struct export *export = context;
    const struct request *r = export->request;
    HKEY key;
    LSTATUS error = RegOpenKeyExW(r->root, path, REG_OPTION_OPEN_LINK, KEY_READ | r->view, &key);
    if (error)
        return fail_with(error);
    const char *root = root_name(r->root);
    size_t root_length = strlen(root), length = wide_length(path);
    WCHAR *full = allocate((root_length + length + 2) * sizeof *full);
    for (size_t i = 0; i < root_length; i++)
        full[i] = (WCHAR)root[i];
    full[root_length] = '\\';
    memcpy(full + root_length + 1, path, length * sizeof *full);
    regfile_key(&export->writer, (struct regfile_text){full, root_length + (length ? length + 1 : 0)});
    free(full);
    each_value(key, export_value, &export->writer);
    regfile_end_key(&export->writer);
    int result = each_subkey(key, path, export_path, context);
    RegCloseKey(key);
    return result;
}

static int export(const struct request *r)
{
    struct export export = {.request = r, .writer.ansi = &ansi};
    size_t size;
    bool to_stdout = !strcmp(r->file, "-");
    regfile_begin(&export.writer);
    int result = export_path(r->path, &export);
    void *bytes = regfile_finish(&export.writer, &size);
    if (result)
        return result;
    FILE *file = to_stdout ? stdout : bytes ? fopen(r->file, r->force ? "wb" : "wbx") : NULL;
    bool good = file && fwrite(bytes, 1, size, file) == size && fflush(file) == 0;
    if (file && !to_stdout)
        good &= fclose(file) == 0;
    free(bytes);
    if (!good) {
        fprintf(stderr, "ERROR: %s: can not be written%s.\n", r->file,
                r->force ? "" : " (/y replaces a file that is there)");
        return 1;
    }
    if (!to_stdout)
        puts("The operation completed successfully.");
    return 0;
}

static _Noreturn void usage(void)
{
    fatal(125,
          "reg: usage: reg query KEY [/v NAME|/ve] [/s], reg add KEY [/v NAME|/ve] [/t TYPE] [/d DATA] [/f], "
          "reg delete KEY [/v NAME|/ve|/va] [/f], reg import FILE, reg export KEY FILE [/y] (and /reg:32, /reg:64)");
}

int command_reg(char **arguments)
{
    static const char *const actions[] = {"query", "add", "delete", "import", "export"};
    struct request r = {0};
    unsigned action = 0;
    while (action < 5 && (!arguments[0] || strcasecmp(arguments[0], actions[action]) != 0))
        action++;
    if (action == 5 || !arguments[1])
        usage();
    bool is_import = action == 3;
    if (!is_import && !parse_key(&r, arguments[1]))
        return fail("Invalid key name.");
    if (!parse_options(&r, arguments + (is_import ? 1 : 2)) || (action >= 3 && !r.file))
        usage();
    switch (action) {
    case 0:
        return query_path(r.path, &r);
    case 1:
        return add(&r);
    case 2:
        return delete (&r);
    case 3:
        return import(&r);
    default:
        return export(&r);
    }
}
