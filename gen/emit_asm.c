/*
 * emit_asm.c: writes the built-in modules as assembler source.
 *
 * Each DLL becomes one page-aligned section .pe.LABEL that holds a PE image: headers, stubs, export
 * directory, version resource; then, behind the image, the export table and hash of loader/builtin.h.
 * Everything inside is an offset, so the linker has all the work and the dynamic loader has none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tables.h"

#define IMAGE_PAGE 4096
#define TIMESTAMP 0x65920080 /* 2024-01-01, the same for every build */

static FILE *out;

/* The pool of zero-terminated strings that tables refer to by offset.  Offset 0 is "no string". */
static GHashTable *pool;
static GString *pool_text;

static size_t pool_add(const char *text)
{
    gpointer offset;
    if (!text)
        return 0;
    if (g_hash_table_lookup_extended(pool, text, NULL, &offset))
        return GPOINTER_TO_SIZE(offset);
    size_t at = pool_text->len;
    g_string_append_len(pool_text, text, strlen(text) + 1);
    g_hash_table_insert(pool, g_strdup(text), GSIZE_TO_POINTER(at));
    return at;
}

static void emit_pool(void)
{
    fprintf(out, "\n\t.section .rodata\n\t.globl builtin_strings\n\t.hidden builtin_strings\nbuiltin_strings:\n");
    for (size_t i = 0; i < pool_text->len; i += strlen(pool_text->str + i) + 1)
        fprintf(out, "\t.asciz \"%s\"\n", g_strescape(pool_text->str + i, NULL));
}

static uint32_t name_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

static void emit_headers(const struct dll *dll)
{
    const char *l = dll->label;
    fprintf(out, "\n\t.section .pe.%s,\"ax\",@progbits\n\t.balign %d\nimage_%s:\n", l, IMAGE_PAGE, l);
    fprintf(out, "\t.ascii \"MZ\"\n\t.fill 58\n\t.long 0x40\n");
    fprintf(out, "\t.ascii \"PE\\0\\0\"\n\t.short 0x8664, 2\n\t.long %#x, 0, 0\n\t.short 240, 0x2022\n", TIMESTAMP);
    fprintf(out, "\t.short 0x20b, 0x30e\n\t.long text_end_%s - text_%s, rdata_end_%s - rdata_%s, 0, 0\n", l, l, l, l);
    fprintf(out, "\t.long text_%s - image_%s\n\t.quad 0x180000000\n\t.long %d, 512\n", l, l, IMAGE_PAGE);
    fprintf(out, "\t.short 10, 0, 10, 0, 10, 0\n\t.long 0, image_end_%s - image_%s, %d, 0\n", l, l, IMAGE_PAGE);
    fprintf(out, "\t.short 3, 0x160\n\t.quad 0x40000, 0x1000, 0x100000, 0x1000\n\t.long 0, 16\n");
    fprintf(out, "\t.long exports_%s - image_%s, exports_end_%s - exports_%s\n\t.quad 0\n", l, l, l, l);
    fprintf(out, "\t.long rsrc_%s - image_%s, rsrc_end_%s - rsrc_%s\n\t.fill 13 * 8\n", l, l, l, l);
    fprintf(out, "\t.ascii \".text\\0\\0\\0\"\n\t.long text_end_%s - text_%s, text_%s - image_%s", l, l, l, l);
    fprintf(out, ", rdata_%s - text_%s, text_%s - image_%s, 0, 0, 0, 0x60000020\n", l, l, l, l);
    fprintf(out, "\t.ascii \".rdata\\0\\0\"\n\t.long rdata_end_%s - rdata_%s, rdata_%s - image_%s", l, l, l, l);
    fprintf(out, ", image_end_%s - rdata_%s, rdata_%s - image_%s, 0, 0, 0, 0x40000040\n", l, l, l, l);
}

static bool has_stub(const struct row *row)
{
    return row->how == HOW_FUNCTION || row->how == HOW_CONST || row->how == HOW_HOST;
}

