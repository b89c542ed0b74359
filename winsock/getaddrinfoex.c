/*
 * getaddrinfoex.c: ws2tcpip.h: GetAddrInfoExW: at once, or on a thread of the pool with an event or a routine at the
 * end.
 *
 * A look-up in progress stands in a list; whoever takes it out of there, the worker or GetAddrInfoExCancel, tells its
 * end.  Its handle is a number, so that a late cancel finds nothing.
 */
#include <string.h>
#include "ntdll/gate.h"
#include "ntdll/nls.h"
#include "winsock/names.h"

struct lookup {
    struct lookup *next;
    ULONG_PTR number; /* the handle */
    char name[NAME_MAX_BYTES], service[NAME_MAX_BYTES];
    bool has_name, has_service, has_hints;
    ADDRINFOA hints;
    PADDRINFOEXW *result;
    LPOVERLAPPED overlapped;
    LPLOOKUPSERVICE_COMPLETION_ROUTINE routine;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct lookup *lookups; /* in progress */
static ULONG_PTR last_number;

void WINAPI FreeAddrInfoExW(PADDRINFOEXW list)
{
    while (list) {
        PADDRINFOEXW next = (PADDRINFOEXW)list->ai_next; /* the header has two names for it */
        RtlFreeHeap(peb_current()->ProcessHeap, 0, (void *)list->ai_canonname);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, list);
        list = next;
    }
}

static int list_make(const struct resolver_address *from, PADDRINFOEXW *result)
{
    for (*result = NULL; from; from = from->next) {
        ADDRINFOEXW *info =
            RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *info + sizeof from->address);
        if (!info)
            return WSA_NOT_ENOUGH_MEMORY;
        info->ai_family = from->family;
        info->ai_socktype = from->type;
        info->ai_protocol = from->protocol;
        info->ai_addrlen = (size_t)from->length;
        info->ai_addr = (SOCKADDR *)(info + 1);
        memcpy(info->ai_addr, from->address, (size_t)from->length);
        if (from->canonical) {
            size_t count = strlen(from->canonical) + 1;
            WCHAR *name = RtlAllocateHeap(peb_current()->ProcessHeap, 0, count * sizeof *name);
            if (name)
                name_widen(from->canonical, name, count);
            info->ai_canonname = name;
        }
        *result = info;
        result = (PADDRINFOEXW *)&info->ai_next;
    }
    return 0;
}

static int lookup_now(const struct lookup *lookup, PADDRINFOEXW *result)
{
    struct resolver_address *found;
    *result = NULL;
    int error = names_lookup(lookup->has_name ? lookup->name : NULL, lookup->has_service ? lookup->service : NULL,
                             lookup->has_hints ? &lookup->hints : NULL, &found);
    if (!error)
        error = list_make(found, result);
    resolver_free(found);
    if (error) {
        FreeAddrInfoExW(*result);
        *result = NULL;
    }
    return error;
}

/* Takes a look-up out of the list; false: its end was told. */
static bool lookup_take(struct lookup *lookup)
{
    bool found = false;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct lookup **link = &lookups; *link && !found; link = &(*link)->next) {
        if (*link == lookup) {
            *link = lookup->next;
            found = true;
            break;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    return found;
}

static void lookup_tell(const struct lookup *lookup, int error)
{
    OVERLAPPED *overlapped = lookup->overlapped;
    HANDLE event = overlapped->hEvent;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)error, __ATOMIC_RELEASE);
    if (lookup->routine)
        guest_call((void *)lookup->routine, (ULONG)error, 0, GUEST(overlapped), 0);
    else if (event)
        SetEvent(event);
}

static void WINAPI lookup_work(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct lookup *lookup = context;
    PADDRINFOEXW list;
    (void)instance;
    int error = lookup_now(lookup, &list);
    if (lookup_take(lookup)) {
        *lookup->result = list;
        lookup_tell(lookup, error);
    } else {
        FreeAddrInfoExW(list);
    }
    RtlFreeHeap(peb_current()->ProcessHeap, 0, lookup);
}

static int lookup_start(struct lookup *lookup, HANDLE *handle)
{
    lookup->overlapped->Internal = WSAEINPROGRESS;
    RtlAcquireSRWLockExclusive(&lock);
    lookup->number = ++last_number;
    lookup->next = lookups;
    lookups = lookup;
    RtlReleaseSRWLockExclusive(&lock);
    if (handle)
        *handle = (HANDLE)lookup->number;
    if (TrySubmitThreadpoolCallback(lookup_work, lookup, NULL))
        return WSA_IO_PENDING;
    lookup_take(lookup);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, lookup);
    return WSA_NOT_ENOUGH_MEMORY;
}

