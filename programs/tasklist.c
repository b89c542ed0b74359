/*
 * tasklist.c: tasklist.exe: the processes, as a table, a list or CSV, filtered.
 */
#include "processes.h"
#include "table.h"
#include "wide_main.h"

static const WCHAR usage[] =
    L"TASKLIST [/M [module] | /SVC | /V] [/FI filter] [/FO TABLE | LIST | CSV] [/NH]\r\n\r\n"
    L"    /M [module]   with the modules that each process has loaded, or only those that load this one\r\n"
    L"    /SVC          with the services in each process\r\n"
    L"    /V            with status, user, processor time and title\r\n"
    L"    /FI filter    only what this holds for: \"IMAGENAME eq x.exe\", \"PID gt 100\", \"MEMUSAGE ge 1000\" ...\r\n"
    L"    /FO format    TABLE, LIST or CSV\r\n"
    L"    /NH           without a header\r\n";

enum kind { KIND_PLAIN, KIND_MODULES, KIND_SERVICES, KIND_VERBOSE };

static const struct column plain[] = {
    {L"Image Name", 25, false}, {L"PID", 8, true},        {L"Session Name", 16, false},
    {L"Session#", 11, true},    {L"Mem Usage", 12, true}, {L"Status", 15, false},
    {L"User Name", 50, false},  {L"CPU Time", 12, true},  {L"Window Title", 72, false}};
static const struct column modules[] = {{L"Image Name", 25, false}, {L"PID", 8, true}, {L"Modules", 44, false}};
static const struct column services[] = {{L"Image Name", 25, false}, {L"PID", 8, true}, {L"Services", 44, false}};

static void add(struct table *table, enum kind kind, const struct process *process)
{
    WCHAR id[16], session[16], memory[48], time[32];
    WCHAR *loaded = kind == KIND_MODULES ? process_modules(process->id) : NULL;

    _snwprintf(id, 16, L"%lu", process->id);
    _snwprintf(session, 16, L"%lu", process->session);
    group_digits(process->memory / 1024, memory);
    wcscat(memory, L" K");
    format_cpu_time(process, time);
    if (kind == KIND_MODULES || kind == KIND_SERVICES)
        table_add(table, (const WCHAR *[]){process->name, id, loaded});
    else
        table_add(table, (const WCHAR *[]){process->name, id, L"Console", session, memory, L"Unknown", processes_user(),
                                           time, NULL});
    free(loaded);
}

static int fail(const WCHAR *format, const WCHAR *word)
{
    print_error(format, word);
    print_error(L"Type \"TASKLIST /?\" for usage.\r\n");
    return 1;
}

static int run(int argc, WCHAR **argv)
{
    struct table table = {.columns = plain, .column_count = 5, .header = true};
    struct filter filters[32];
    unsigned filter_count = 0;
    enum kind kind = KIND_PLAIN;
    size_t count;
    WCHAR module_filter[300];

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        const WCHAR *word = argv[i], *value;
        if (is_option(word, L"fo")) {
            value = option_value(argc, argv, &i);
            if (!value || !parse_format(value, &table.format))
                return fail(L"ERROR: Invalid syntax. '%s' is not a valid value for '/FO'.\r\n", value ? value : L"");
        } else if (is_option(word, L"fi")) {
            value = option_value(argc, argv, &i);
            if (!value || filter_count == 31 || !filter_parse(&filters[filter_count++], value)) {
                print_error(L"ERROR: The search filter cannot be recognized.\r\n");
                return 1;
            }
        } else if (is_option(word, L"nh")) {
            table.header = false;
        } else if (is_option(word, L"v") || is_option(word, L"svc") || is_option(word, L"m")) {
            if (kind != KIND_PLAIN)
                return fail(L"ERROR: Invalid syntax. /M, /SVC and /V can not be used together.\r\n", word);
            kind = towlower(word[1]) == 'v' ? KIND_VERBOSE : towlower(word[1]) == 's' ? KIND_SERVICES : KIND_MODULES;
            if (kind == KIND_MODULES && i + 1 < argc && *argv[i + 1] != '/' && *argv[i + 1] != '-') {
                _snwprintf(module_filter, 299, L"modules eq %s", argv[++i]);
                filter_parse(&filters[filter_count++], module_filter);
            }
        } else {
            return fail(L"ERROR: Invalid argument/option - '%s'.\r\n", word);
        }
    }
    if (!table.header && table.format == FORMAT_LIST)
        return fail(L"ERROR: Invalid syntax. /NH option is allowed only for \"TABLE\" and \"CSV\" formats.\r\n", L"");
    if (kind == KIND_VERBOSE)
        table.column_count = 9;
    else if (kind != KIND_PLAIN)
        table.columns = kind == KIND_MODULES ? modules : services, table.column_count = 3;
    struct process *list = processes_list(&count);
    if (!list) {
        print_error(L"ERROR: %s\r\n", error_message(GetLastError()));
        return 1;
    }
    for (size_t n = 0; n < count; n++) {
        bool holds = true;
        for (unsigned i = 0; i < filter_count && holds; i++)
            holds = filter_holds(&filters[i], &list[n]);
        if (holds)
            add(&table, kind, &list[n]);
    }
    if (table.rows)
        table_show(&table);
    else
        print(L"INFO: No tasks are running which match the specified criteria.\r\n");
    table_free(&table);
    free(list);
    return 0;
}
