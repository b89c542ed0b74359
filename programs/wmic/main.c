/*
 * main.c: wmic.exe: properties of the system, its processes, disks and network adapters, as tables, lists and CSV.
 *
 * Lines end in CR CR LF, as there; a file gets UTF-16 with a byte order mark, a pipe the console's code page.
 */
#include "programs/wide_main.h"
#include "wmic.h"

static const WCHAR usage[] =
    L"WMIC alias [WHERE condition] [GET [property,...] | LIST [BRIEF | FULL] | DELETE | CALL method] [/VALUE | "
    L"/FORMAT:TABLE | LIST | CSV]\r\nWMIC PATH class ...\r\n\r\n"
    L"    aliases: COMPUTERSYSTEM CPU LOGICALDISK NICCONFIG OS PROCESS\r\n";

enum { INVALID_CLASS = (int)0x80041010, INVALID_QUERY = (int)0x80041017, NO_ALIAS = 44135 };
enum format { TABLE, LIST, CSV };

const struct class *const classes[] = {
    &class_system, &class_computer, &class_processor, &class_disk, &class_network, &class_process, NULL};
static enum format format = TABLE;
static HANDLE output;
static struct text written;

static void add_line(const WCHAR *text)
{
    text_add(&written, text);
    text_add(&written, L"\r\r\n");
}

static void flush(void)
{
    DWORD count;

    if (GetFileType(output) == FILE_TYPE_DISK) {
        if (!SetFilePointer(output, 0, NULL, FILE_CURRENT))
            WriteFile(output, L"\xfeff", 2, &count, NULL);
        WriteFile(output, written.data, (DWORD)(written.length * sizeof *written.data), &count, NULL);
    } else if (written.length) {
        write_text(output, written.data, written.length);
    }
    free(text_take(&written));
}

WCHAR **instance_add(struct instances *instances)
{
    if (instances->count == instances->room) {
        size_t room = instances->room ? instances->room * 2 : 16;
        WCHAR **larger = need(room * instances->width * sizeof *larger);
        if (instances->count)
            memcpy(larger, instances->values, instances->count * instances->width * sizeof *larger);
        free(instances->values);
        instances->values = larger;
        instances->room = room;
    }
    return instances->values + instances->width * instances->count++;
}

WCHAR *value_number(unsigned long long number)
{
    return format_text(L"%I64u", number);
}

WCHAR *value_date(unsigned long long filetime)
{
    FILETIME file = {(DWORD)filetime, (DWORD)(filetime >> 32)};
    SYSTEMTIME universal, local;
    FILETIME local_file;

    if (!filetime || !FileTimeToSystemTime(&file, &universal))
        return copy_string(L"");
    SystemTimeToTzSpecificLocalTime(NULL, &universal, &local);
    SystemTimeToFileTime(&local, &local_file);
    long long there = (long long)((unsigned long long)local_file.dwHighDateTime << 32 | local_file.dwLowDateTime);
    int minutes = (int)((there - (long long)(filetime - filetime % 10000)) / 600000000);
    return format_text(L"%04u%02u%02u%02u%02u%02u.%06u%+04d", local.wYear, local.wMonth, local.wDay, local.wHour,
                       local.wMinute, local.wSecond, (unsigned)(filetime / 10 % 1000000), minutes);
}

int property_index(const struct class *class, const WCHAR *name, size_t length)
{
    for (int i = 0; class->properties[i]; i++)
        if (wcslen(class->properties[i]) == length && !_wcsnicmp(class->properties[i], name, length))
            return i;
    return -1;
}

static int fail(const WCHAR *description, int code)
{
    WCHAR name[256] = L"";
    DWORD size = 256;

    GetComputerNameW(name, &size);
    print_error(L"Node - %s\r\nERROR:\r\nDescription = %s\r\n", name, description);
    return code;
}

/* Which properties a list names; an empty list names all. */
static bool choose(const struct class *class, const WCHAR *list, bool *chosen)
{
    bool any = false;

    for (const WCHAR *p = list; *p; any = true) {
        size_t length = wcscspn(p, L", ");
        int index = property_index(class, p, length);
        if (length && index < 0)
            return false;
        if (length)
            chosen[index] = true;
        p += length;
        p += wcsspn(p, L", ");
    }
    for (int i = 0; class->properties[i] && !any; i++)
        chosen[i] = true;
    return true;
}

