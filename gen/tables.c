/*
 * tables.c: reads dlls.def and the exports files.  The format is described at the head of dlls.def.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tables.h"

static G_GNUC_PRINTF(3, 4) void die(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* The lines of a file without comments and blank lines; calls `each` for every one. */
static void each_line(const char *path, void (*each)(const char *path, int number, char *line, void *data), void *data)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        die(path, 0, "%s", error->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]);
        if (*line && *line != '#')
            each(path, i + 1, line, data);
    }
}

/* Cuts the next blank-separated word off *rest; NULL at the end. */
static char *next_word(char **rest)
{
    char *start = *rest;
    while (isspace((unsigned char)*start))
        start++;
    if (!*start)
        return NULL;
    char *end = start;
    while (*end && !isspace((unsigned char)*end))
        end++;
    *rest = *end ? end + 1 : end;
    *end = 0;
    return start;
}

static void parse_signature(struct row *row, const char *path, int line, char *text)
{
    char error[SIGNATURE_ERROR_MAX];
    if (!signature_parse(text, &row->parsed, error))
        die(path, line, "%s: %s", text, error);
    row->signature = row->parsed.function.kind == TYPE_UNKNOWN ? NULL : g_strdup(text);
    row->types = g_ptr_array_new();
    /* Of results only pointers to functions have parentheses of their own, and those are for prefix.conf. */
    char *open = strchr(text, '(');
    row->result = g_strndup(text, (gsize)(open - text));
    for (const char *next = open + 1, *end; *next && *next != ')'; next = *end == ',' ? end + 1 : end) {
        end = signature_argument_end(next);
        g_ptr_array_add(row->types, g_strndup(next, (gsize)(end - next)));
    }
}

static char *required(const char *path, int line, char **rest, const char *what)
{
    char *word = next_word(rest);
    if (!word)
        die(path, line, "%s is missing", what);
    return g_strdup(word);
}

static void need_signature(const struct row *row, const char *path, int line)
{
    if (!row->signature)
        die(path, line, "a host function needs a whole signature");
}

static void parse_how(const struct dll *dll, struct row *row, const char *path, int line, char *rest)
{
    char *word = next_word(&rest);
    row->how = HOW_FUNCTION;
    row->target = g_strdup(row->name);
    if (dll->library && (!word || !strcmp(word, "partly"))) {
        row->how = HOW_HOST;
        row->target = g_strdup(dll->library);
        row->host_symbol = g_strdup(row->name);
        need_signature(row, path, line);
    } else if (word && *word == '=') {
        row->target = g_strdup(word + 1);
    } else if (word && !strcmp(word, "data")) {
        row->how = HOW_DATA;
        row->target = required(path, line, &rest, "the variable");
    } else if (word && !strcmp(word, "const")) {
        row->how = HOW_CONST;
        row->target = required(path, line, &rest, "the value");
    } else if (word && !strcmp(word, "forward")) {
        row->how = HOW_FORWARD;
        row->target = required(path, line, &rest, "DLL.NAME");
    } else if (word && !strcmp(word, "host")) {
        row->how = HOW_HOST;
        row->target = required(path, line, &rest, "the library");
        row->host_symbol = required(path, line, &rest, "the symbol");
        need_signature(row, path, line);
    } else if (word && !strcmp(word, "missing")) {
        row->how = HOW_MISSING;
    } else if (word && strcmp(word, "partly")) {
        die(path, line, "unknown way '%s' to meet an export", word);
    }
    if (word && strcmp(word, "partly"))
        word = next_word(&rest);
    if (word && strcmp(word, "partly"))
        die(path, line, "'%s' is left over", word);
    if (word) {
        rest = g_strstrip(rest);
        size_t length = strlen(rest);
        if (length < 2 || rest[0] != '"' || rest[length - 1] != '"')
            die(path, line, "partly needs a text in quotes");
        row->partly = g_strndup(rest + 1, length - 2);
    }
    if (row->how == HOW_FUNCTION && !row->target)
        die(path, line, "an export without a name needs =SYMBOL");
}

static struct row *find_row(const struct dll *dll, const char *name)
{
    for (guint i = 0; name && i < dll->rows->len; i++) {
        struct row *row = g_ptr_array_index(dll->rows, i);
        if (row->name && !strcmp(row->name, name))
            return row;
    }
    return NULL;
}

