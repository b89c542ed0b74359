/*
 * spawn_family.h: spawn, exec and system by name, as a template: spawn.c includes it for char and for WCHAR, with
 *     FUNIT      the unit of names and arguments
 *     FNAME(x)   the names it defines; the exports files say which of Microsoft's names each of them meets
 * and spawn_arguments defined.
 */

/* The arguments of the l functions end with NULL; those with an environment have it behind. */
static const FUNIT *const *FNAME(collect)(const FUNIT *first, crt_args *args)
{
    size_t count = 0, limit = 16;
    const FUNIT **list = crt_malloc(limit * sizeof(*list));
    for (const FUNIT *next = first; list; next = CRT_ARG(*args, const FUNIT *)) {
        if (count == limit) {
            const FUNIT **grown = crt_realloc(list, (limit *= 2) * sizeof(*list));
            if (!grown)
                crt_free(list);
            list = grown;
            if (!list)
                break;
        }
        list[count++] = next;
        if (!next)
            break;
    }
    return list;
}

static intptr_t FNAME(spawn_list)(int mode, const FUNIT *name, const FUNIT *first, crt_args args, bool environment,
                                  bool search)
{
    CRT_REQUIRE(name && *name && first && *first, -1);
    const FUNIT *const *list = FNAME(collect)(first, &args);
    if (!list)
        return -1;
    const FUNIT *const *block = environment ? CRT_ARG(args, const FUNIT *const *) : NULL;
    intptr_t result = FNAME(spawn_arguments)(mode, name, list, block, search);
    crt_free((void *)list);
    return result;
}

#define FAMILY(suffix, search)                                                                                         \
    intptr_t WINAPI FNAME(crt_spawnv##suffix)(int mode, const FUNIT *name, const FUNIT *const *arguments)              \
    {                                                                                                                  \
        return FNAME(spawn_arguments)(mode, name, arguments, NULL, search);                                            \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_spawnv##suffix##e)(int mode, const FUNIT *name, const FUNIT *const *arguments,           \
                                                 const FUNIT *const *environment)                                      \
    {                                                                                                                  \
        return FNAME(spawn_arguments)(mode, name, arguments, environment, search);                                     \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_spawnl##suffix)(int mode, const FUNIT *name, const FUNIT *first, ...)                    \
    {                                                                                                                  \
        RETURN_WITH_ARGS(first, FNAME(spawn_list)(mode, name, first, args, false, search));                            \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_spawnl##suffix##e)(int mode, const FUNIT *name, const FUNIT *first, ...)                 \
    {                                                                                                                  \
        RETURN_WITH_ARGS(first, FNAME(spawn_list)(mode, name, first, args, true, search));                             \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_execv##suffix)(const FUNIT *name, const FUNIT *const *arguments)                         \
    {                                                                                                                  \
        return FNAME(spawn_arguments)(P_OVERLAY_, name, arguments, NULL, search);                                      \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_execv##suffix##e)(const FUNIT *name, const FUNIT *const *arguments,                      \
                                                const FUNIT *const *environment)                                       \
    {                                                                                                                  \
        return FNAME(spawn_arguments)(P_OVERLAY_, name, arguments, environment, search);                               \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_execl##suffix)(const FUNIT *name, const FUNIT *first, ...)                               \
    {                                                                                                                  \
        RETURN_WITH_ARGS(first, FNAME(spawn_list)(P_OVERLAY_, name, first, args, false, search));                      \
    }                                                                                                                  \
    intptr_t WINAPI FNAME(crt_execl##suffix##e)(const FUNIT *name, const FUNIT *first, ...)                            \
    {                                                                                                                  \
        RETURN_WITH_ARGS(first, FNAME(spawn_list)(P_OVERLAY_, name, first, args, true, search));                       \
    }
FAMILY(, false)
FAMILY(p, true)
#undef FAMILY
