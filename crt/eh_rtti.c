/*
 * eh_rtti.c: typeid and dynamic_cast for code of MSVC's compilers.
 *
 * Layer: crt.  The tables are ABI; all references in them are RVAs.
 */
#include "crt/eh_class.h"

struct base_class {
    LONG type;
    ULONG contained_bases;
    struct base_displacement displacement;
    ULONG attributes;
    LONG hierarchy;
};
enum { BASE_NOT_VISIBLE = 1, BASE_AMBIGUOUS = 2, BASE_PRIVATE = 4, BASE_VIRTUAL = 16 };

struct class_hierarchy {
    ULONG signature, attributes, base_count;
    LONG bases; /* RVAs of base_class: the class itself first, then its bases, depth first */
};
enum { HIERARCHY_MULTIPLE = 1, HIERARCHY_VIRTUAL = 2 };

struct object_locator {
    ULONG signature;
    ULONG offset; /* of this vftable's part in the complete object */
    ULONG construction_offset;
    LONG type, hierarchy;
    LONG self; /* RVA of this structure, signature 1 */
};

static const struct object_locator *locator_of(const void *object)
{
    return (*(const struct object_locator *const *const *)object)[-1];
}

static ULONG64 image_base(const struct object_locator *locator)
{
    PVOID base;

    if (locator->signature)
        return (ULONG64)locator - (ULONG)locator->self;
    return (ULONG64)RtlPcToFileHeader((PVOID)locator, &base);
}

static char *complete_object(void *object, const struct object_locator *locator)
{
    char *address = (char *)object - locator->offset;

    if (locator->construction_offset)
        address -= *(const LONG *)((const char *)object - locator->construction_offset);
    return address;
}

static bool same_type(const struct type_descriptor *a, const struct type_descriptor *b)
{
    return a == b || !strcmp(a->name, b->name);
}

static const struct base_class *base_at(ULONG64 base, const struct class_hierarchy *hierarchy, ULONG index)
{
    const LONG *bases = (const LONG *)(base + (ULONG)hierarchy->bases);
    return (const struct base_class *)(base + (ULONG)bases[index]);
}

static const struct type_descriptor *type_of(ULONG64 base, const struct base_class *entry)
{
    return (const struct type_descriptor *)(base + (ULONG)entry->type);
}

extern const void *bad_cast_vftable[], *bad_typeid_vftable[];
extern const struct throw_info bad_cast_throw, bad_typeid_throw;

static _Noreturn void bad_rtti(const void *vftable, const char *what, const struct throw_info *info)
{
    struct cxx_exception object;

    eh_classes_init();
    exception_init(&object, vftable, what, false);
    eh_throw_here(&object, info);
}

const void *WINAPI __RTtypeid(const void *object)
{
    if (!object)
        bad_rtti(bad_typeid_vftable, "Attempted a typeid of nullptr pointer!", &bad_typeid_throw);
    const struct object_locator *locator = locator_of(object);
    return (const void *)(image_base(locator) + (ULONG)locator->type);
}

void *WINAPI __RTCastToVoid(void *object)
{
    return object ? complete_object(object, locator_of(object)) : NULL;
}

/* True if the part of type `source` at `part` is base `index` of the complete object, or one of that base's bases. */
static bool is_public_base(ULONG64 base, const struct class_hierarchy *hierarchy, ULONG index, char *complete,
                           const void *part, const struct type_descriptor *source)
{
    const struct base_class *target = base_at(base, hierarchy, index);

    for (ULONG i = index; i <= index + target->contained_bases; i++) {
        const struct base_class *entry = base_at(base, hierarchy, i);
        if (same_type(type_of(base, entry), source) && eh_adjust(complete, &entry->displacement) == part)
            return !(entry->attributes & BASE_NOT_VISIBLE) || i == index;
    }
    return false;
}

void *WINAPI __RTDynamicCast(void *object, LONG offset, const struct type_descriptor *source,
                             const struct type_descriptor *target, BOOL is_reference)
{
    if (!object)
        return NULL;
    const struct object_locator *locator = locator_of(object);
    ULONG64 base = image_base(locator);
    const struct class_hierarchy *hierarchy = (const void *)(base + (ULONG)locator->hierarchy);
    char *complete = complete_object(object, locator);
    char *part = (char *)object - offset;
    char *cross = NULL;
    bool source_public = false, ambiguous = false;

    for (ULONG i = 0; i < hierarchy->base_count; i++) {
        const struct base_class *entry = base_at(base, hierarchy, i);
        char *address = eh_adjust(complete, &entry->displacement);
        if (same_type(type_of(base, entry), source) && address == part && !(entry->attributes & BASE_NOT_VISIBLE))
            source_public = true;
        if (!same_type(type_of(base, entry), target))
            continue;
        if (is_public_base(base, hierarchy, i, complete, part, source))
            return address; /* down: the source is a part of this target */
        if (!(entry->attributes & BASE_NOT_VISIBLE)) {
            ambiguous |= cross && cross != address;
            cross = address;
        }
    }
    if (cross && source_public && !ambiguous)
        return cross;
    if (is_reference)
        bad_rtti(bad_cast_vftable, "Bad dynamic_cast!", &bad_cast_throw);
    return NULL;
}

/* For code that builds caught objects itself. */
void *WINAPI __AdjustPointer(void *object, const struct base_displacement *displacement)
{
    return eh_adjust(object, displacement);
}
