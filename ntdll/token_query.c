/*
 * token_query.c: what tokens say (NtQueryInformationToken), who is in them, and what a security descriptor grants them.
 *
 * Layer: ntdll.
 */
#include <string.h>
#include "ntapi.h"
#include "token_object.h"

ULONG WINAPI RtlLengthSid(PSID sid);
BOOLEAN WINAPI RtlEqualSid(PSID a, PSID b);

/* S-1-5-21-...: the prefix's one user; never an administrator.  The same whoever the host's user is, so that a prefix
 * can be taken to another machine. */
void sid_of_user(struct sid_buffer *buffer)
{
    static const SID_IDENTIFIER_AUTHORITY nt = {SECURITY_NT_AUTHORITY};

    buffer->sid.Revision = SID_REVISION;
    buffer->sid.SubAuthorityCount = 5;
    buffer->sid.IdentifierAuthority = nt;
    buffer->sid.SubAuthority[0] = 21;
    buffer->parts[0] = 1000000001;
    buffer->parts[1] = 1000000002;
    buffer->parts[2] = 1000000003;
    buffer->parts[3] = 1000;
}

void sid_of_group(struct sid_buffer *buffer)
{
    sid_of_user(buffer);
    buffer->parts[3] = DOMAIN_GROUP_RID_USERS;
}

/* Everyone, BUILTIN\Users, interactive, authenticated users, local; and the label of ordinary programs. */
static const struct known {
    BYTE authority, count;
    ULONG parts[2];
} groups[] = {{1, 1, {0}}, {5, 2, {32, 545}}, {5, 1, {4}}, {5, 1, {11}}, {2, 1, {0}}},
  medium_label = {16, 1, {SECURITY_MANDATORY_MEDIUM_RID}};
#define GROUP_COUNT (sizeof groups / sizeof *groups)

static void known_sid(const struct known *known, struct sid_buffer *buffer)
{
    *buffer = (struct sid_buffer){.sid = {SID_REVISION, known->count, {{0, 0, 0, 0, 0, known->authority}}, {0}}};
    memcpy(buffer->sid.SubAuthority, known->parts, known->count * sizeof *known->parts);
}

/* Answers are built here, SIDs behind the structure, then copied if they fit. */
struct answer {
    ULONG_PTR data[96];
    ULONG size;
};

static PSID answer_sid(struct answer *answer, struct sid_buffer *sid)
{
    char *at = (char *)answer->data + answer->size;

    memcpy(at, sid, RtlLengthSid(&sid->sid));
    answer->size += (RtlLengthSid(&sid->sid) + 7) & ~7u;
    return at;
}

static void answer_groups(struct answer *answer)
{
    TOKEN_GROUPS *out = (TOKEN_GROUPS *)answer->data;
    struct sid_buffer sid;

    out->GroupCount = GROUP_COUNT;
    answer->size = (ULONG)(offsetof(TOKEN_GROUPS, Groups) + GROUP_COUNT * sizeof(SID_AND_ATTRIBUTES));
    for (ULONG i = 0; i < GROUP_COUNT; i++) {
        known_sid(&groups[i], &sid);
        out->Groups[i].Sid = answer_sid(answer, &sid);
        out->Groups[i].Attributes = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
    }
}

static void answer_privileges(struct answer *answer, const struct token *token)
{
    TOKEN_PRIVILEGES *out = (TOKEN_PRIVILEGES *)answer->data;
    uint64_t held = atomic_load(&token->held), enabled = atomic_load(&token->enabled);
    ULONG count = 0;

    for (ULONG value = 0; value <= PRIVILEGE_MAX; value++) {
        uint64_t bit = PRIVILEGE_BIT(value);
        if (!(held & bit))
            continue;
        out->Privileges[count].Luid = (LUID){value, 0};
        out->Privileges[count++].Attributes = (enabled & bit ? SE_PRIVILEGE_ENABLED : 0) |
                                              (PRIVILEGES_DEFAULT & bit ? SE_PRIVILEGE_ENABLED_BY_DEFAULT : 0);
    }
    out->PrivilegeCount = count;
    answer->size = (ULONG)(offsetof(TOKEN_PRIVILEGES, Privileges) + count * sizeof(LUID_AND_ATTRIBUTES));
}

