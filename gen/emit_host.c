/*
 * emit_host.c: writes the thunks for exports that a host library meets.
 *
 * A thunk has the Microsoft calling convention, binds its function at the first call and calls
 * it with the System V convention; the compiler saves the registers that differ.  What is not the same on both sides
 * is converted on the way: long, pointers to long, pointers to functions, paths.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tables.h"

static const char *c_type(const char *type)
{
    static const char *const map[][2] = {
        {"void", "void"},
        {"bool", "int"},
        {"i8", "signed char"},
        {"u8", "unsigned char"},
        {"i16", "short"},
        {"u16", "unsigned short"},
        {"i32", "int"},
        {"u32", "unsigned"},
        {"hex", "unsigned"},
        {"i64", "long long"},
        {"u64", "unsigned long long"},
        {"size", "unsigned long"},
        {"f32", "float"},
        {"f64", "double"},
        {"status", "int"},
        {"hr", "int"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(map); i++)
        if (!strcmp(map[i][0], type))
            return map[i][1];
    return "void *";
}

static bool is_number(const char *type)
{
    return !strcmp(type, "f64") || !strcmp(type, "f32") || !strcmp(type, "i32");
}

/* Mathematical functions of numbers: their results tell of errors, which Windows' functions report. */
static bool reports_errors(const struct row *row)
{
    if (!g_str_has_prefix(row->target, "libm.") || !row->types->len || !strcmp(row->result, "i32") ||
        !is_number(row->result))
        return false;
    for (guint i = 0; i < row->types->len && i < 2; i++)
        if (!is_number(g_ptr_array_index(row->types, i)))
            return false;
    return true;
}

static void refuse(const struct dll *dll, const struct row *row, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", dll->name, row->name, why);
    exit(1);
}

static bool is_long(unsigned kind)
{
    return kind == TYPE_LONG || kind == TYPE_ULONG;
}

/* Of a structure by value all members are plain; behind a pointer they have 8 bytes, and functions are converted. */
static void check_struct(const struct dll *dll, const struct row *row, const struct type *type, bool by_value)
{
    for (guint i = 0; i < type->count; i++) {
        unsigned kind = type_part(&row->parsed, type, i)->kind;
        if (by_value ? is_long(kind) || kind >= TYPE_FUNCTION
                     : kind != TYPE_FUNCTION && kind != TYPE_POINTER && kind != TYPE_STR && kind != TYPE_SIZE)
            refuse(dll, row, "a member of a structure is of a type that needs a function of ours (=SYMBOL)");
    }
}

static void check_arguments(const struct dll *dll, const struct row *row, const struct type *function, bool callback)
{
    for (guint i = 0; i < function->count; i++) {
        const struct type *type = type_part(&row->parsed, function, i);
        const struct type *target = type->kind == TYPE_REFERENCE ? type_part(&row->parsed, type, 0) : NULL;
        if (type->kind == TYPE_STRUCT)
            check_struct(dll, row, type, true);
        if (target && target->kind == TYPE_STRUCT)
            check_struct(dll, row, target, false);
        if (callback && (type->kind >= TYPE_FUNCTION || type->kind == TYPE_PATH || type->kind == TYPE_WPATH))
            refuse(dll, row, "a callback's arguments are plain, or it needs a function of ours (=SYMBOL)");
        if (type->kind != TYPE_FUNCTION)
            continue;
        if (type->variadic)
            refuse(dll, row, "a callback with \"...\" needs a function of ours (=SYMBOL)");
        check_arguments(dll, row, type, true);
    }
}

/* What a compiled thunk does not do: such a function needs one of ours that is written by hand. */
static void check_row(const struct dll *dll, const struct row *row)
{
    if (row->parsed.function.variadic)
        refuse(dll, row, "a function with \"...\" needs a function of ours (=SYMBOL)");
    if (type_result(&row->parsed, &row->parsed.function)->kind >= TYPE_FUNCTION &&
        type_result(&row->parsed, &row->parsed.function)->kind != TYPE_STRUCT)
        refuse(dll, row, "a result is a plain type or a structure");
    check_arguments(dll, row, &row->parsed.function, false);
}

