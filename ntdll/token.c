/*
 * token.c: access tokens: opening, copying, privileges, acting as somebody.
 *
 * Layer: ntdll.  There is one user, an ordinary one even when the host's is root: programs that refuse to run as
 * administrator run.  So tokens differ in their privileges, types and levels only, and no right depends on them.  The
 * process's own token is made when it is first asked for; other processes' tokens look the same.
 */
#include "token_object.h"
#include "ntsync.h"
#include "ntthread.h"
#include "thread.h"
#include "thread_object.h"

static void token_destroy(struct object *object)
{
    object_free(object);
}

const struct object_type type_token = {
    .name = "Token",
    .mapping = {TOKEN_READ, TOKEN_WRITE, TOKEN_EXECUTE, TOKEN_ALL_ACCESS},
    .all_access = TOKEN_ALL_ACCESS,
    .destroy = token_destroy,
};

static struct token *_Atomic process_token;

struct token *token_copy(const struct token *like, TOKEN_TYPE type, SECURITY_IMPERSONATION_LEVEL level)
{
    struct token *token = object_create(&type_token, sizeof *token);

    if (!token)
        return NULL;
    NtAllocateLocallyUniqueId(&token->id);
    token->modified = token->id;
    token->type = type;
    token->level = level;
    token->held = like ? atomic_load(&like->held) : PRIVILEGES_HELD;
    token->enabled = like ? atomic_load(&like->enabled) : PRIVILEGES_DEFAULT;
    token->restricted = like && like->restricted;
    return token;
}

/* With a reference. */
static struct token *token_of_process(void)
{
    struct token *token = atomic_load(&process_token), *made;

    if (!token) {
        made = token_copy(NULL, TokenPrimary, SecurityAnonymous);
        if (!made)
            return NULL;
        if (atomic_compare_exchange_strong(&process_token, &token, made))
            token = made;
        else
            object_release(made);
    }
    return object_reference(token);
}

NTSTATUS token_lookup(HANDLE handle, ACCESS_MASK access, struct token **token)
{
    struct object *acting = thread_current()->impersonation;

    switch ((LONG_PTR)handle) {
    case -5: /* NtCurrentThreadToken */
        if (!acting)
            return STATUS_NO_TOKEN;
        /* fall through */
    case -6: /* NtCurrentThreadEffectiveToken */
        if (acting) {
            *token = object_reference(acting);
            return STATUS_SUCCESS;
        }
        /* fall through */
    case -4: /* NtCurrentProcessToken */
        *token = token_of_process();
        return *token ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    default:
        return handle_lookup(handle, &type_token, access, (void **)token);
    }
}

/* ---- opening ---- */

NTSTATUS NTAPI NtOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes, PHANDLE handle)
{
    struct object *object;
    NTSTATUS status = handle_lookup(process, &type_process, 0, (void **)&object);

    if (status)
        return status;
    object_release(object);
    struct token *token = token_of_process();
    if (!token)
        return STATUS_NO_MEMORY;
    status = handle_create(token, access, attributes, handle);
    object_release(token);
    return status;
}

NTSTATUS NTAPI NtOpenProcessToken(HANDLE process, ACCESS_MASK access, PHANDLE handle)
{
    return NtOpenProcessTokenEx(process, access, 0, handle);
}

/* A thread of this process that acts as somebody. */
NTSTATUS NTAPI NtOpenThreadTokenEx(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, ULONG attributes, PHANDLE handle)
{
    struct object *object, *acting = NULL;
    NTSTATUS status = handle_lookup(thread, &type_thread, 0, (void **)&object);

    (void)as_self;
    if (status)
        return status;
    thread_list_lock();
    for (struct thread *at = thread_list_first(); at && !acting; at = at->next)
        if (at->object == object && at->impersonation)
            acting = object_reference(at->impersonation);
    thread_list_unlock();
    object_release(object);
    if (!acting)
        return STATUS_NO_TOKEN;
    status = handle_create(acting, access, attributes, handle);
    object_release(acting);
    return status;
}

NTSTATUS NTAPI NtOpenThreadToken(HANDLE thread, ACCESS_MASK access, BOOLEAN as_self, PHANDLE handle)
{
    return NtOpenThreadTokenEx(thread, access, as_self, 0, handle);
}

/* ---- copies ---- */

