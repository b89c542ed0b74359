/*
 * ipstring.c: IP addresses and text.  Parsing is done on bytes; the wide functions narrow their text first, which is
 * right since no address has a character beyond ASCII.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "ntip.h"

#define TEXT_MAX 66 /* the longest text that can be an address */

/* A number of C's three bases; false: no digit.  What is too big shows in *value. */
static bool parse_number(const char **text, uint64_t *value, bool *decimal)
{
    const char *at = *text;
    int base = 10, digits = 0;
    *value = 0;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    } else if (at[0] == '0' && at[1] >= '0' && at[1] <= '7') {
        base = 8;
    }
    for (;; at++, digits++) {
        int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                    : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                    : *at >= 'A' && *at <= 'F' ? *at - 'A' + 10
                                               : 99;
        if (digit >= base)
            break;
        if (*value <= UINT32_MAX)
            *value = *value * (unsigned)base + (unsigned)digit;
    }
    *decimal = base == 10;
    if (!digits)
        return false;
    *text = at;
    return true;
}

NTSTATUS WINAPI RtlIpv4StringToAddressA(PCSTR text, BOOLEAN strict, PCSTR *end, void *address)
{
    uint64_t parts[4];
    int count = 0;
    uint32_t result = 0;
    bool decimal;
    const char *at = text;
    for (;;) {
        if (!parse_number(&at, &parts[count], &decimal)) {
            *end = at;
            return STATUS_INVALID_PARAMETER;
        }
        count++;
        if (*at != '.' || count == 4)
            break;
        at++;
    }
    *end = at;
    if (strict && count < 4)
        return STATUS_INVALID_PARAMETER;
    for (int i = 0; i < count - 1; i++) {
        if (parts[i] > 0xff)
            return STATUS_INVALID_PARAMETER;
        result |= (uint32_t)parts[i] << (24 - 8 * i);
    }
    if (parts[count - 1] > UINT32_MAX >> (8 * (count - 1)))
        return STATUS_INVALID_PARAMETER;
    result |= (uint32_t)parts[count - 1];
    result = htonl(result);
    memcpy(address, &result, sizeof result);
    return STATUS_SUCCESS;
}

/* ":port" to the end of the text. */
static bool parse_port(const char *text, USHORT *port)
{
    uint64_t value;
    bool decimal;
    if (!parse_number(&text, &value, &decimal) || *text || !value || value > 0xffff)
        return false;
    *port = htons((USHORT)value);
    return true;
}

