/*
 * empty.c: classes without members, ids of facets that live in programs alone, and what does nothing by design.
 *
 * Layer: msvcp.
 */
#include "msvcp/msvcp.h"

extern const void *facet_base_vftable[], *time_base_vftable[];

/* operator= of classes without members */
void *WINAPI msvcp_assign_nothing(void *to, const void *from)
{
    (void)from;
    return to;
}

struct facet *WINAPI facet_base_ctor(struct facet *facet)
{
    facet->vftable = facet_base_vftable;
    return facet;
}

struct facet *WINAPI time_base_ctor(struct facet *facet, size_t references)
{
    facet_init(facet, time_base_vftable, references);
    return facet;
}

struct facet *WINAPI time_base_default_ctor(struct facet *facet)
{
    return time_base_ctor(facet, 0);
}

/* Money and messages: programs have the facets compiled in, and share their numbers here. */
#define IDS(c)                                                                                                         \
    struct locale_id messages_id_##c, money_get_id_##c, money_put_id_##c, moneypunct_id_##c, moneypunct_intl_id_##c
IDS(char);
IDS(wchar);
IDS(ushort);
const bool moneypunct_true = true, moneypunct_false = false;

/* What a number may be made of. */
const char num_get_atoms[] = "0123456789ABCDEFabcdef-+Xx";

/* Hints that change nothing here, such as which of the system's locks to use. */
void WINAPI msvcp_nothing(void)
{
}

/* Tasks go on in any context. */
void *WINAPI msvcp_task_continuation_context_ctor(void **context)
{
    *context = NULL;
    return context;
}