static void show_table(const struct class *class, const struct instances *instances, const bool *chosen)
{
    size_t widths[64];

    for (unsigned i = 0; i < instances->width; i++) {
        widths[i] = wcslen(class->properties[i]);
        for (size_t row = 0; row < instances->count; row++)
            if (wcslen(instances->values[row * instances->width + i]) > widths[i])
                widths[i] = wcslen(instances->values[row * instances->width + i]);
    }
    for (size_t row = 0; row <= instances->count; row++) {
        for (unsigned i = 0; i < instances->width; i++) {
            if (!chosen[i])
                continue;
            const WCHAR *text = row ? instances->values[(row - 1) * instances->width + i] : class->properties[i];
            text_add(&written, text);
            for (size_t k = wcslen(text); k < widths[i] + 2; k++)
                text_char(&written, ' ');
        }
        add_line(L"");
    }
    add_line(L"");
}

static void show_list(const struct class *class, const struct instances *instances, const bool *chosen)
{
    for (size_t row = 0; row < instances->count; row++) {
        add_line(L"");
        add_line(L"");
        for (unsigned i = 0; i < instances->width; i++)
            if (chosen[i]) {
                text_add(&written, class->properties[i]);
                text_char(&written, '=');
                add_line(instances->values[row * instances->width + i]);
            }
    }
    add_line(L"");
    add_line(L"");
    add_line(L"");
}

static void show_csv(const struct class *class, const struct instances *instances, const bool *chosen)
{
    WCHAR node[256] = L"";
    DWORD size = 256;

    GetComputerNameW(node, &size);
    add_line(L"");
    for (size_t row = 0; row <= instances->count; row++) {
        text_add(&written, row ? node : L"Node");
        for (unsigned i = 0; i < instances->width; i++)
            if (chosen[i]) {
                text_char(&written, ',');
                text_add(&written, row ? instances->values[(row - 1) * instances->width + i] : class->properties[i]);
            }
        add_line(L"");
    }
}

/* The rows that WHERE chooses stay. */
static bool filter(const struct class *class, struct instances *instances, const WCHAR *where)
{
    size_t kept = 0;

    for (size_t row = 0; row < instances->count && *where; row++) {
        WCHAR **values = instances->values + row * instances->width;
        int holds = where_holds(where, class, values);
        if (holds < 0)
            return false;
        if (holds)
            memmove(instances->values + instances->width * kept++, values, instances->width * sizeof *values);
    }
    if (*where)
        instances->count = kept;
    return true;
}

static int end_processes(const struct instances *instances, bool deletes)
{
    WCHAR node[256] = L"", line[600];
    DWORD size = 256;

    GetComputerNameW(node, &size);
    for (size_t row = 0; row < instances->count; row++) {
        const WCHAR *id = instances->values[row * instances->width + property_index(&class_process, L"Handle", 6)];
        HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, wcstoul(id, NULL, 10));
        bool ended = process && TerminateProcess(process, 0);
        if (process)
            CloseHandle(process);
        _snwprintf(line, 599,
                   deletes ? L"Deleting instance \\\\%s\\ROOT\\CIMV2:Win32_Process.Handle=\"%s\""
                           : L"Executing (\\\\%s\\ROOT\\CIMV2:Win32_Process.Handle=\"%s\")->terminate()",
                   node, id);
        add_line(line);
        if (deletes) {
            if (!ended)
                return fail(L"Access denied ", (int)0x80041003);
            add_line(L"Instance deletion successful.");
        } else {
            _snwprintf(line, 599, L"\tReturnValue = %d;", ended ? 0 : 2);
            add_line(L"Method execution successful.");
            add_line(L"Out Parameters:");
            add_line(L"instance of __PARAMETERS");
            add_line(L"{");
            add_line(line);
            add_line(L"};");
        }
    }
    return 0;
}

static int create_process(const WCHAR *command)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    WCHAR *line = copy_string(command), text[100];

    bool good = CreateProcessW(NULL, line, NULL, NULL, FALSE, CREATE_NEW_CONSOLE, NULL, NULL, &startup, &started);
    free(line);
    add_line(L"Executing (Win32_Process)->Create()");
    add_line(L"Method execution successful.");
    add_line(L"Out Parameters:");
    add_line(L"instance of __PARAMETERS");
    add_line(L"{");
    if (good) {
        _snwprintf(text, 100, L"\tProcessId = %lu;", started.dwProcessId);
        add_line(text);
    }
    add_line(good ? L"\tReturnValue = 0;" : L"\tReturnValue = 9;"); /* 9: no such path */
    add_line(L"};");
    return 0;
}

