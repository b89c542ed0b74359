/*
 * emit_host.c: writes the thunks for exports that a host library meets.
 *
 * A thunk has the Microsoft calling convention, binds its function at the first call and calls
 * it with the System V convention; the compiler saves the registers that differ.
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

static void emit_thunk(FILE *out, const struct dll *dll, guint index)
{
    const struct row *row = g_ptr_array_index(dll->rows, index);
    g_autoptr(GString) parameters = g_string_new(NULL), arguments = g_string_new(NULL), types = g_string_new(NULL);
    for (guint i = 0; i < row->types->len; i++) {
        const char *type = c_type(g_ptr_array_index(row->types, i));
        g_string_append_printf(parameters, "%s%s a%u", i ? ", " : "", type, i);
        g_string_append_printf(types, "%s%s", i ? ", " : "", type);
        g_string_append_printf(arguments, "%sa%u", i ? ", " : "", i);
    }
    const char *result = c_type(row->result), *list = row->types->len ? parameters->str : "void";
    fprintf(out, "%s __attribute__((ms_abi)) host_%s_%u(%s);\n", result, dll->label, index, list);
    fprintf(out, "%s __attribute__((ms_abi)) host_%s_%u(%s)\n{\n", result, dll->label, index, list);
    fprintf(out, "    static %s (*function)(%s);\n", result, row->types->len ? types->str : "void");
    fprintf(out, "    if (__builtin_expect(!function, 0))\n        function = (%s (*)(%s))host_bind(\"%s\", \"%s\");\n",
            result, row->types->len ? types->str : "void", row->target, row->host_symbol);
    if (reports_errors(row))
        fprintf(out,
                "    %s r = function(%s);\n    if (__builtin_expect(__builtin_isfinite(r), 1))\n        return r;\n"
                "    return (%s)host_math_failed(\"%s\", r, (double)a0, %s);\n}\n\n",
                result, arguments->str, result, row->name, row->types->len > 1 ? "(double)a1" : "0");
    else
        fprintf(out, "    %sfunction(%s);\n}\n\n", strcmp(result, "void") ? "return " : "", arguments->str);
}

void emit_host_thunks(const struct tables *tables, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    fprintf(out, "/* Written by gendlls from the exports files. */\n#include \"loader/host.h\"\n\n");
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
