/*
 * dns_message.c: windns.h: questions and answers as messages, and which names are good.
 */
#include <string.h>
#include "winsock/dns.h"

#define LABEL_MAX 63
#define NAME_LENGTH_MAX 255

/* Windows takes and gives headers in the host's order (DNS_BYTE_FLIP_HEADER_COUNTS). */
static DNS_STATUS extract(const DNS_MESSAGE_BUFFER *message, WORD length, bool wide, DNS_RECORDA **result)
{
    if (!message || !result || length < sizeof message->MessageHead)
        return ERROR_INVALID_PARAMETER;
    uint8_t *copy = RtlAllocateHeap(peb_current()->ProcessHeap, 0, length);
    if (!copy)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(copy, message, length);
    for (size_t at = offsetof(DNS_HEADER, QuestionCount); at < sizeof(DNS_HEADER); at += 2) {
        uint8_t low = copy[at];
        copy[at] = copy[at + 1];
        copy[at + 1] = low;
    }
    DNS_STATUS status = dns_read(copy, length, wide, result);
    RtlFreeHeap(peb_current()->ProcessHeap, 0, copy);
    return status;
}

DNS_STATUS WINAPI DnsExtractRecordsFromMessage_W(PDNS_MESSAGE_BUFFER message, WORD length, PDNS_RECORD *result)
{
    return extract(message, length, true, (DNS_RECORDA **)result);
}

DNS_STATUS WINAPI DnsExtractRecordsFromMessage_UTF8(PDNS_MESSAGE_BUFFER message, WORD length, PDNS_RECORDA *result)
{
    return extract(message, length, false, (DNS_RECORDA **)result);
}

/* A name as a message has it, uncompressed: labels with their lengths.  0: it is none. */
static size_t encode(const char *name, uint8_t *out)
{
    size_t used = 0;
    while (*name) {
        size_t length = strcspn(name, ".");
        if (!length || length > LABEL_MAX || used + length + 2 > NAME_LENGTH_MAX)
            return 0;
        out[used++] = (uint8_t)length;
        memcpy(out + used, name, length);
        used += length;
        name += length + (name[length] == '.');
    }
    out[used++] = 0;
    return used;
}

BOOL WINAPI DnsWriteQuestionToBuffer_UTF8(PDNS_MESSAGE_BUFFER buffer, PDWORD size, LPSTR name, WORD type, WORD id,
                                          BOOL recursion)
{
    uint8_t encoded[NAME_LENGTH_MAX + 1];
    size_t length;
    if (!size || !name || !(length = encode(strcmp(name, ".") ? name : "", encoded)))
        return FALSE;
    DWORD needed = (DWORD)(sizeof(DNS_HEADER) + length + 4);
    bool fits = buffer && *size >= needed;
    *size = needed;
    if (!fits)
        return FALSE;
    memset(&buffer->MessageHead, 0, sizeof buffer->MessageHead);
    buffer->MessageHead.Xid = id;
    buffer->MessageHead.RecursionDesired = recursion != 0;
    buffer->MessageHead.QuestionCount = 1;
    uint8_t *body = (uint8_t *)buffer + sizeof(DNS_HEADER);
    memcpy(body, encoded, length);
    memcpy(body + length, (const uint8_t[]){(uint8_t)(type >> 8), (uint8_t)type, 0, DNS_CLASS_INTERNET}, 4);
    return TRUE;
}

BOOL WINAPI DnsWriteQuestionToBuffer_W(PDNS_MESSAGE_BUFFER buffer, PDWORD size, LPWSTR name, WORD type, WORD id,
                                       BOOL recursion)
{
    char narrow[NAME_MAX_BYTES];
    return name && name_narrow(name, narrow, sizeof narrow) &&
           DnsWriteQuestionToBuffer_UTF8(buffer, size, narrow, type, id, recursion);
}

/* ---- names ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A character that names may have: 0; else what is wrong with it. */
static DNS_STATUS character_check(char c)
{
    if (is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')
        return ERROR_SUCCESS;
    if (c == '_' || (unsigned char)c >= 0x80)
        return DNS_ERROR_NON_RFC_NAME;
    return DNS_ERROR_INVALID_NAME_CHAR;
}

/* Which of two is told: a name that is none, one that only some servers take, a bad character. */
static DNS_STATUS worse(DNS_STATUS a, DNS_STATUS b)
{
    if (a == ERROR_INVALID_NAME || b == ERROR_INVALID_NAME)
        return ERROR_INVALID_NAME;
    return a == DNS_ERROR_NON_RFC_NAME || !b ? a : b;
}

static DNS_STATUS label_check(const char *label, size_t length, DNS_NAME_FORMAT format, bool first)
{
    DNS_STATUS status = ERROR_SUCCESS;
    size_t i = 0;
    if (first && format == DnsNameWildcard)
        return length == 1 && *label == '*' ? ERROR_SUCCESS : ERROR_INVALID_NAME;
    if (format == DnsNameSrvRecord && *label == '_')
        i++;
    else if (format == DnsNameSrvRecord && first)
        return DNS_ERROR_NON_RFC_NAME;
    for (; i < length; i++)
        status = worse(status, character_check(label[i]));
    return status;
}

static DNS_STATUS validate(const char *name, DNS_NAME_FORMAT format)
{
    const bool label_only = format == DnsNameDomainLabel || format == DnsNameHostnameLabel;
    DNS_STATUS status = ERROR_SUCCESS;
    if (!name || !*name || strlen(name) > NAME_LENGTH_MAX)
        return ERROR_INVALID_NAME;
    if (!strcmp(name, "."))
        return format == DnsNameDomain ? ERROR_SUCCESS : ERROR_INVALID_NAME;
    for (const char *at = name; *at;) {
        size_t length = strcspn(at, ".");
        if (!length || length > LABEL_MAX || (label_only && at[length] == '.'))
            return ERROR_INVALID_NAME;
        status = worse(status, label_check(at, length, format, at == name));
        at += length + (at[length] == '.');
    }
    /* Numbers alone make a domain, no host. */
    bool numeric = strspn(name, "0123456789") == strcspn(name, ".");
    if (status != ERROR_INVALID_NAME && numeric && format != DnsNameDomain && format != DnsNameDomainLabel)
        return DNS_ERROR_NUMERIC_NAME;
    return status;
}

DNS_STATUS WINAPI DnsValidateName_UTF8(PCSTR name, DNS_NAME_FORMAT format)
{
    return validate(name, format);
}

DNS_STATUS WINAPI DnsValidateName_A(PCSTR name, DNS_NAME_FORMAT format)
{
    return validate(name, format);
}

DNS_STATUS WINAPI DnsValidateName_W(PCWSTR name, DNS_NAME_FORMAT format)
{
    char narrow[NAME_MAX_BYTES];
    if (!name || !name_narrow(name, narrow, sizeof narrow))
        return ERROR_INVALID_NAME;
    return validate(narrow, format);
}