static bool take_format(const WCHAR *word)
{
    const WCHAR *name = same_name(word, L"/value") ? L"list" : starts_with(word, L"/format:") ? word + 8 : NULL;

    if (!name)
        return false;
    if (!same_name(name, L"table") && !same_name(name, L"list") && !same_name(name, L"value") &&
        !same_name(name, L"csv")) {
        print_error(L"Invalid XSL format (or) file name.\r\n");
        ExitProcess((UINT)-2147217407);
    }
    format = same_name(name, L"table") ? TABLE : same_name(name, L"csv") ? CSV : LIST;
    return true;
}

static bool is_verb(const WCHAR *word)
{
    static const WCHAR *const verbs[] = {L"get", L"list", L"call", L"delete", L"assoc", L"set", L"create"};

    for (unsigned i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (same_name(word, verbs[i]))
            return true;
    return false;
}

static void add_word(struct text *text, const WCHAR *word)
{
    if (text->length)
        text_char(text, ' ');
    text_add(text, word);
}

static int show(const struct class *class, const struct instances *instances, const WCHAR *properties)
{
    bool chosen[64] = {0};

    if (!choose(class, properties, chosen))
        return fail(L"Invalid query", INVALID_QUERY);
    if (!instances->count)
        print_error(L"No Instance(s) Available.\r\n");
    else
        (format == TABLE ? show_table : format == CSV ? show_csv : show_list)(class, instances, chosen);
    return 0;
}

static int act(const struct class *class, const WCHAR *where, int argc, WCHAR **argv)
{
    struct instances instances = {0};
    struct text words = {0};
    const WCHAR *verb = argc ? argv[0] : L"get";
    bool listing = same_name(verb, L"list"), full = true;

    if (listing)
        format = argc > 1 && same_name(argv[1], L"brief") ? TABLE : LIST;
    for (int i = 1; i < argc; i++) {
        if (take_format(argv[i]))
            continue;
        if (listing && (same_name(argv[i], L"brief") || same_name(argv[i], L"full")))
            full = same_name(argv[i], L"full");
        else if (*argv[i] != '/')
            add_word(&words, argv[i]);
    }
    const WCHAR *text = words.data ? words.data : L"";
    while (class->properties[instances.width])
        instances.width++;
    if (same_name(verb, L"call") && class == &class_process && starts_with(text, L"create "))
        return create_process(text + 7);
    class->collect(&instances);
    if (!filter(class, &instances, where))
        return fail(L"Invalid query", INVALID_QUERY);
    if (same_name(verb, L"get"))
        return show(class, &instances, text);
    if (listing)
        return show(class, &instances, full ? L"" : class->brief);
    bool terminate = same_name(verb, L"call") && same_name(text, L"terminate");
    if (class == &class_process && *where && (terminate || same_name(verb, L"delete")))
        return end_processes(&instances, !terminate);
    return fail(L"Provider is not capable of the attempted operation ", (int)0x80041024);
}

static int run(int argc, WCHAR **argv)
{
    struct text where = {0};
    int i = 1;

    help_wanted(argc, argv, usage);
    output = GetStdHandle(STD_OUTPUT_HANDLE);
    for (; i < argc && *argv[i] == '/'; i++)
        if (starts_with(argv[i], L"/output:"))
            output = CreateFileW(argv[i] + 8, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    if (i == argc) {
        print_error(L"An alias is needed; there is no interactive mode.\r\n");
        return NO_ALIAS;
    }
    bool path = same_name(argv[i], L"path") && i + 1 < argc;
    const WCHAR *name = argv[path ? ++i : i];
    const struct class *const *class = classes;
    while (*class && !same_name(path ? (*class)->name : (*class)->alias, name))
        class ++;
    if (!*class) {
        if (path)
            return fail(L"Invalid class ", INVALID_CLASS);
        print_error(L"%s - Alias not found.\r\n", name);
        return NO_ALIAS;
    }
    if (++i < argc && same_name(argv[i], L"where"))
        for (i++; i < argc && !is_verb(argv[i]); i++)
            add_word(&where, argv[i]);
    int result = act(*class, where.data ? where.data : L"", argc - i, argv + i);
    flush();
    return result;
}