static bool lookup_fill(struct lookup *lookup, PCWSTR name, PCWSTR service, const ADDRINFOEXW *hints)
{
    lookup->has_name = name != NULL;
    lookup->has_service = service != NULL;
    lookup->has_hints = hints != NULL;
    if (hints)
        lookup->hints = (ADDRINFOA){.ai_flags = hints->ai_flags,
                                    .ai_family = hints->ai_family,
                                    .ai_socktype = hints->ai_socktype,
                                    .ai_protocol = hints->ai_protocol};
    return (!name || name_narrow(name, lookup->name, sizeof lookup->name)) &&
           (!service || name_narrow(service, lookup->service, sizeof lookup->service));
}

INT WINAPI GetAddrInfoExW(PCWSTR name, PCWSTR service, DWORD name_space, LPGUID provider, const ADDRINFOEXW *hints,
                          PADDRINFOEXW *result, PTIMEVAL timeout, LPOVERLAPPED overlapped,
                          LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle)
{
    (void)provider;
    (void)timeout; /* the host's resolver has its own */
    if (!wsa_started())
        return WSANOTINITIALISED;
    if (!result || (routine && !overlapped))
        return WSAEINVAL;
    *result = NULL;
    if (name_space != NS_ALL && name_space != NS_DNS)
        return WSASERVICE_NOT_FOUND;
    struct lookup *lookup = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *lookup);
    if (!lookup)
        return WSA_NOT_ENOUGH_MEMORY;
    lookup->result = result;
    lookup->overlapped = overlapped;
    lookup->routine = routine;
    int error = lookup_fill(lookup, name, service, hints) ? 0 : WSAHOST_NOT_FOUND;
    if (!error && overlapped)
        return lookup_start(lookup, handle);
    if (!error)
        error = lookup_now(lookup, result);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, lookup);
    return error;
}

/* ---- the A functions: at once only, as Windows has them; the list is the wide one with its names made over ---- */

void WINAPI FreeAddrInfoEx(PADDRINFOEXA list)
{
    FreeAddrInfoExW((PADDRINFOEXW)list); /* the same blocks: a name is one, too */
}

static bool names_narrow(PADDRINFOEXW list)
{
    for (; list; list = (PADDRINFOEXW)list->ai_next) {
        const WCHAR *wide = list->ai_canonname;
        size_t size = wide ? wide_length(wide) * 3 + 1 : 0;
        char *narrow = wide ? RtlAllocateHeap(peb_current()->ProcessHeap, 0, size) : NULL;

        if (!wide)
            continue;
        list->ai_canonname = (PWSTR)narrow;
        if (narrow)
            name_narrow(wide, narrow, size);
        RtlFreeHeap(peb_current()->ProcessHeap, 0, (void *)wide);
        if (!narrow)
            return false;
    }
    return true;
}

INT WINAPI GetAddrInfoExA(PCSTR name, PCSTR service, DWORD name_space, LPGUID provider, const ADDRINFOEXA *hints,
                          PADDRINFOEXA *result, PTIMEVAL timeout, LPOVERLAPPED overlapped,
                          LPLOOKUPSERVICE_COMPLETION_ROUTINE routine, LPHANDLE handle)
{
    WCHAR *wide_name = wide_from_ansi(name), *wide_service = wide_from_ansi(service);
    PADDRINFOEXW list = NULL;
    INT error = WSAEINVAL;

    _Static_assert(sizeof(ADDRINFOEXA) == sizeof(ADDRINFOEXW), "they differ in what names point at alone");
    (void)handle;
    if (result && !overlapped && !routine)
        error = GetAddrInfoExW(wide_name, wide_service, name_space, provider, (const ADDRINFOEXW *)hints, &list,
                               timeout, NULL, NULL, NULL);
    if (!error && !names_narrow(list)) {
        FreeAddrInfoExW(list);
        list = NULL;
        error = WSA_NOT_ENOUGH_MEMORY;
    }
    if (result)
        *result = (PADDRINFOEXA)list;
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide_name);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, wide_service);
    return error;
}

INT WINAPI GetAddrInfoExCancel(LPHANDLE handle)
{
    struct lookup copy = {0};
    if (!handle)
        return WSA_INVALID_HANDLE;
    RtlAcquireSRWLockExclusive(&lock);
    for (struct lookup **link = &lookups; *link; link = &(*link)->next) {
        if ((*link)->number == (ULONG_PTR)*handle) {
            copy = **link;
            *link = (*link)->next; /* its worker frees it */
            break;
        }
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!copy.number)
        return WSA_INVALID_HANDLE;
    lookup_tell(&copy, WSA_E_CANCELLED);
    return 0;
}

INT WINAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED overlapped)
{
    return overlapped ? (INT)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE) : WSAEINVAL;
}