/* 16 bytes an export: a jump to the implementation and room for a hook. */
static void emit_stubs(const struct dll *dll)
{
    fprintf(out, "\t.balign %d, 0xcc\ntext_%s:\n", IMAGE_PAGE, dll->label);
    for (guint i = 0; i < dll->rows->len; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        if (!has_stub(row))
            continue;
        fprintf(out, "\t.balign 16, 0xcc\nstub_%s_%u:\n", dll->label, i);
        if (row->how == HOW_CONST)
            fprintf(out, "\tmov $%s, %%eax\n\tret\n", row->target);
        else if (row->how == HOW_HOST)
            fprintf(out, "\tjmp host_%s_%u\n", dll->label, i);
        else
            fprintf(out, "\tjmp %s\n\t.hidden %s\n", row->target, row->target);
    }
    fprintf(out, "\t.balign 16, 0xcc\ntext_end_%s:\n", dll->label);
}

/* Prints what stands for a row's address as an offset to the image; 0 for a missing one. */
static void emit_offset(const struct dll *dll, guint i, bool forward)
{
    const struct row *row = g_ptr_array_index(dll->rows, i);
    if (has_stub(row))
        fprintf(out, "\t.long stub_%s_%u - image_%s\n", dll->label, i, dll->label);
    else if (row->how == HOW_DATA)
        fprintf(out, "\t.long %s - image_%s\n", row->target, dll->label);
    else if (row->how == HOW_FORWARD && forward)
        fprintf(out, "\t.long forward_%s_%u - image_%s\n", dll->label, i, dll->label);
    else
        fprintf(out, "\t.long 0\n");
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    return strcmp(x->name, y->name);
}

static guint row_index(const struct dll *dll, const struct row *row)
{
    guint index = 0;
    g_ptr_array_find(dll->rows, row, &index);
    return index;
}

static void emit_export_directory(const struct dll *dll)
{
    const char *l = dll->label;
    g_autoptr(GPtrArray) named = g_ptr_array_new();
    for (guint i = 0; i < dll->rows->len; i++) {
        struct row *row = g_ptr_array_index(dll->rows, i);
        if (row->name && row->how != HOW_MISSING)
            g_ptr_array_add(named, row);
    }
    g_ptr_array_sort(named, by_name);
    const struct row *last = dll->rows->len ? g_ptr_array_index(dll->rows, dll->rows->len - 1) : NULL;
    int functions = last ? last->ordinal - dll->ordinal_base + 1 : 0;
    fprintf(out, "exports_%s:\n\t.long 0, %#x, 0, dllname_%s - image_%s, %d, %d, %u\n", l, TIMESTAMP, l, l,
            last ? dll->ordinal_base : 1, functions, named->len);
    fprintf(out, "\t.long functions_%s - image_%s, names_%s - image_%s, ordinals_%s - image_%s\n", l, l, l, l, l, l);
    fprintf(out, "functions_%s:\n", l);
    int ordinal = dll->ordinal_base;
    for (guint i = 0; i < dll->rows->len; i++, ordinal++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        for (; ordinal < row->ordinal; ordinal++)
            fprintf(out, "\t.long 0\n");
        emit_offset(dll, i, true);
    }
    fprintf(out, "names_%s:\n", l);
    for (guint i = 0; i < named->len; i++)
        fprintf(out, "\t.long name_%s_%u - image_%s\n", l, row_index(dll, g_ptr_array_index(named, i)), l);
    fprintf(out, "ordinals_%s:\n", l);
    for (guint i = 0; i < named->len; i++)
        fprintf(out, "\t.short %d\n", ((struct row *)g_ptr_array_index(named, i))->ordinal - dll->ordinal_base);
    fprintf(out, "dllname_%s:\n\t.asciz \"%s\"\n", l, dll->name);
    for (guint i = 0; i < named->len; i++) {
        const struct row *row = g_ptr_array_index(named, i);
        fprintf(out, "name_%s_%u:\n\t.asciz \"%s\"\n", l, row_index(dll, row), row->name);
        if (row->how == HOW_FORWARD)
            fprintf(out, "forward_%s_%u:\n\t.asciz \"%s\"\n", l, row_index(dll, row), row->target);
    }
    fprintf(out, "exports_end_%s:\n", l);
}