/* "{u64,i32}" is struct s_u64_i32. */
static const char *struct_name(const char *text)
{
    static GHashTable *names;
    if (!names)
        names = g_hash_table_new(g_str_hash, g_str_equal);
    char *name = g_hash_table_lookup(names, text);
    if (!name) {
        g_autofree char *inner = g_strndup(text + 1, strlen(text) - 2);
        name = g_strconcat("struct s_", g_strdelimit(inner, ",", '_'), NULL);
        g_hash_table_insert(names, g_strdup(text), name);
    }
    return name;
}

static void emit_struct(FILE *out, const char *text)
{
    static GHashTable *done;
    if (!done)
        done = g_hash_table_new(g_str_hash, g_str_equal);
    if (*text != '{' || !g_hash_table_add(done, g_strdup(text)))
        return;
    g_autofree char *inner = g_strndup(text + 1, strlen(text) - 2);
    g_auto(GStrv) members = g_strsplit(inner, ",", -1);
    fprintf(out, "%s {\n", struct_name(text));
    for (int i = 0; members[i]; i++)
        fprintf(out, "    %s m%d;\n", c_type(members[i]), i);
    fprintf(out, "};\n");
}

static void emit_structs(FILE *out, const struct row *row)
{
    emit_struct(out, row->result);
    for (guint i = 0; i < row->types->len; i++)
        emit_struct(out, g_ptr_array_index(row->types, i));
}

/* What the type is called in C, on Windows' side or the host's. */
static const char *side_type(const struct row *row, const struct type *type, const char *text, bool host)
{
    switch (type->kind) {
    case TYPE_LONG:
        return host ? "long" : "int";
    case TYPE_ULONG:
        return host ? "unsigned long" : "unsigned";
    case TYPE_REFERENCE:
        if (type_part(&row->parsed, type, 0)->kind == TYPE_LONG)
            return host ? "long *" : "int *";
        if (type_part(&row->parsed, type, 0)->kind == TYPE_ULONG)
            return host ? "unsigned long *" : "unsigned *";
        return type_part(&row->parsed, type, 0)->kind == TYPE_STRUCT ? "void **" : "void *";
    case TYPE_STRUCT:
        return struct_name(text);
    default:
        return c_type(text);
    }
}

static bool is_long_reference(const struct row *row, const struct type *type)
{
    const struct type *target = type->kind == TYPE_REFERENCE ? type_part(&row->parsed, type, 0) : NULL;
    return target && is_long(target->kind);
}

/* The parts of a thunk: parameters, the host's types, what comes before and after the call, and its arguments. */
struct thunk {
    GString *parameters, *types, *before, *arguments, *after;
};

/* A pointer to a structure with functions in it: the host gets a copy in which they are its own. */
static void add_struct_reference(const struct thunk *thunk, const char *text, guint i)
{
    g_autofree char *inner = g_strndup(text + 2, strlen(text) - 3);
    guint count = 0;
    g_autoptr(GString) members = g_string_new(NULL);
    for (const char *next = inner, *end; *next; next = *end ? end + 1 : end, count++) {
        end = signature_argument_end(next);
        if (*next == '*')
            g_string_append_printf(members, "        h%u[%u] = host_callback(a%u[%u], \"%.*s\");\n", i, count, i, count,
                                   (int)(end - next) - 1, next + 1);
        else
            g_string_append_printf(members, "        h%u[%u] = a%u[%u];\n", i, count, i, count);
    }
    g_string_append_printf(thunk->before, "    void *h%u[%u];\n    if (a%u) {\n%s    }\n", i, count, i, members->str);
    g_string_append_printf(thunk->arguments, "%sa%u ? h%u : 0", i ? ", " : "", i, i);
}

