/*
 * taskkill.c: taskkill.exe: ends processes by id, image name or filter, with their children if asked.
 *
 * Without /F Windows closes a program's windows.  What runs here has none but its console, whose closing ends it; so
 * both ways end the process, and the messages tell them apart as there.
 *
 * Exit: 0, 128 if a process is not there, 1 if one could not be ended or the arguments are wrong.
 */
#include "processes.h"
#include "wide_main.h"

static const WCHAR usage[] = L"TASKKILL [/FI filter] [/PID processid | /IM imagename] [/T] [/F]\r\n\r\n"
                             L"    /FI filter       only what this holds for, as TASKLIST has it\r\n"
                             L"    /PID processid   this process; may be given several times\r\n"
                             L"    /IM imagename    those of this name; * stands for anything\r\n"
                             L"    /T               with the processes that they started\r\n"
                             L"    /F               forcefully\r\n";

static struct process *list;
static size_t count;
static bool tree, force;
static struct filter filters[32];
static unsigned filter_count, ended;

static bool chosen(const struct process *process)
{
    for (unsigned i = 0; i < filter_count; i++)
        if (!filter_holds(&filters[i], process))
            return false;
    return true;
}

static void report_end(DWORD id, const WCHAR *name, DWORD parent)
{
    struct text who = {0};
    WCHAR text[400];

    if (name && !parent)
        _snwprintf(text, 399, L"process \"%s\" with PID %lu", name, id);
    else
        _snwprintf(text, 399, L"process with PID %lu", id);
    text_add(&who, text);
    if (parent) {
        _snwprintf(text, 399, force ? L" (child process of PID %lu)" : L", child of PID %lu", parent);
        text_add(&who, text);
    }
    print(force ? L"SUCCESS: The %s has been terminated.\r\n" : L"SUCCESS: Sent termination signal to the %s.\r\n",
          who.data);
    free(text_take(&who));
}

static int kill_one(DWORD id, const WCHAR *name, DWORD parent)
{
    HANDLE process = id ? OpenProcess(PROCESS_TERMINATE, FALSE, id) : NULL;
    int result = 1;

    if (process && TerminateProcess(process, 1)) {
        ended++;
        report_end(id, name, parent);
        result = 0;
    } else if (!process && GetLastError() == ERROR_INVALID_PARAMETER) {
        print_error(L"ERROR: The process \"%lu\" not found.\r\n", id);
        result = 128;
    } else {
        print_error(L"ERROR: The process with PID %lu could not be terminated.\r\nReason: %s\r\n", id,
                    error_message(GetLastError()));
    }
    if (process)
        CloseHandle(process);
    return result;
}

/* Children first: a parent that lives could start more. */
static int kill_tree(DWORD id, const WCHAR *name, DWORD parent, unsigned depth)
{
    for (size_t i = 0; tree && i < count && depth < 64; i++)
        if (list[i].parent == id && list[i].id != id && list[i].id != GetCurrentProcessId())
            kill_tree(list[i].id, NULL, id, depth + 1);
    return kill_one(id, name, parent);
}

static int kill_id(const WCHAR *text)
{
    DWORD id;

    if (!parse_number(text, &id)) {
        print_error(L"ERROR: The process \"%s\" not found.\r\n", text);
        return 128;
    }
    for (size_t i = 0; i < count && filter_count; i++)
        if (list[i].id == id && !chosen(&list[i]))
            return 0;
    return kill_tree(id, NULL, 0, 0);
}

static int kill_named(const WCHAR *name)
{
    unsigned found = 0;
    int result = 0;

    for (size_t i = 0; i < count; i++) {
        if (!name_fits(name, list[i].name) || list[i].id == GetCurrentProcessId())
            continue;
        found++;
        if (chosen(&list[i]))
            result |= kill_tree(list[i].id, list[i].name, 0, 0);
    }
    if (!found && !filter_count) {
        print_error(L"ERROR: The process \"%s\" not found.\r\n", name);
        return 128;
    }
    return result;
}

static int fail(const WCHAR *format, const WCHAR *word)
{
    print_error(format, word);
    print_error(L"Type \"TASKKILL /?\" for usage.\r\n");
    return 1;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR **names = need(argc * sizeof *names);
    bool *is_id = need(argc);
    unsigned name_count = 0;
    int result = 0;

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        const WCHAR *word = argv[i];
        bool id = is_option(word, L"pid");
        if (is_option(word, L"t")) {
            tree = true;
        } else if (is_option(word, L"f")) {
            force = true;
        } else if (id || is_option(word, L"im")) {
            is_id[name_count] = id;
            names[name_count] = option_value(argc, argv, &i);
            if (!names[name_count++])
                return fail(L"ERROR: Invalid syntax. Value expected for '%s'.\r\n", word);
            if (is_id[0] != id)
                return fail(L"ERROR: Invalid syntax. /IM and /PID can not be used together.\r\n", word);
        } else if (is_option(word, L"fi")) {
            const WCHAR *value = option_value(argc, argv, &i);
            if (!value || filter_count == 32 || !filter_parse(&filters[filter_count++], value)) {
                print_error(L"ERROR: The search filter cannot be recognized.\r\n");
                return 1;
            }
        } else {
            return fail(L"ERROR: Invalid argument/option - '%s'.\r\n", word);
        }
    }
    if (!name_count && !filter_count)
        return fail(L"ERROR: Invalid syntax. Neither /FI nor /PID nor /IM were specified.\r\n", L"");
    list = processes_list(&count);
    if (!list) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    if (!name_count)
        names[name_count++] = L"*";
    for (unsigned i = 0; i < name_count; i++) {
        int one = is_id[i] ? kill_id(names[i]) : kill_named(names[i]);
        result = one > result ? one : result;
    }
    if (!ended && !result)
        print(L"INFO: No tasks running with the specified criteria.\r\n");
    return result;
}