static void emit_wide(const char *text)
{
    for (const char *p = text; *p; p++)
        fprintf(out, "\t.short %d\n", *p);
    fprintf(out, "\t.short 0\n\t.balign 4\n");
}

static void emit_version_string(const char *label, int index, const char *key, const char *value)
{
    fprintf(out, "vs_%s_%d:\n\t.short vs_end_%s_%d - vs_%s_%d, %zu, 1\n", label, index, label, index, label, index,
            strlen(value) + 1);
    emit_wide(key);
    emit_wide(value);
    fprintf(out, "vs_end_%s_%d:\n", label, index);
}

/* A resource directory with one VS_VERSIONINFO (type 16, name 1, language 0x409). */
static void emit_version_resource(const struct dll *dll)
{
    const char *l = dll->label;
    fprintf(out, "\t.balign 8\nrsrc_%s:\n", l);
    fprintf(out, "\t.long 0, 0, 0\n\t.short 0, 1\n\t.long 16, 0x80000018\n");
    fprintf(out, "\t.long 0, 0, 0\n\t.short 0, 1\n\t.long 1, 0x80000030\n");
    fprintf(out, "\t.long 0, 0, 0\n\t.short 0, 1\n\t.long 0x409, 0x48\n");
    fprintf(out, "\t.long version_%s - image_%s, version_end_%s - version_%s, 1200, 0\n", l, l, l, l);
    fprintf(out, "version_%s:\n\t.short version_end_%s - version_%s, 52, 0\n", l, l, l);
    emit_wide("VS_VERSION_INFO");
    fprintf(out,
            "\t.long 0xfeef04bd, 0x10000, 0xa0000, 0x4a650000, 0xa0000, 0x4a650000, 0x3f, 0, 0x40004, 2, 0, 0, 0\n");
    fprintf(out, "sfi_%s:\n\t.short sfi_end_%s - sfi_%s, 0, 1\n", l, l, l);
    emit_wide("StringFileInfo");
    fprintf(out, "st_%s:\n\t.short sfi_end_%s - st_%s, 0, 1\n", l, l, l);
    emit_wide("040904B0");
    emit_version_string(l, 0, "CompanyName", "winrun");
    emit_version_string(l, 1, "FileDescription", dll->name);
    emit_version_string(l, 2, "FileVersion", "10.0.19045.0");
    emit_version_string(l, 3, "InternalName", dll->name);
    emit_version_string(l, 4, "OriginalFilename", dll->name);
    emit_version_string(l, 5, "ProductName", "winrun");
    emit_version_string(l, 6, "ProductVersion", "10.0.19045.0");
    fprintf(out, "sfi_end_%s:\nvfi_%s:\n\t.short version_end_%s - vfi_%s, 0, 1\n", l, l, l, l);
    emit_wide("VarFileInfo");
    fprintf(out, "\t.short 36, 4, 0\n");
    emit_wide("Translation");
    fprintf(out, "\t.short 0x409, 1200\nversion_end_%s:\nrsrc_end_%s:\n", l, l);
}

static int export_kind(const struct row *row)
{
    switch (row->how) {
    case HOW_FUNCTION:
    case HOW_CONST:
        return 0;
    case HOW_DATA:
        return 1;
    case HOW_FORWARD:
        return 2;
    case HOW_HOST:
        return 3;
    default:
        return 4;
    }
}