static void add_argument(const struct thunk *thunk, const struct row *row, guint i)
{
    const struct type *type = type_argument(&row->parsed, &row->parsed.function, i);
    const char *text = g_ptr_array_index(row->types, i), *comma = i ? ", " : "";
    const char *host = side_type(row, type, text, true);
    g_string_append_printf(thunk->parameters, "%s%s a%u", comma, side_type(row, type, text, false), i);
    g_string_append_printf(thunk->types, "%s%s", comma, host);
    if (is_long_reference(row, type)) {
        g_string_append_printf(thunk->before, "    %.*s h%u = a%u ? *a%u : 0;\n", (int)strlen(host) - 2, host, i, i, i);
        g_string_append_printf(thunk->arguments, "%sa%u ? &h%u : 0", comma, i, i);
        g_string_append_printf(thunk->after, "    if (a%u)\n        *a%u = (int)h%u;\n", i, i, i);
    } else if (g_str_has_prefix(text, "*{")) {
        add_struct_reference(thunk, text, i);
    } else if (type->kind == TYPE_FUNCTION) {
        g_string_append_printf(thunk->arguments, "%shost_callback(a%u, \"%s\")", comma, i, text + 1);
    } else if (type->kind == TYPE_PATH || type->kind == TYPE_WPATH) {
        g_string_append_printf(thunk->before, "    char h%u[HOST_PATH_SIZE];\n", i);
        g_string_append_printf(thunk->arguments, "%s(void *)%s(a%u, h%u)", comma,
                               type->kind == TYPE_PATH ? "host_path" : "host_path_wide", i, i);
    } else {
        g_string_append_printf(thunk->arguments, "%sa%u", comma, i);
    }
}

static void emit_call(FILE *out, const struct thunk *thunk, const struct row *row, const char *host_result)
{
    bool none = !strcmp(host_result, "void");
    fputs(thunk->before->str, out);
    if (reports_errors(row))
        fprintf(out,
                "    %s r = function(%s);\n    if (__builtin_expect(__builtin_isfinite(r), 1))\n        return r;\n"
                "    return (%s)host_math_failed(\"%s\", r, (double)a0, %s);\n",
                host_result, thunk->arguments->str, host_result, row->name, row->types->len > 1 ? "(double)a1" : "0");
    else if (!thunk->after->len)
        fprintf(out, "    %sfunction(%s);\n", none ? "" : "return ", thunk->arguments->str);
    else if (none)
        fprintf(out, "    function(%s);\n%s", thunk->arguments->str, thunk->after->str);
    else
        fprintf(out, "    %s r = function(%s);\n%s    return r;\n", host_result, thunk->arguments->str,
                thunk->after->str);
    fputs("}\n\n", out);
}

static void emit_thunk(FILE *out, const struct dll *dll, guint index)
{
    const struct row *row = g_ptr_array_index(dll->rows, index);
    struct thunk thunk = {g_string_new(NULL), g_string_new(NULL), g_string_new(NULL), g_string_new(NULL),
                          g_string_new(NULL)};
    check_row(dll, row);
    emit_structs(out, row);
    for (guint i = 0; i < row->types->len; i++)
        add_argument(&thunk, row, i);
    const struct type *result = type_result(&row->parsed, &row->parsed.function);
    const char *windows_result = side_type(row, result, row->result, false);
    const char *host_result = side_type(row, result, row->result, true);
    const char *list = row->types->len ? thunk.parameters->str : "void";
    const char *types = row->types->len ? thunk.types->str : "void";
    fprintf(out, "%s __attribute__((ms_abi)) host_%s_%u(%s);\n", windows_result, dll->label, index, list);
    fprintf(out, "%s __attribute__((ms_abi)) host_%s_%u(%s)\n{\n", windows_result, dll->label, index, list);
    fprintf(out, "    static %s (*function)(%s);\n", host_result, types);
    fprintf(out, "    if (__builtin_expect(!function, 0))\n        function = (%s (*)(%s))host_bind(\"%s\", \"%s\");\n",
            host_result, types, row->target, row->host_symbol);
    emit_call(out, &thunk, row, host_result);
    g_string_free(thunk.parameters, true);
    g_string_free(thunk.types, true);
    g_string_free(thunk.before, true);
    g_string_free(thunk.arguments, true);
    g_string_free(thunk.after, true);
}

void emit_host_thunks(const struct tables *tables, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    fprintf(out, "/* Written by gendlls from the exports files. */\n#include \"hostdll/hostdll.h\"\n#include "
                 "\"loader/host.h\"\n\n");
    for (guint i = 0; i < tables->dlls->len; i++) {
        const struct dll *dll = g_ptr_array_index(tables->dlls, i);
        for (guint j = 0; j < dll->rows->len; j++)
            if (((struct row *)g_ptr_array_index(dll->rows, j))->how == HOW_HOST)
                emit_thunk(out, dll, j);
    }
    if (fclose(out)) {
        perror(path);
        exit(1);
    }
}
