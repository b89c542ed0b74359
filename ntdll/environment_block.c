/*
 * environment_block.c: the environment that the program starts with, made from the host's.
 *
 * Layer: NT layer; called once by peb.c.  Host variables stay as they are, but those that hold host paths
 * (PATH, HOME, PWD, temporary directories) are turned into Windows paths, and those that every Windows process
 * has and Linux does not are added.  A host variable that already looks like Windows' (TEMP=C:\t) wins.
 * The block is sorted by upper-case name, as Windows keeps it.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include "win.h"
#include "ntdll/path.h"
#include "ntdll/peb.h"
#include "ntdll/text_block.h"

#define SYSTEM_PATH                                                                                                    \
    "C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\"

/* What every Windows process has, sorted; %U is the user's name. */
static const char windows_variables[][2][112] = {
    {"ALLUSERSPROFILE", "C:\\ProgramData"},
    {"APPDATA", "C:\\Users\\%U\\AppData\\Roaming"},
    {"CommonProgramFiles", "C:\\Program Files\\Common Files"},
    {"CommonProgramFiles(x86)", "C:\\Program Files (x86)\\Common Files"},
    {"CommonProgramW6432", "C:\\Program Files\\Common Files"},
    {"COMPUTERNAME", "%H"},
    {"ComSpec", "C:\\Windows\\system32\\cmd.exe"},
    {"DriverData", "C:\\Windows\\System32\\Drivers\\DriverData"},
    {"HOMEDRIVE", "C:"},
    {"HOMEPATH", "\\Users\\%U"},
    {"LOCALAPPDATA", "C:\\Users\\%U\\AppData\\Local"},
    {"LOGONSERVER", "\\\\%H"},
    {"NUMBER_OF_PROCESSORS", "%N"},
    {"OS", "Windows_NT"},
    {"PATHEXT", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC"},
    {"PROCESSOR_ARCHITECTURE", "AMD64"},
    {"PROCESSOR_IDENTIFIER", "Intel64 Family 6 Model 158 Stepping 10, GenuineIntel"},
    {"PROCESSOR_LEVEL", "6"},
    {"PROCESSOR_REVISION", "9e0a"},
    {"ProgramData", "C:\\ProgramData"},
    {"ProgramFiles", "C:\\Program Files"},
    {"ProgramFiles(x86)", "C:\\Program Files (x86)"},
    {"ProgramW6432", "C:\\Program Files"},
    {"PUBLIC", "C:\\Users\\Public"},
    {"SESSIONNAME", "Console"},
    {"SystemDrive", "C:"},
    {"SystemRoot", "C:\\Windows"},
    {"TEMP", "%T"},
    {"TMP", "%T"},
    {"USERDOMAIN", "%H"},
    {"USERNAME", "%U"},
    {"USERPROFILE", "C:\\Users\\%U"},
    {"windir", "C:\\Windows"},
};
#define WINDOWS_COUNT (sizeof windows_variables / sizeof *windows_variables)

/* Host variables that would mislead Windows programs: the shell's own notes, and what is replaced. */
static const char *const dropped[] = {"OLDPWD", "SHELL", "_", "SHLVL"};
static const char *const host_paths[] = {"HOME", "PWD", "TEMP", "TMP", "TMPDIR"};

struct builder {
    char **environment;
    const char *user, *temporary;
    char host[64];
    WCHAR *next; /* where the next variable is written */
};

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

/* Compares names ended by '=' or zero without regard to case; a leading '=' belongs to the name. */
static int name_compare(const char *a, const char *b)
{
    for (;; a++, b++) {
        unsigned char x = *a == '=' ? 0 : (unsigned char)upper(*a), y = *b == '=' ? 0 : (unsigned char)upper(*b);
        if (x != y)
            return x < y ? -1 : 1;
        if (!x)
            return 0;
    }
}

static bool name_in(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (name_compare(name, names[i]) == 0)
            return true;
    }
    return false;
}

static const char *host_variable(char **environment, const char *name)
{
    size_t length = strlen(name);

    for (; *environment; environment++) {
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    }
    return NULL;
}

size_t text_to_wide(const char *text, size_t length, WCHAR *wide)
{
    size_t n = 0;

    for (size_t i = 0; i < length;) {
        size_t run = ascii_widen(text + i, length - i, wide + n);
        if (run || !(text[i] & 0x80)) {
            if (!run)
                wide[n++] = text[i++];
            i += run;
            n += run;
            continue;
        }
        run = i;
        while (run < length && text[run] & 0x80)
            run++;
        n += path_name_to_wide(text + i, run - i, wide + n, run - i + 1);
        i = run;
    }
    return n;
}

static void put(struct builder *b, const char *text, size_t length)
{
    b->next += text_to_wide(text, length, b->next);
}

/* A host path as Windows sees it. */
static void put_path(struct builder *b, const char *path, size_t length)
{
    char copy[PATH_HOST_MAX];

    if (length >= sizeof copy || path[0] != '/') {
        put(b, path, length);
        return;
    }
    memcpy(copy, path, length);
    copy[length] = 0;
    if (!NT_SUCCESS(path_from_host(copy, b->next, PATH_HOST_MAX))) {
        put(b, path, length);
        return;
    }
    while (*b->next)
        b->next++;
}