static NTSTATUS publish(struct token *token, ACCESS_MASK access, const OBJECT_ATTRIBUTES *attributes, HANDLE *handle)
{
    NTSTATUS status;

    if (!token)
        return STATUS_NO_MEMORY;
    status = handle_create(token, access, attributes ? attributes->Attributes : 0, handle);
    object_release(token);
    return status;
}

NTSTATUS NTAPI NtDuplicateToken(HANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, BOOLEAN effective,
                                TOKEN_TYPE type, PHANDLE made)
{
    const SECURITY_QUALITY_OF_SERVICE *quality = attributes ? attributes->SecurityQualityOfService : NULL;
    struct handle_info info = {.access = TOKEN_ALL_ACCESS};
    struct token *token;
    void *object;
    NTSTATUS status;

    if (type != TokenPrimary && type != TokenImpersonation)
        return STATUS_INVALID_PARAMETER;
    status = token_lookup(handle, TOKEN_DUPLICATE, &token);
    if (status)
        return status;
    if (!access && !handle_query(handle, &object, &info))
        object_release(object);
    SECURITY_IMPERSONATION_LEVEL level = quality ? quality->ImpersonationLevel : token->level;
    if (token->type == TokenImpersonation &&
        (level > token->level || (type == TokenPrimary && token->level < SecurityImpersonation)))
        status = STATUS_BAD_IMPERSONATION_LEVEL;
    struct token *copy = status ? NULL : token_copy(token, type, type == TokenPrimary ? SecurityAnonymous : level);
    if (copy && effective)
        atomic_store(&copy->held, atomic_load(&copy->enabled));
    object_release(token);
    return status ? status : publish(copy, access ? access : info.access, attributes, made);
}

#define FILTER_FLAGS (DISABLE_MAX_PRIVILEGE | SANDBOX_INERT | LUA_TOKEN | WRITE_RESTRICTED)

/* Privileges are taken away; of groups only that some restrict the token is remembered. */
NTSTATUS NTAPI NtFilterToken(HANDLE handle, ULONG flags, PTOKEN_GROUPS disabled, PTOKEN_PRIVILEGES deleted,
                             PTOKEN_GROUPS restricted, PHANDLE made)
{
    struct token *token;
    NTSTATUS status =
        flags & ~(ULONG)FILTER_FLAGS ? STATUS_INVALID_PARAMETER : token_lookup(handle, TOKEN_DUPLICATE, &token);

    (void)disabled;
    if (status)
        return status;
    struct token *copy = token_copy(token, token->type, token->level);
    object_release(token);
    if (!copy)
        return STATUS_NO_MEMORY;
    if (flags & DISABLE_MAX_PRIVILEGE)
        copy->held &= PRIVILEGES_DEFAULT;
    for (ULONG i = 0; deleted && i < deleted->PrivilegeCount; i++)
        if (deleted->Privileges[i].Luid.LowPart <= PRIVILEGE_MAX)
            copy->held &= ~PRIVILEGE_BIT(deleted->Privileges[i].Luid.LowPart);
    copy->enabled &= copy->held;
    copy->restricted |= restricted && restricted->GroupCount;
    return publish(copy, TOKEN_ALL_ACCESS, NULL, made);
}

/* ---- acting as somebody ---- */

NTSTATUS token_impersonate(const struct object *thread, HANDLE handle)
{
    struct token *token = NULL;
    struct object *before;
    NTSTATUS status;

    if (thread != thread_current()->object)
        return STATUS_NOT_SUPPORTED; /* another thread's token does not change under it */
    if (handle && (status = token_lookup(handle, TOKEN_IMPERSONATE, &token)) != 0)
        return status;
    if (token && token->type != TokenImpersonation) {
        object_release(token);
        return STATUS_BAD_TOKEN_TYPE;
    }
    thread_list_lock();
    before = thread_current()->impersonation;
    thread_current()->impersonation = token ? &token->object : NULL;
    thread_list_unlock();
    if (before)
        object_release(before);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    struct token *own = token_of_process();
    HANDLE handle;
    NTSTATUS status;

    if (!own)
        return STATUS_NO_MEMORY;
    status = publish(token_copy(own, TokenImpersonation, level), TOKEN_IMPERSONATE, NULL, &handle);
    object_release(own);
    if (status)
        return status;
    status = token_impersonate(thread_current()->object, handle);
    NtClose(handle);
    return status;
}

void token_thread_exit(void)
{
    if (thread_current()->impersonation)
        token_impersonate(thread_current()->object, NULL);
}

/* ---- privileges ---- */