NTSTATUS WINAPI RtlIpv4StringToAddressExA(PCSTR text, BOOLEAN strict, void *address, PUSHORT port)
{
    const char *end;
    uint32_t result;
    if (!text || !address || !port)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = RtlIpv4StringToAddressA(text, strict, &end, &result);
    if (status)
        return status;
    USHORT found = 0;
    if (*end && (*end != ':' || !parse_port(end + 1, &found)))
        return STATUS_INVALID_PARAMETER;
    memcpy(address, &result, sizeof result);
    *port = found;
    return STATUS_SUCCESS;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Four decimal numbers in the place of the last two groups. */
static bool parse_embedded(const char **text, uint8_t *bytes)
{
    const char *at = *text;
    for (int i = 0; i < 4; i++) {
        int value = 0, digits = 0;
        for (; *at >= '0' && *at <= '9' && digits < 3; at++, digits++)
            value = value * 10 + *at - '0';
        if (!digits || value > 255 || (i < 3 && *at++ != '.'))
            return false;
        bytes[i] = (uint8_t)value;
    }
    *text = at;
    return true;
}

NTSTATUS WINAPI RtlIpv6StringToAddressA(PCSTR text, PCSTR *end, void *address)
{
    uint8_t bytes[16] = {0}, result[16] = {0};
    int count = 0, gap = -1; /* bytes so far, where "::" was */
    const char *at = text;
    bool good = true;
    if (at[0] == ':' && at[1] == ':') {
        gap = 0;
        at += 2;
    } else if (hex_digit(*at) < 0) {
        good = false;
    }
    while (good && count < 16 && hex_digit(*at) >= 0) {
        const char *start = at;
        unsigned value = 0;
        int digits = 0;
        for (; hex_digit(*at) >= 0 && digits < 4; at++, digits++)
            value = value << 4 | (unsigned)hex_digit(*at);
        if (*at == '.' && count <= 12 && (gap >= 0 || count == 12)) {
            at = start;
            good = parse_embedded(&at, bytes + count);
            count += good ? 4 : 0;
            break;
        }
        good = hex_digit(*at) < 0;
        bytes[count++] = (uint8_t)(value >> 8);
        bytes[count++] = (uint8_t)value;
        if (*at != ':' || count == 16 || !good)
            break;
        if (at[1] == ':') {
            if (gap >= 0)
                break;
            gap = count;
            at += 2;
        } else if (hex_digit(at[1]) >= 0) {
            at++;
        } else {
            break;
        }
    }
    *end = at;
    if (!good || (gap < 0 && count != 16) || (gap >= 0 && count == 16))
        return STATUS_INVALID_PARAMETER;
    if (gap < 0)
        gap = count;
    memcpy(result, bytes, (size_t)gap);
    memcpy(result + 16 - (count - gap), bytes + gap, (size_t)(count - gap));
    memcpy(address, result, sizeof result);
    return STATUS_SUCCESS;
}

/* address, %scope, and in brackets a port. */
NTSTATUS WINAPI RtlIpv6StringToAddressExA(PCSTR text, void *address, PULONG scope, PUSHORT port)
{
    uint8_t bytes[16];
    const char *end;
    uint64_t number = 0;
    USHORT found = 0;
    if (!text || !address || !scope || !port)
        return STATUS_INVALID_PARAMETER;
    bool bracket = *text == '[', digits = true;
    NTSTATUS status = RtlIpv6StringToAddressA(text + bracket, &end, bytes);
    if (status)
        return status;
    if (*end == '%') {
        for (end++, digits = false; *end >= '0' && *end <= '9'; end++, digits = true)
            if (number <= UINT32_MAX)
                number = number * 10 + (unsigned)(*end - '0');
    }
    if (!digits || number > UINT32_MAX || (bracket && *end++ != ']'))
        return STATUS_INVALID_PARAMETER;
    if (*end && (!bracket || *end != ':' || !parse_port(end + 1, &found)))
        return STATUS_INVALID_PARAMETER;
    memcpy(address, bytes, sizeof bytes);
    *scope = (ULONG)number;
    *port = found;
    return STATUS_SUCCESS;
}

/* Narrows what can be part of an address; *end of the narrow text gives that of the wide one. */
static void narrow(PCWSTR text, char *out)
{
    int i = 0;
    for (; i < TEXT_MAX - 1 && text[i] && text[i] < 0x80; i++)
        out[i] = (char)text[i];
    out[i] = text[i] && i < TEXT_MAX - 1 ? '?' : 0;
    out[i + (out[i] != 0)] = 0;
}

NTSTATUS WINAPI RtlIpv4StringToAddressW(PCWSTR text, BOOLEAN strict, PCWSTR *end, void *address)
{
    char bytes[TEXT_MAX + 1];
    const char *stop;
    narrow(text, bytes);
    NTSTATUS status = RtlIpv4StringToAddressA(bytes, strict, &stop, address);
    *end = text + (stop - bytes);
    return status;
}

NTSTATUS WINAPI RtlIpv6StringToAddressW(PCWSTR text, PCWSTR *end, void *address)
{
    char bytes[TEXT_MAX + 1];
    const char *stop;
    narrow(text, bytes);
    NTSTATUS status = RtlIpv6StringToAddressA(bytes, &stop, address);
    *end = text + (stop - bytes);
    return status;
}

NTSTATUS WINAPI RtlIpv4StringToAddressExW(PCWSTR text, BOOLEAN strict, void *address, PUSHORT port)
{
    char bytes[TEXT_MAX + 1];
    if (!text)
        return STATUS_INVALID_PARAMETER;
    narrow(text, bytes);
    return RtlIpv4StringToAddressExA(bytes, strict, address, port);
}

NTSTATUS WINAPI RtlIpv6StringToAddressExW(PCWSTR text, void *address, PULONG scope, PUSHORT port)
{
    char bytes[TEXT_MAX + 1];
    if (!text)
        return STATUS_INVALID_PARAMETER;
    narrow(text, bytes);
    return RtlIpv6StringToAddressExA(bytes, address, scope, port);
}

PSTR WINAPI RtlIpv4AddressToStringA(const void *address, PSTR text)
{
    const uint8_t *bytes = address;
    return text + sprintf(text, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* An ISATAP interface id holds an IPv4 address, shown as one. */
static bool is_isatap(const uint8_t *bytes)
{
    return (bytes[8] & 0xfd) == 0 && !bytes[9] && bytes[10] == 0x5e && bytes[11] == 0xfe;
}

PSTR WINAPI RtlIpv6AddressToStringA(const void *address, PSTR text)
{
    const uint8_t *bytes = address;
    if (is_isatap(bytes)) { /* the text with two groups for it, which are then replaced */
        uint8_t marked[16];
        memcpy(marked, bytes, 12);
        memset(marked + 12, 0x11, 4);
        inet_ntop(AF_INET6, marked, text, INET6_ADDRSTRLEN);
        return RtlIpv4AddressToStringA(bytes + 12, text + strlen(text) - strlen("1111:1111"));
    }
    inet_ntop(AF_INET6, bytes, text, INET6_ADDRSTRLEN);
    return text + strlen(text);
}

static NTSTATUS put_text(const char *full, PSTR text, PULONG length)
{
    ULONG needed = (ULONG)strlen(full) + 1;
    bool fits = *length >= needed;
    *length = needed;
    if (!fits)
        return STATUS_INVALID_PARAMETER;
    memcpy(text, full, needed);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIpv4AddressToStringExA(const void *address, USHORT port, PSTR text, PULONG length)
{
    char full[TEXT_MAX];
    if (!address || !text || !length)
        return STATUS_INVALID_PARAMETER;
    char *end = RtlIpv4AddressToStringA(address, full);
    if (port)
        sprintf(end, ":%u", ntohs(port));
    return put_text(full, text, length);
}

NTSTATUS WINAPI RtlIpv6AddressToStringExA(const void *address, ULONG scope, USHORT port, PSTR text, PULONG length)
{
    char full[TEXT_MAX];
    if (!address || !text || !length)
        return STATUS_INVALID_PARAMETER;
    char *end = full;
    if (port)
        *end++ = '[';
    end = RtlIpv6AddressToStringA(address, end);
    if (scope)
        end += sprintf(end, "%%%u", (unsigned)scope);
    if (port)
        sprintf(end, "]:%u", ntohs(port));
    return put_text(full, text, length);
}

static PWSTR widen(const char *bytes, PWSTR text)
{
    while ((*text = (WCHAR)*bytes++))
        text++;
    return text;
}

PWSTR WINAPI RtlIpv4AddressToStringW(const void *address, PWSTR text)
{
    char bytes[TEXT_MAX];
    RtlIpv4AddressToStringA(address, bytes);
    return widen(bytes, text);
}

PWSTR WINAPI RtlIpv6AddressToStringW(const void *address, PWSTR text)
{
    char bytes[TEXT_MAX];
    RtlIpv6AddressToStringA(address, bytes);
    return widen(bytes, text);
}

NTSTATUS WINAPI RtlIpv4AddressToStringExW(const void *address, USHORT port, PWSTR text, PULONG length)
{
    char bytes[TEXT_MAX];
    if (!address || !text || !length)
        return STATUS_INVALID_PARAMETER;
    ULONG room = *length < sizeof bytes ? *length : sizeof bytes;
    NTSTATUS status = RtlIpv4AddressToStringExA(address, port, bytes, &room);
    *length = room;
    if (!status)
        widen(bytes, text);
    return status;
}

NTSTATUS WINAPI RtlIpv6AddressToStringExW(const void *address, ULONG scope, USHORT port, PWSTR text, PULONG length)
{
    char bytes[TEXT_MAX];
    if (!address || !text || !length)
        return STATUS_INVALID_PARAMETER;
    ULONG room = *length < sizeof bytes ? *length : sizeof bytes;
    NTSTATUS status = RtlIpv6AddressToStringExA(address, scope, port, bytes, &room);
    *length = room;
    if (!status)
        widen(bytes, text);
    return status;
}