/* PATH: Windows' directories first, then the host's; a value in Windows' form stays as it is. */
static void put_search_path(struct builder *b, const char *value)
{
    if (strchr(value, ';') || strchr(value, '\\')) {
        put(b, value, strlen(value));
        return;
    }
    put(b, SYSTEM_PATH, sizeof SYSTEM_PATH - 1);
    while (*value) {
        size_t length = strcspn(value, ":");
        if (length) {
            *b->next++ = ';';
            put_path(b, value, length);
        }
        value += length + (value[length] == ':');
    }
}

static void put_template(struct builder *b, const char *text)
{
    char number[8] = "";
    ULONG processors = process_peb.NumberOfProcessors;

    for (; *text; text++) {
        if (*text != '%') {
            *b->next++ = *text;
            continue;
        }
        switch (*++text) {
        case 'U':
            put(b, b->user, strlen(b->user));
            break;
        case 'H':
            put(b, b->host, strlen(b->host));
            break;
        case 'T':
            put_path(b, b->temporary, strlen(b->temporary));
            break;
        default:
            for (char *p = number + 6; p >= number && processors; p--, processors /= 10)
                *p = '0' + processors % 10;
            for (int i = 0; i < 7; i++) {
                if (number[i])
                    *b->next++ = number[i];
            }
        }
    }
}

static void put_host_variable(struct builder *b, const char *variable)
{
    const char *value = strchr(variable, '=') + 1;

    if (name_compare(variable, "PATH") == 0) {
        put(b, "Path=", 5);
        put_search_path(b, value);
        return;
    }
    put(b, variable, value - variable);
    if (name_in(variable, host_paths, sizeof host_paths / sizeof *host_paths))
        put_path(b, value, strlen(value));
    else
        put(b, value, strlen(value));
}

/* One that Windows programs are to see: has a name and a value, and nothing that is Linux' business alone. */
static bool variable_passes(const char *variable)
{
    const char *equals = strchr(variable, '=');

    return equals && equals != variable && !name_in(variable, dropped, sizeof dropped / sizeof *dropped);
}

/* Between the host's variable and Windows' own of that name: a host path does not count, but for temporary directories.
 */
static bool variable_wins(const char *variable, const char *template)
{
    return strchr(variable, '=')[1] != '/' || template[1] == 'T';
}

static int entry_compare(const void *a, const void *b)
{
    return name_compare(*(const char *const *)a, *(const char *const *)b);
}

static void put_windows_variable(struct builder *b, size_t index)
{
    const char *const name = windows_variables[index][0];

    put(b, name, strlen(name));
    *b->next++ = '=';
    put_template(b, windows_variables[index][1]);
}

/* Of variables whose names differ in case alone there is one. */
static size_t next_name(const char *const *entries, size_t index, size_t count)
{
    size_t next = index + 1;

    while (next < count && name_compare(entries[index], entries[next]) == 0)
        next++;
    return next;
}

static void builder_init(struct builder *b, char **environment, WCHAR *block)
{
    struct utsname names;

    b->environment = environment;
    b->next = block;
    b->user = path_user();
    b->temporary = host_variable(environment, "TMPDIR");
    if (!b->temporary || b->temporary[0] != '/')
        b->temporary = "/tmp";
    uname(&names);
    size_t n = 0;
    for (; n < 15 && names.nodename[n] && names.nodename[n] != '.'; n++)
        b->host[n] = upper(names.nodename[n]);
    if (!n)
        memcpy(b->host, "LOCALHOST", 10);
}

size_t environment_block_bound(char **environment)
{
    size_t bytes = sizeof windows_variables + sizeof SYSTEM_PATH + 64 * WINDOWS_COUNT + 2 * PATH_HOST_MAX;

    for (; *environment; environment++)
        bytes += 2 * strlen(*environment) + 8;
    return bytes;
}

size_t environment_block_build(char **environment, WCHAR *block)
{
    struct builder b = {0};
    size_t count = 0;
    const char **entries;

    builder_init(&b, environment, block);
    while (environment[count])
        count++;
    entries = malloc((count + 1) * sizeof *entries);
    if (!entries)
        fatal(125, "the environment: no memory");
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (variable_passes(environment[i]))
            entries[used++] = environment[i];
    }
    qsort(entries, used, sizeof *entries, entry_compare);
    /* windows_variables is sorted too. */
    for (size_t i = 0, w = 0; i < used || w < WINDOWS_COUNT;) {
        int order = i == used ? 1 : w == WINDOWS_COUNT ? -1 : name_compare(entries[i], windows_variables[w][0]);
        if (order > 0 || (order == 0 && !variable_wins(entries[i], windows_variables[w][1])))
            put_windows_variable(&b, w);
        else
            put_host_variable(&b, entries[i]);
        *b.next++ = 0;
        w += order >= 0;
        if (order <= 0)
            i = next_name(entries, i, used);
    }
    free(entries);
    *b.next++ = 0;
    return b.next - block;
}
