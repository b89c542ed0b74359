/*
 * eh_class.c: C++ classes of ours: fills in their tables (eh_class.inc), and the members of std::exception.
 *
 * Layer: crt.
 */
#include "crt/eh_class.h"

/* A place that waits for an address; both are relative to the field itself. */
struct place {
    int32_t place, target;
};
extern const struct place __start_cxx_pointers[], __stop_cxx_pointers[], __start_cxx_rvas[], __stop_cxx_rvas[];
extern const char __executable_start[];

static RTL_CRITICAL_SECTION init_lock = CRT_LOCK_INIT;
static atomic_bool ready;

void eh_classes_init(void)
{
    if (ready)
        return;
    crt_lock(&init_lock);
    for (const struct place *p = __start_cxx_pointers; p < __stop_cxx_pointers; p++)
        *(const char **)((char *)&p->place + p->place) = (const char *)&p->target + p->target;
    for (const struct place *p = __start_cxx_rvas; p < __stop_cxx_rvas; p++)
        *(ULONG *)((char *)&p->place + p->place) = (ULONG)((const char *)&p->target + p->target - __executable_start);
    ready = true;
    crt_unlock(&init_lock);
}

extern const void *exception_vftable[];

void exception_init(struct cxx_exception *object, const void *vftable, const char *what, bool copied)
{
    object->vftable = vftable;
    object->what = what;
    object->owned = false;
    if (copied && what) {
        size_t size = strlen(what) + 1;
        char *copy = crt_malloc(size);
        object->what = copy ? memcpy(copy, what, size) : NULL;
        object->owned = copy != NULL;
    }
}

struct cxx_exception *WINAPI exception_copy(struct cxx_exception *to, const struct cxx_exception *from)
{
    exception_init(to, exception_vftable, from->what, from->owned);
    return to;
}

EXCEPTION_COPY(bad_cast)
EXCEPTION_COPY(bad_typeid)
EXCEPTION_COPY(bad_exception)

void WINAPI exception_dtor(struct cxx_exception *object)
{
    if (object->owned)
        crt_free((char *)object->what);
    object->what = NULL;
    object->owned = false;
}

struct cxx_exception *WINAPI exception_delete(struct cxx_exception *object, unsigned flags)
{
    exception_dtor(object);
    if (flags & 1)
        crt_free(object);
    return object;
}

const char *WINAPI exception_what(const struct cxx_exception *object)
{
    return object->what ? object->what : "Unknown exception";
}
