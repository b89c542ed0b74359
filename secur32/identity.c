/*
 * identity.c: identities that programs give: a user, a domain, a password.
 */
#include "secur32/identity.h"
#include <wincred.h>

/* Not what a program gives by mistake: longer texts are refused. */
#define TEXT_MOST 32767

static WCHAR *text_copy(const void *text, ULONG length, bool ansi)
{
    WCHAR *copy = crypt_alloc(((size_t)length + 1) * sizeof *copy);
    char *narrow;

    if (!copy || !length)
        return copy;
    if (!ansi)
        return memcpy(copy, text, length * sizeof *copy);
    crypt_free(copy);
    narrow = crypt_alloc((size_t)length + 1);
    if (!narrow)
        return NULL;
    copy = wide_from_ansi(memcpy(narrow, text, length));
    explicit_bzero(narrow, length);
    crypt_free(narrow);
    return copy;
}

static void text_release(WCHAR *text)
{
    if (text)
        explicit_bzero(text, wide_length(text) * sizeof *text);
    crypt_free(text);
}

void identity_release(struct identity *identity)
{
    text_release(identity->user);
    text_release(identity->domain);
    text_release(identity->password);
    *identity = (struct identity){0};
}

static SECURITY_STATUS identity_take(struct identity *identity, const SEC_WINNT_AUTH_IDENTITY_W *from)
{
    bool ansi = !(from->Flags & SEC_WINNT_AUTH_IDENTITY_UNICODE);

    if (from->UserLength > TEXT_MOST || from->DomainLength > TEXT_MOST || from->PasswordLength > TEXT_MOST)
        return SEC_E_UNKNOWN_CREDENTIALS;
    if ((from->UserLength && !from->User) || (from->DomainLength && !from->Domain) ||
        (from->PasswordLength && !from->Password))
        return SEC_E_UNKNOWN_CREDENTIALS;
    if (!from->User && !from->Domain && !from->Password)
        return SEC_E_OK; /* the current user */
    identity->given = true;
    identity->user = text_copy(from->User, from->UserLength, ansi);
    identity->domain = text_copy(from->Domain, from->DomainLength, ansi);
    identity->password = text_copy(from->Password, from->PasswordLength, ansi);
    if (identity->user && identity->domain && identity->password)
        return SEC_E_OK;
    identity_release(identity);
    return SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS identity_read(const void *data, struct identity *identity)
{
    const SEC_WINNT_AUTH_IDENTITY_EXW *extended = data;
    SEC_WINNT_AUTH_IDENTITY_W plain;

    *identity = (struct identity){0};
    if (!data)
        return SEC_E_OK;
    if (extended->Version == SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        return identity_read_block(data, identity);
    if (extended->Version != SEC_WINNT_AUTH_IDENTITY_VERSION || extended->Length < sizeof *extended) {
        plain = *(const SEC_WINNT_AUTH_IDENTITY_W *)data;
    } else {
        plain = (SEC_WINNT_AUTH_IDENTITY_W){
            .User = extended->User,
            .UserLength = extended->UserLength,
            .Domain = extended->Domain,
            .DomainLength = extended->DomainLength,
            .Password = extended->Password,
            .PasswordLength = extended->PasswordLength,
            .Flags = extended->Flags,
        };
    }
    if (!(plain.Flags & (SEC_WINNT_AUTH_IDENTITY_ANSI | SEC_WINNT_AUTH_IDENTITY_UNICODE)))
        return SEC_E_UNKNOWN_CREDENTIALS;
    return identity_take(identity, &plain);
}

WCHAR *identity_name(const WCHAR *domain, const WCHAR *user)
{
    size_t front = domain ? wide_length(domain) : 0, length = wide_length(user) + 1;
    WCHAR *name = crypt_alloc((front + 1 + length) * sizeof *name), *at = name;

    if (name && front) {
        memcpy(name, domain, front * sizeof *name);
        name[front] = '\\';
        at += front + 1;
    }
    return name ? (memcpy(at, user, length * sizeof *name), name) : NULL;
}

bool identity_split(const WCHAR *name, struct identity *identity)
{
    const WCHAR *back = name;

    while (*back && *back != '\\')
        back++;
    identity->domain = text_copy(name, *back ? (ULONG)(back - name) : 0, false);
    if (*back)
        name = back + 1;
    identity->user = text_copy(name, (ULONG)wide_length(name), false);
    return identity->domain && identity->user;
}

/* service/host:port/name, in whatever parts it has. */
WCHAR *target_host(const WCHAR *target)
{
    const WCHAR *host = target, *end;

    while (*host && *host != '/')
        host++;
    host = *host ? host + 1 : target;
    for (end = host; *end && *end != '/' && *end != ':' && *end != '@'; end++)
        continue;
    return text_copy(host, (ULONG)(end - host), false);
}

bool identity_stored(const WCHAR *target, struct identity *identity)
{
    WCHAR *host = target ? target_host(target) : NULL;
    PCREDENTIALW stored = NULL;
    bool found = host && CredReadW(host, CRED_TYPE_DOMAIN_PASSWORD, 0, &stored) && stored->UserName;

    *identity = (struct identity){0};
    if (found) {
        identity->given = true;
        identity->password =
            text_copy(stored->CredentialBlob, stored->CredentialBlobSize / (ULONG)sizeof(WCHAR), false);
        if (!identity_split(stored->UserName, identity) || !identity->password) {
            identity_release(identity);
            found = false;
        }
    }
    if (stored) {
        explicit_bzero(stored->CredentialBlob, stored->CredentialBlobSize);
        CredFree(stored);
    }
    crypt_free(host);
    return found;
}