static void read_export(const char *path, int line, char *text, void *data)
{
    struct dll *dll = data;
    char *name = next_word(&text), *signature = next_word(&text);
    if (!signature)
        die(path, line, "no signature");
    if (!strcmp(name, "twins")) {
        dll->twin_of = g_strdup(signature);
        dll->twin = required(path, line, &text, "the other beginning");
        return;
    }
    struct row *row = g_new0(struct row, 1);
    char *at = strrchr(name, '@');
    if (at && isdigit((unsigned char)at[1]) && strspn(at + 1, "0123456789") == strlen(at + 1)) {
        row->ordinal = atoi(at + 1);
        *at = 0;
    }
    row->name = *name ? g_strdup(name) : NULL;
    parse_signature(row, path, line, signature);
    parse_how(dll, row, path, line, text);
    if (find_row(dll, row->name))
        die(path, line, "%s is there twice", row->name);
    g_ptr_array_add(dll->rows, row);
}

/* Adds for each function whose name begins so, and goes on with a capital, the same with the other beginning. */
static void add_twins(struct dll *dll)
{
    size_t length = strlen(dll->twin_of);
    guint count = dll->rows->len;
    for (guint i = 0; i < count; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        if (!row->name || row->how != HOW_FUNCTION || strncmp(row->name, dll->twin_of, length) ||
            !isupper((unsigned char)row->name[length]))
            continue;
        struct row *twin = g_memdup2(row, sizeof *row);
        twin->name = g_strconcat(dll->twin, row->name + length, NULL);
        twin->ordinal = 0;
        g_ptr_array_add(dll->rows, twin);
    }
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    return g_strcmp0(x->name, y->name);
}

static gint by_ordinal(gconstpointer a, gconstpointer b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    return x->ordinal - y->ordinal;
}

/* Gives every row an ordinal (those without one come after the largest given) and sorts by it. */
static void assign_ordinals(struct dll *dll)
{
    int next = 1;
    dll->ordinal_base = G_MAXINT;
    g_ptr_array_sort(dll->rows, by_name);
    for (guint i = 0; i < dll->rows->len; i++)
        next = MAX(next, ((struct row *)g_ptr_array_index(dll->rows, i))->ordinal + 1);
    for (guint i = 0; i < dll->rows->len; i++) {
        struct row *row = g_ptr_array_index(dll->rows, i);
        if (!row->ordinal)
            row->ordinal = next++;
        dll->ordinal_base = MIN(dll->ordinal_base, row->ordinal);
        dll->named += row->name && row->how != HOW_MISSING;
    }
    g_ptr_array_sort(dll->rows, by_ordinal);
}

struct reader {
    struct tables *tables;
    const char *source_directory;
};

/* Behind NAME: builtin FILE[+FILE...] [attach FUNCTION], or host SONAME FILE[+FILE...]. */
static void read_dll(struct reader *reader, const char *path, int line, const char *name, bool host, char *text)
{
    struct dll *dll = g_new0(struct dll, 1);
    dll->name = g_strdup(name);
    dll->label = g_strcanon(g_strdup(name), "abcdefghijklmnopqrstuvwxyz0123456789", '_');
    dll->rows = g_ptr_array_new();
    if (host)
        dll->library = required(path, line, &text, "the library");
    g_autofree char *exports = required(path, line, &text, "the exports file");
    g_auto(GStrv) files = g_strsplit(exports, "+", 0);
    char *attach = next_word(&text);
    if (attach && strcmp(attach, "attach"))
        die(path, line, "'%s' is left over", attach);
    dll->attach = attach ? required(path, line, &text, "the function") : NULL;
    for (char **name = files; *name; name++) {
        g_autofree char *file = g_build_filename(reader->source_directory, *name, NULL);
        each_line(file, read_export, dll);
    }
    if (dll->twin)
        add_twins(dll);
    assign_ordinals(dll);
    g_ptr_array_add(reader->tables->dlls, dll);
}

static void read_root_line(const char *path, int line, char *text, void *data)
{
    struct reader *reader = data;
    char *name = next_word(&text), *kind = next_word(&text);
    if (!kind)
        die(path, line, "a line is NAME builtin FILE, NAME host SONAME FILE or NAME alias NAME");
    if (!strcmp(kind, "alias")) {
        struct alias *alias = g_new0(struct alias, 1);
        alias->pattern = g_strdup(name);
        alias->target = required(path, line, &text, "the other name");
        g_ptr_array_add(reader->tables->aliases, alias);
    } else if (!strcmp(kind, "builtin") || !strcmp(kind, "host")) {
        read_dll(reader, path, line, name, !strcmp(kind, "host"), text);
    } else {
        die(path, line, "unknown kind '%s'", kind);
    }
}

struct tables *tables_read(const char *root, const char *source_directory)
{
    struct tables *tables = g_new0(struct tables, 1);
    tables->dlls = g_ptr_array_new();
    tables->aliases = g_ptr_array_new();
    struct reader reader = {tables, source_directory};
    each_line(root, read_root_line, &reader);
    return tables;
}
