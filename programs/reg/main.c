/*
 * main.c: reg.exe: the registry from the command line: operations, their options, key names, messages.
 */
#include "reg.h"
#include "../wide_main.h"
#include <stdarg.h>

static const struct {
    const WCHAR *name, *brief;
    HKEY key;
} roots[] = {
    {L"HKEY_LOCAL_MACHINE", L"HKLM", HKEY_LOCAL_MACHINE},   {L"HKEY_CURRENT_USER", L"HKCU", HKEY_CURRENT_USER},
    {L"HKEY_CLASSES_ROOT", L"HKCR", HKEY_CLASSES_ROOT},     {L"HKEY_USERS", L"HKU", HKEY_USERS},
    {L"HKEY_CURRENT_CONFIG", L"HKCC", HKEY_CURRENT_CONFIG},
};

/* Which options an operation takes: letters as in take_option; and how many words. */
static const struct operation {
    const WCHAR *name;
    enum status (*run)(const struct options *options);
    const char *options;
    int words, more; /* how many are needed, and may follow */
    const WCHAR *usage;
} operations[] = {
    {L"QUERY", reg_query, "vxstFkdcezSr", 1, 0,
     L"REG QUERY KeyName [/v [ValueName] | /ve] [/s]\r\n"
     L"          [/f Data [/k] [/d] [/c] [/e]] [/t Type] [/z] [/se Separator]\r\n"
     L"          [/reg:32 | /reg:64]\r\n"},
    {L"ADD", reg_add, "vxtDsSfr", 1, 0,
     L"REG ADD KeyName [/v ValueName | /ve] [/t Type] [/s Separator] [/d Data] [/f]\r\n"
     L"        [/reg:32 | /reg:64]\r\n"},
    {L"DELETE", reg_delete, "vxafr", 1, 0,
     L"REG DELETE KeyName [/v ValueName | /ve | /va] [/f] [/reg:32 | /reg:64]\r\n"},
    {L"COPY", reg_copy, "sfr", 2, 0, L"REG COPY KeyName1 KeyName2 [/s] [/f] [/reg:32 | /reg:64]\r\n"},
    {L"SAVE", reg_save, "yr", 2, 0, L"REG SAVE KeyName FileName [/y] [/reg:32 | /reg:64]\r\n"},
    {L"RESTORE", reg_restore, "r", 2, 0, L"REG RESTORE KeyName FileName [/reg:32 | /reg:64]\r\n"},
    {L"LOAD", reg_load, "r", 2, 0, L"REG LOAD KeyName FileName [/reg:32 | /reg:64]\r\n"},
    {L"UNLOAD", reg_unload, "", 1, 0, L"REG UNLOAD KeyName\r\n"},
    {L"COMPARE", reg_compare, "vxsor", 2, 0,
     L"REG COMPARE KeyName1 KeyName2 [/v ValueName | /ve] [/oa | /od | /os | /on] [/s]\r\n"
     L"            [/reg:32 | /reg:64]\r\n"},
    {L"EXPORT", reg_export, "yr", 2, 0, L"REG EXPORT KeyName FileName [/y] [/reg:32 | /reg:64]\r\n"},
    {L"FLAGS", reg_flags, "r", 1, 4,
     L"REG FLAGS KeyName [QUERY | SET [DONT_VIRTUALIZE] [DONT_SILENT_FAIL] [RECURSE_FLAG]]\r\n"
     L"          [/reg:32 | /reg:64]\r\n"},
    {L"IMPORT", reg_import, "r", 1, 0, L"REG IMPORT FileName [/reg:32 | /reg:64]\r\n"},
};
#define OPERATION_COUNT (sizeof operations / sizeof *operations)

enum status fail(const WCHAR *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    WCHAR *text = format_list(format, arguments);
    va_end(arguments);
    print_error(L"ERROR: %s\r\n", text);
    free(text);
    return FAILED;
}