static uint64_t bit_of(const LUID *luid)
{
    return luid->HighPart || luid->LowPart > PRIVILEGE_MAX ? 0 : PRIVILEGE_BIT(luid->LowPart);
}

/* What a set of changes would do: the new enabled ones; *changed: what had been otherwise. */
static NTSTATUS plan(struct token *token, const TOKEN_PRIVILEGES *wanted, bool disable_all, uint64_t *held,
                     uint64_t *enabled, uint64_t *changed)
{
    NTSTATUS status = STATUS_SUCCESS;
    uint64_t before = atomic_load(&token->enabled);

    *held = atomic_load(&token->held);
    *enabled = disable_all ? 0 : before;
    for (ULONG i = 0; !disable_all && i < wanted->PrivilegeCount; i++) {
        uint64_t bit = bit_of(&wanted->Privileges[i].Luid);
        if (!(bit & *held))
            status = STATUS_NOT_ALL_ASSIGNED;
        else if (wanted->Privileges[i].Attributes & SE_PRIVILEGE_REMOVED)
            *held &= ~bit, *enabled &= ~bit;
        else if (wanted->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED)
            *enabled |= bit;
        else
            *enabled &= ~bit;
    }
    *changed = before ^ *enabled;
    return status;
}

NTSTATUS NTAPI NtAdjustPrivilegesToken(HANDLE handle, BOOLEAN disable_all, PTOKEN_PRIVILEGES wanted, ULONG size,
                                       PTOKEN_PRIVILEGES previous, PULONG returned)
{
    uint64_t held, enabled, changed;
    struct token *token;
    NTSTATUS status;

    if (!disable_all && !wanted)
        return STATUS_INVALID_PARAMETER;
    status = token_lookup(handle, TOKEN_ADJUST_PRIVILEGES | (previous ? TOKEN_QUERY : 0), &token);
    if (status)
        return status;
    status = plan(token, wanted, disable_all, &held, &enabled, &changed);
    ULONG needed = (ULONG)(offsetof(TOKEN_PRIVILEGES, Privileges) +
                           (ULONG)__builtin_popcountll(changed) * sizeof(LUID_AND_ATTRIBUTES));
    if (previous && returned)
        *returned = needed;
    if (previous && size < needed) {
        object_release(token);
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (previous) {
        previous->PrivilegeCount = 0;
        for (ULONG value = 0; value <= PRIVILEGE_MAX; value++)
            if (changed & PRIVILEGE_BIT(value))
                previous->Privileges[previous->PrivilegeCount++] =
                    (LUID_AND_ATTRIBUTES){{value, 0}, enabled & PRIVILEGE_BIT(value) ? 0 : SE_PRIVILEGE_ENABLED};
    }
    atomic_store(&token->held, held);
    atomic_store(&token->enabled, enabled);
    if (changed)
        NtAllocateLocallyUniqueId(&token->modified);
    object_release(token);
    return status;
}

NTSTATUS NTAPI NtPrivilegeCheck(HANDLE handle, PPRIVILEGE_SET set, PBOOLEAN result)
{
    struct token *token;
    NTSTATUS status = token_lookup(handle, TOKEN_QUERY, &token);
    ULONG found = 0;

    if (status)
        return status;
    for (DWORD i = 0; i < set->PrivilegeCount; i++)
        if (atomic_load(&token->enabled) & bit_of(&set->Privilege[i].Luid)) {
            set->Privilege[i].Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
            found++;
        }
    object_release(token);
    *result = set->Control & PRIVILEGE_SET_ALL_NECESSARY ? found == set->PrivilegeCount : found > 0;
    return STATUS_SUCCESS;
}

/* RtlAdjustPrivilege and NtAdjustPrivilegesToken in one. */
NTSTATUS NTAPI RtlAdjustPrivilege(ULONG privilege, BOOLEAN enable, BOOLEAN of_thread, PBOOLEAN was_enabled)
{
    TOKEN_PRIVILEGES wanted = {1, {{{privilege, 0}, enable ? SE_PRIVILEGE_ENABLED : 0}}}, previous;
    NTSTATUS status =
        NtAdjustPrivilegesToken(of_thread ? (HANDLE)-5 : (HANDLE)-4, FALSE, &wanted, sizeof previous, &previous, NULL);

    if (status == STATUS_NOT_ALL_ASSIGNED)
        return STATUS_PRIVILEGE_NOT_HELD;
    if (!status && was_enabled)
        *was_enabled = previous.PrivilegeCount ? !enable : enable;
    return status;
}
