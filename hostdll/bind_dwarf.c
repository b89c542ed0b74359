/*
 * bind_dwarf.c: compares signatures with a library's debug information, where it has some, by libdw.
 */
#include "bind_dwarf.h"
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <string.h>

struct comparison {
    const struct bound_dll *dll;
    char *error;
    size_t size;
    bool good;
};

static bool __attribute__((format(printf, 3, 4)))
differ(struct comparison *c, const struct bound_function *function, const char *format, ...)
{
    int used = snprintf(c->error, c->size, "%s: ", function->name);
    va_list arguments;
    va_start(arguments, format);
    if (used > 0 && (size_t)used < c->size)
        vsnprintf(c->error + used, c->size - (size_t)used, format, arguments);
    va_end(arguments);
    c->good = false;
    return false;
}

/* The type without names and qualifiers; false: void, or unknown. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die direct;
    return dwarf_attr_integrate(die, DW_AT_type, &attribute) && dwarf_formref_die(&attribute, &direct) &&
           dwarf_peel_type(&direct, type) == 0;
}

/* what: "result" or "argument 2". */
static bool type_agrees(struct comparison *c, const struct bound_function *function, const char *what, Dwarf_Die *die,
                        const struct type *type)
{
    Dwarf_Die found;
    Dwarf_Word bytes, encoding = 0;
    Dwarf_Attribute attribute;
    if (!type_of(die, &found))
        return type->kind == TYPE_VOID || differ(c, function, "its %s is void in the library", what);
    if (dwarf_aggregate_size(&found, &bytes))
        return true;
    int tag = dwarf_tag(&found);
    bool is_struct = tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
    struct layout layout = layout_of(&function->signature, type);
    if (is_struct != (type->kind == TYPE_STRUCT))
        return differ(c, function, "its %s is %sa structure in the library", what, is_struct ? "" : "not ");
    if (bytes != layout.host_size && type->kind != TYPE_VOID)
        return differ(c, function, "its %s has %u bytes in the library, not %u", what, (unsigned)bytes,
                      layout.host_size);
    if (tag != DW_TAG_base_type || !dwarf_attr(&found, DW_AT_encoding, &attribute) ||
        dwarf_formudata(&attribute, &encoding))
        return true;
    return (encoding == DW_ATE_float) == type_is_float(type) || type->kind == TYPE_VOID ||
           differ(c, function, "its %s is %sa floating-point number in the library", what,
                  encoding == DW_ATE_float ? "" : "not ");
}

static bool function_agrees(struct comparison *c, const struct bound_function *function, Dwarf_Die *die)
{
    const struct signature *signature = &function->signature;
    unsigned count = 0, wanted = type_arguments(&signature->function);
    bool variadic = false;
    Dwarf_Die child;
    char what[32];
    if (!type_agrees(c, function, "result", die, type_result(signature, &signature->function)))
        return false;
    for (int more = dwarf_child(die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
        variadic |= dwarf_tag(&child) == DW_TAG_unspecified_parameters;
        if (dwarf_tag(&child) != DW_TAG_formal_parameter)
            continue;
        snprintf(what, sizeof what, "argument %u", ++count);
        if (count <= wanted &&
            !type_agrees(c, function, what, &child, type_argument(signature, &signature->function, count - 1)))
            return false;
    }
    if (count != wanted)
        return differ(c, function, "it has %u arguments in the library, not %u", count, wanted);
    return variadic == signature->function.variadic ||
           differ(c, function, "it is %svariadic in the library", variadic ? "" : "not ");
}

static int each_function(Dwarf_Die *die, void *data)
{
    struct comparison *c = data;
    Dwarf_Attribute attribute;
    bool external = false;
    const char *name = dwarf_diename(die), *linked = NULL;
    if (!dwarf_attr_integrate(die, DW_AT_external, &attribute) || dwarf_formflag(&attribute, &external) || !external)
        return DWARF_CB_OK;
    if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute))
        linked = dwarf_formstring(&attribute);
    for (unsigned i = 0; i < c->dll->count; i++) {
        const struct bound_function *function = &c->dll->functions[i];
        const char *symbol = linked ? linked : name;
        if (symbol && !strcmp(symbol, function->symbol) && !function_agrees(c, function, die))
            return DWARF_CB_ABORT;
    }
    return DWARF_CB_OK;
}

bool dwarf_agrees(Elf *elf, const struct bound_dll *dll, char *error, size_t size)
{
    struct comparison comparison = {.dll = dll, .error = error, .size = size, .good = true};
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    size_t header;
    for (Dwarf_Off offset = 0, next; dwarf && comparison.good; offset = next) {
        Dwarf_Die unit;
        if (dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL))
            break;
        if (dwarf_offdie(dwarf, offset + header, &unit))
            dwarf_getfuncs(&unit, each_function, &comparison, 0);
    }
    if (dwarf)
        dwarf_end(dwarf);
    return comparison.good;
}