enum status fail_with(LSTATUS error)
{
    if (error == ERROR_FILE_NOT_FOUND)
        return fail(L"The system was unable to find the specified registry key or value.");
    return fail(L"%s", error_message(error));
}

enum status bad_syntax(const struct options *options)
{
    return fail(L"Invalid syntax.\r\nType \"REG %s /?\" for usage.", options->operation);
}

enum status succeed(void)
{
    print(L"The operation completed successfully.\r\n");
    return DONE;
}

/* A backslash at the end is forgiven, an empty component is not. */
bool parse_key(const WCHAR *text, struct key_name *key)
{
    size_t length = wcscspn(text, L"\\"), rest;

    for (unsigned i = 0; i < sizeof roots / sizeof *roots; i++) {
        if ((wcslen(roots[i].name) != length || _wcsnicmp(text, roots[i].name, length)) &&
            (wcslen(roots[i].brief) != length || _wcsnicmp(text, roots[i].brief, length)))
            continue;
        text += length + (text[length] == '\\');
        rest = wcslen(text);
        if (rest && text[rest - 1] == '\\')
            rest--;
        *key = (struct key_name){roots[i].key, roots[i].name, copy_n(text, rest)};
        return *key->path != '\\' && !wcsstr(key->path, L"\\\\");
    }
    return false;
}

/* \\MACHINE\KEY: that machine's key, if it lets us. */
static LSTATUS parse_machine(const WCHAR *text, struct key_name *key)
{
    size_t length = wcscspn(text + 2, L"\\") + 2;
    WCHAR *machine = copy_n(text, length);
    LSTATUS error = ERROR_BADKEY;

    if (text[length] && parse_key(text + length + 1, key))
        error = RegConnectRegistryW(machine, key->root, &key->root);
    free(machine);
    return error;
}

bool need_key(const struct options *options, int word, struct key_name *key)
{
    const WCHAR *text = options->words[word];
    bool machine = text[0] == '\\' && text[1] == '\\';
    LSTATUS error = machine ? parse_machine(text, key) : parse_key(text, key) ? ERROR_SUCCESS : ERROR_BADKEY;

    if (error == ERROR_BADKEY)
        fail(L"Invalid key name.\r\nType \"REG %s /?\" for usage.", options->operation);
    else if (error)
        fail_with(error);
    return !error;
}

WCHAR *key_text(const struct key_name *key)
{
    return path_below(key->root_name, key->path);
}

WCHAR ask(bool offer_all, const WCHAR *format, ...)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    WCHAR question[1024];
    va_list arguments;
    DWORD count;
    char c, first;

    va_start(arguments, format);
    _vsnwprintf(question, 1023, format, arguments);
    va_end(arguments);
    question[1023] = 0;
    for (;;) {
        print(L"%s (%s)? ", question, offer_all ? L"Yes/No/All" : L"Yes/No");
        for (first = c = 0; ReadFile(input, &c, 1, &count, NULL) && count && c != '\n';)
            if (!first && c != ' ' && c != '\r')
                first = c | 0x20;
        if (first == 'y' || first == 'n' || (first == 'a' && offer_all))
            return (WCHAR)first;
        if (c != '\n') {
            print(L"\r\n");
            return 'n'; /* the end of the input */
        }
    }
}

/* The letter of an option in `operations`, 0: unknown. */
static char option_letter(const WCHAR *name)
{
    static const struct {
        const WCHAR *name;
        char letter;
    } letters[] = {{L"v", 'v'},  {L"ve", 'x'}, {L"va", 'a'}, {L"s", 's'},      {L"t", 't'},
                   {L"d", 'd'},  {L"f", 'f'},  {L"k", 'k'},  {L"c", 'c'},      {L"e", 'e'},
                   {L"z", 'z'},  {L"se", 'S'}, {L"y", 'y'},  {L"reg:32", 'r'}, {L"reg:64", 'r'},
                   {L"oa", 'o'}, {L"od", 'o'}, {L"os", 'o'}, {L"on", 'o'}};
    for (unsigned i = 0; i < sizeof letters / sizeof *letters; i++)
        if (same_name(name, letters[i].name))
            return letters[i].letter;
    return 0;
}