/* struct export of loader/builtin.h, and the hash over names. */
static void emit_tables(const struct dll *dll)
{
    const char *l = dll->label;
    guint size = 4;
    while (size < dll->rows->len * 2)
        size *= 2;
    g_autofree guint16 *hash = g_new0(guint16, size);
    fprintf(out, "\t.balign 16\ntable_%s:\n", l);
    for (guint i = 0; i < dll->rows->len; i++) {
        const struct row *row = g_ptr_array_index(dll->rows, i);
        g_autofree char *host = row->how == HOW_HOST ? g_strdup_printf("%s %s", row->target, row->host_symbol) : NULL;
        const char *text = host ? host : row->how == HOW_FORWARD ? row->target : row->partly;
        fprintf(out, "\t.long %zu, %zu, %zu\n", pool_add(row->name), pool_add(row->signature), pool_add(text));
        emit_offset(dll, i, false);
        fprintf(out, "\t.short %d\n\t.byte %d, %d\n", row->ordinal,
                row->how == HOW_MISSING ? 2
                : row->partly           ? 1
                                        : 0,
                export_kind(row));
        if (!row->name)
            continue;
        guint slot = name_hash(row->name) & (size - 1);
        while (hash[slot])
            slot = (slot + 1) & (size - 1);
        hash[slot] = i + 1;
    }
    fprintf(out, "hash_%s:\n", l);
    for (guint i = 0; i < size; i++)
        fprintf(out, "\t.short %d\n", hash[i]);
    fprintf(out, "\t.set hash_mask_%s, %u\n", l, size - 1);
}

static void emit_dll(const struct dll *dll)
{
    emit_headers(dll);
    emit_stubs(dll);
    fprintf(out, "\t.balign %d, 0\nrdata_%s:\n", IMAGE_PAGE, dll->label);
    emit_export_directory(dll);
    emit_version_resource(dll);
    fprintf(out, "rdata_end_%s:\n\t.balign %d, 0\nimage_end_%s:\n", dll->label, IMAGE_PAGE, dll->label);
    emit_tables(dll);
}

/* builtin_table: struct builtin of loader/builtin.h with offsets to the row itself instead of pointers. */
static void emit_root(const struct tables *tables)
{
    fprintf(out,
            "\n\t.section .pe.root,\"ax\",@progbits\n\t.balign 16\n\t.globl builtin_table\n\t.hidden builtin_table\n"
            "builtin_table:\n");
    for (guint i = 0; i < tables->dlls->len; i++) {
        const struct dll *dll = g_ptr_array_index(tables->dlls, i);
        const char *l = dll->label;
        fprintf(out, "row_%s:\n\t.long %zu, image_%s - row_%s, image_end_%s - image_%s, %u, table_%s - row_%s", l,
                pool_add(dll->name), l, l, l, l, dll->rows->len, l, l);
        fprintf(out, ", hash_%s - row_%s, hash_mask_%s", l, l, l);
        if (dll->attach)
            fprintf(out, ", %s - row_%s, %zu\n\t.hidden %s\n", dll->attach, l, pool_add(dll->library), dll->attach);
        else
            fprintf(out, ", 0, %zu\n", pool_add(dll->library));
    }
    fprintf(out, "\t.globl builtin_table_end\n\t.hidden builtin_table_end\nbuiltin_table_end:\n");
    fprintf(out, "\t.globl builtin_aliases\n\t.hidden builtin_aliases\nbuiltin_aliases:\n");
    for (guint i = 0; i < tables->aliases->len; i++) {
        const struct alias *alias = g_ptr_array_index(tables->aliases, i);
        fprintf(out, "\t.long %zu, %zu\n", pool_add(alias->pattern), pool_add(alias->target));
    }
    fprintf(out, "\t.long 0, 0\n");
}

void emit_assembler(const struct tables *tables, const char *path)
{
    out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    pool = g_hash_table_new(g_str_hash, g_str_equal);
    pool_text = g_string_new_len("", 1);
    fprintf(out, "# Written by gendlls from dlls.def and the exports files.\n");
    for (guint i = 0; i < tables->dlls->len; i++)
        emit_dll(g_ptr_array_index(tables->dlls, i));
    emit_root(tables);
    emit_pool();
    fprintf(out, "\t.section .note.GNU-stack,\"\",@progbits\n");
    if (fclose(out)) {
        perror(path);
        exit(1);
    }
}