/* Everything to the user. */
static void answer_default_dacl(struct answer *answer)
{
    TOKEN_DEFAULT_DACL *dacl = (TOKEN_DEFAULT_DACL *)answer->data;
    ACL *acl = (ACL *)(dacl + 1);
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)(acl + 1);
    struct sid_buffer user;

    sid_of_user(&user);
    ULONG length = RtlLengthSid(&user.sid);
    dacl->DefaultDacl = acl;
    *ace = (ACCESS_ALLOWED_ACE){{ACCESS_ALLOWED_ACE_TYPE, 0, 0}, GENERIC_ALL, 0};
    ace->Header.AceSize = (WORD)(offsetof(ACCESS_ALLOWED_ACE, SidStart) + length);
    memcpy(&ace->SidStart, &user.sid, length);
    *acl = (ACL){ACL_REVISION, 0, (WORD)(sizeof *acl + ace->Header.AceSize), 1, 0};
    answer->size = (ULONG)sizeof *dacl + acl->AclSize;
}

static void answer_number(struct answer *answer, ULONG value)
{
    memcpy(answer->data, &value, sizeof value);
    answer->size = sizeof value;
}

static void answer_statistics(struct answer *answer, const struct token *token)
{
    TOKEN_STATISTICS *out = (TOKEN_STATISTICS *)answer->data;

    out->TokenId = token->id;
    out->ModifiedId = token->modified;
    out->AuthenticationId.LowPart = 0x3e7 + 1;
    out->ExpirationTime.QuadPart = INT64_MAX;
    out->TokenType = token->type;
    out->ImpersonationLevel = token->level;
    out->GroupCount = GROUP_COUNT;
    out->PrivilegeCount = (ULONG)__builtin_popcountll(atomic_load(&token->held));
    answer->size = sizeof *out;
}