/* *text: the word behind the option. */
static bool take_text(WCHAR ***at, const WCHAR **text)
{
    return (*text = *++*at) != NULL;
}

/* The same letters mean different things: /d and /f take a text in ADD and QUERY, /s a separator in ADD. */
static bool take_option(struct options *o, const struct operation *operation, WCHAR ***at)
{
    const WCHAR *name = **at + 1;
    char letter = option_letter(name);
    bool query = operation->run == reg_query, add = operation->run == reg_add;

    if (!letter || (!strchr(operation->options, letter) && !(letter == 'd' && add) && !(letter == 'f' && query)))
        return false;
    switch (letter) {
    case 'v':
        if (o->value)
            return false;
        o->in_names = true;
        if (query && ((*at)[1] == NULL || ((*at)[1][0] == '/' && option_letter((*at)[1] + 1))))
            return true; /* a search in the names of values */
        return take_text(at, &o->value);
    case 'x':
        if (o->value)
            return false;
        o->value = L"";
        return true;
    case 's':
        o->deep = true;
        return !add || take_text(at, &o->separator);
    case 'f':
        o->force = true;
        return !query || take_text(at, &o->search);
    case 'd':
        o->in_data = true;
        return !add || take_text(at, &o->data);
    case 't':
        return take_text(at, &o->type);
    case 'S':
        return take_text(at, &o->separator);
    case 'o':
        o->compare = towlower(name[1]);
        return true;
    case 'r':
        o->view = name[4] == '3' ? KEY_WOW64_32KEY : KEY_WOW64_64KEY;
        return true;
    case 'a':
        o->all_values = true;
        return true;
    case 'k':
        o->in_keys = true;
        return true;
    case 'c':
        o->case_matters = true;
        return true;
    case 'e':
        o->whole = true;
        return true;
    case 'z':
        o->show_number = true;
        return true;
    default:
        o->force = true;
        return true;
    }
}

static enum status run_operation(const struct operation *operation, WCHAR **arguments)
{
    struct options o = {.operation = operation->name};

    for (WCHAR **at = arguments; *at; at++) {
        bool option = (**at == '/' || **at == '-') && o.word_count > 0;
        if (same_name(*at, L"/?") || same_name(*at, L"-?")) {
            print(L"\r\n%s", operation->usage);
            return DONE;
        }
        if (!option && o.word_count < operation->words + operation->more)
            o.words[o.word_count++] = *at;
        else if (!option || !take_option(&o, operation, &at))
            return bad_syntax(&o);
    }
    return o.word_count >= operation->words ? operation->run(&o) : bad_syntax(&o);
}

static int run(int argc, WCHAR **argv)
{
    if (argc > 1 && (same_name(argv[1], L"/?") || same_name(argv[1], L"-?"))) {
        print(L"\r\nREG Operation [Parameter List]\r\n\r\n  Operation  [ ");
        for (unsigned i = 0; i < OPERATION_COUNT; i++)
            print(L"%s%s", i ? L" | " : L"", operations[i].name);
        print(L" ]\r\n\r\nReturn Code: (Except for REG COMPARE)\r\n\r\n  0 - Successful\r\n  1 - Failed\r\n\r\n"
              L"For help on a specific operation type:\r\n\r\n  REG Operation /?\r\n");
        return DONE;
    }
    for (unsigned i = 0; argc > 1 && i < OPERATION_COUNT; i++)
        if (same_name(argv[1], operations[i].name))
            return run_operation(&operations[i], argv + 2);
    return fail(L"Invalid syntax.\r\nType \"REG /?\" for usage.");
}