static NTSTATUS answer_numbers(struct answer *answer, const struct token *token, TOKEN_INFORMATION_CLASS class)
{
    switch (class) {
    case TokenType:
        answer_number(answer, token->type);
        return STATUS_SUCCESS;
    case TokenImpersonationLevel:
        answer_number(answer, token->level);
        return token->type == TokenImpersonation ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    case TokenElevationType:
        answer_number(answer, TokenElevationTypeDefault);
        return STATUS_SUCCESS;
    case TokenHasRestrictions:
        answer_number(answer, token->restricted);
        return STATUS_SUCCESS;
    case TokenSessionId:
        answer_number(answer, peb_current()->SessionId);
        return STATUS_SUCCESS;
    case TokenMandatoryPolicy:
        answer_number(answer, TOKEN_MANDATORY_POLICY_VALID_MASK);
        return STATUS_SUCCESS;
    case TokenElevation:
    case TokenIsAppContainer:
    case TokenAppContainerNumber:
    case TokenVirtualizationAllowed:
    case TokenVirtualizationEnabled:
    case TokenSandBoxInert:
    case TokenUIAccess:
        answer_number(answer, 0);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS token_answer(const struct token *token, TOKEN_INFORMATION_CLASS class, struct answer *answer)
{
    struct sid_buffer sid;

    sid_of_user(&sid);
    switch (class) {
    case TokenUser:
        answer->size = sizeof(TOKEN_USER);
        ((TOKEN_USER *)answer->data)->User.Sid = answer_sid(answer, &sid);
        return STATUS_SUCCESS;
    case TokenPrimaryGroup:
        sid_of_group(&sid);
        /* fall through */
    case TokenOwner:
        answer->size = sizeof(TOKEN_OWNER);
        ((TOKEN_OWNER *)answer->data)->Owner = answer_sid(answer, &sid);
        return STATUS_SUCCESS;
    case TokenDefaultDacl:
        answer_default_dacl(answer);
        return STATUS_SUCCESS;
    case TokenGroups:
        answer_groups(answer);
        return STATUS_SUCCESS;
    case TokenRestrictedSids:
    case TokenCapabilities:
        answer->size = offsetof(TOKEN_GROUPS, Groups);
        return STATUS_SUCCESS; /* none */
    case TokenPrivileges:
        answer_privileges(answer, token);
        return STATUS_SUCCESS;
    case TokenIntegrityLevel:
        known_sid(&medium_label, &sid);
        answer->size = sizeof(TOKEN_MANDATORY_LABEL);
        ((TOKEN_MANDATORY_LABEL *)answer->data)->Label.Attributes = SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED;
        ((TOKEN_MANDATORY_LABEL *)answer->data)->Label.Sid = answer_sid(answer, &sid);
        return STATUS_SUCCESS;
    case TokenStatistics:
        answer_statistics(answer, token);
        return STATUS_SUCCESS;
    case TokenSource:
        memcpy(answer->data, "User32 ", 8);
        answer->size = sizeof(TOKEN_SOURCE);
        return STATUS_SUCCESS;
    case TokenOrigin:
        answer->data[0] = 0x3e7;
        answer->size = sizeof(TOKEN_ORIGIN);
        return STATUS_SUCCESS;
    case TokenLinkedToken:
        return STATUS_NO_SUCH_LOGON_SESSION;
    default:
        return answer_numbers(answer, token, class);
    }
}

/* Classes of one fixed number say STATUS_INFO_LENGTH_MISMATCH. */
static bool is_number(const struct answer *answer, TOKEN_INFORMATION_CLASS class)
{
    return answer->size == sizeof(ULONG) && class != TokenRestrictedSids && class != TokenCapabilities;
}

NTSTATUS NTAPI NtQueryInformationToken(HANDLE handle, TOKEN_INFORMATION_CLASS class, PVOID buffer, ULONG size,
                                       PULONG returned)
{
    struct answer answer = {0};
    char *base = (char *)answer.data;
    struct token *token;
    NTSTATUS status = token_lookup(handle, class == TokenSource ? TOKEN_QUERY_SOURCE : TOKEN_QUERY, &token);

    if (status)
        return status;
    status = token_answer(token, class, &answer);
    object_release(token);
    if (status)
        return status;
    *returned = answer.size;
    if (size < answer.size || !buffer)
        return is_number(&answer, class) ? STATUS_INFO_LENGTH_MISMATCH : STATUS_BUFFER_TOO_SMALL;
    /* Pointers into the answer move with it. */
    for (ULONG i = 0; i < answer.size / sizeof *answer.data; i++)
        if (answer.data[i] >= (ULONG_PTR)base && answer.data[i] < (ULONG_PTR)base + answer.size)
            answer.data[i] += (ULONG_PTR)buffer - (ULONG_PTR)base;
    memcpy(buffer, answer.data, answer.size);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtSetInformationToken(HANDLE handle, TOKEN_INFORMATION_CLASS class, PVOID buffer, ULONG size)
{
    struct token *token;
    NTSTATUS status = token_lookup(handle, TOKEN_ADJUST_DEFAULT, &token);

    (void)buffer, (void)size;
    if (status)
        return status;
    object_release(token);
    if (class == TokenDefaultDacl || class == TokenOwner || class == TokenPrimaryGroup)
        return STATUS_SUCCESS; /* security descriptors are accepted, and nobody else is there to be kept out */
    return STATUS_PRIVILEGE_NOT_HELD;
}

/* ---- who is in a token, and what it may do ---- */

static bool sid_is_ours(PSID sid)
{
    struct sid_buffer own;

    sid_of_user(&own);
    bool found = RtlEqualSid(sid, &own.sid);
    for (size_t i = 0; !found && i < GROUP_COUNT; i++) {
        known_sid(&groups[i], &own);
        found = RtlEqualSid(sid, &own.sid);
    }
    return found;
}

NTSTATUS NTAPI RtlCheckTokenMembershipEx(HANDLE token, PSID sid, ULONG flags, PBOOLEAN member)
{
    struct token *object;
    NTSTATUS status = token_lookup(token ? token : (HANDLE)-6, TOKEN_QUERY, &object);

    *member = FALSE;
    if (status)
        return status;
    status = !token || object->type == TokenImpersonation ? STATUS_SUCCESS : STATUS_NO_IMPERSONATION_TOKEN;
    object_release(object);
    if (flags & ~(ULONG)1) /* CTMF_INCLUDE_APPCONTAINER */
        return STATUS_INVALID_PARAMETER;
    if (!status)
        *member = sid_is_ours(sid);
    return status;
}

NTSTATUS NTAPI RtlCheckTokenMembership(HANDLE token, PSID sid, PBOOLEAN member)
{
    return RtlCheckTokenMembershipEx(token, sid, 0, member);
}
