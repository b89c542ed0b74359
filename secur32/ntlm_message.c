/*
 * ntlm_message.c: MS-NLMP section 2.2: the three messages and the pairs of the target's information.
 *
 * What is read comes from anybody: every field is checked against the message before it is looked at.
 */
#include "secur32/ntlm.h"

#define HEAD 12 /* signature and type */

static void put_u16(struct writer *writer, size_t value)
{
    writer_put(writer, &(USHORT){(USHORT)value}, 2);
}

static void put_u32(struct writer *writer, size_t value)
{
    writer_put(writer, &(ULONG){(ULONG)value}, 4);
}

static ULONG get_u32(struct bytes message, size_t at)
{
    ULONG value;

    memcpy(&value, message.data + at, sizeof value);
    return value;
}

static bool is_message(struct bytes message, ULONG type, size_t least)
{
    return message.size >= least && !memcmp(message.data, "NTLMSSP", 8) && get_u32(message, 8) == type;
}

/* A field's length, room and offset stand at `at`. */
static bool field_read(struct bytes message, size_t at, struct bytes *field)
{
    USHORT size;
    ULONG offset;

    *field = (struct bytes){NULL, 0};
    if (at + 8 > message.size)
        return false;
    memcpy(&size, message.data + at, sizeof size);
    offset = get_u32(message, at + 4);
    if (!size)
        return true;
    if (offset > message.size || size > message.size - offset)
        return false;
    *field = (struct bytes){message.data + offset, size};
    return true;
}

/* Where the next field lies. */
static void field_put(struct writer *writer, struct bytes field, size_t *offset)
{
    put_u16(writer, field.size);
    put_u16(writer, field.size);
    put_u32(writer, *offset);
    *offset += field.size;
}

/* As Windows 10 does; what matters of it is the 15 at its end. */
static void put_version(struct writer *writer)
{
    static const BYTE version[8] = {10, 0, 0x61, 0x4a, 0, 0, 0, 15};

    writer_put(writer, version, sizeof version);
}

bool ntlm_negotiate_read(struct bytes message, struct ntlm_negotiate *negotiate)
{
    *negotiate = (struct ntlm_negotiate){0};
    if (!is_message(message, 1, HEAD + 4))
        return false;
    negotiate->flags = get_u32(message, HEAD);
    if (negotiate->flags & NTLM_DOMAIN_SUPPLIED && !field_read(message, 16, &negotiate->domain))
        return false;
    return !(negotiate->flags & NTLM_WORKSTATION_SUPPLIED) || field_read(message, 24, &negotiate->workstation);
}

void ntlm_negotiate_write(struct writer *writer, const struct ntlm_negotiate *negotiate)
{
    size_t offset = 40;

    writer_put(writer, "NTLMSSP\0\1\0\0", HEAD);
    put_u32(writer, negotiate->flags);
    field_put(writer, negotiate->domain, &offset);
    field_put(writer, negotiate->workstation, &offset);
    put_version(writer);
    writer_put(writer, negotiate->domain.data, negotiate->domain.size);
    writer_put(writer, negotiate->workstation.data, negotiate->workstation.size);
}

bool ntlm_challenge_read(struct bytes message, struct ntlm_challenge *challenge)
{
    *challenge = (struct ntlm_challenge){0};
    if (!is_message(message, 2, 32))
        return false;
    challenge->flags = get_u32(message, 20);
    memcpy(challenge->challenge, message.data + 24, 8);
    if (!field_read(message, 12, &challenge->target))
        return false;
    if (message.size >= 40)
        memcpy(challenge->context, message.data + 32, 8);
    return !(challenge->flags & NTLM_TARGET_INFO) || field_read(message, 40, &challenge->info);
}

void ntlm_challenge_write(struct writer *writer, const struct ntlm_challenge *challenge)
{
    size_t offset = 56;

    writer_put(writer, "NTLMSSP\0\2\0\0", HEAD);
    field_put(writer, challenge->target, &offset);
    put_u32(writer, challenge->flags);
    writer_put(writer, challenge->challenge, 8);
    writer_put(writer, challenge->context, 8);
    field_put(writer, challenge->info, &offset);
    put_version(writer);
    writer_put(writer, challenge->target.data, challenge->target.size);
    writer_put(writer, challenge->info.data, challenge->info.size);
}

bool ntlm_authenticate_read(struct bytes message, struct ntlm_authenticate *authenticate)
{
    *authenticate = (struct ntlm_authenticate){0};
    if (!is_message(message, 3, 52))
        return false;
    if (message.size >= 64)
        authenticate->flags = get_u32(message, 60);
    return field_read(message, 12, &authenticate->lm) && field_read(message, 20, &authenticate->nt) &&
           field_read(message, 28, &authenticate->domain) && field_read(message, 36, &authenticate->user) &&
           field_read(message, 44, &authenticate->workstation) &&
           (message.size < 60 || field_read(message, 52, &authenticate->key));
}

void ntlm_authenticate_write(struct writer *writer, const struct ntlm_authenticate *authenticate)
{
    static const BYTE no_mic[NTLM_MIC_SIZE];
    const struct bytes names[] = {authenticate->domain, authenticate->user, authenticate->workstation};
    const struct bytes secrets[] = {authenticate->lm, authenticate->nt, authenticate->key};
    size_t offset = NTLM_MIC_OFFSET + NTLM_MIC_SIZE, name = offset, secret = offset;

    for (int i = 0; i < 3; i++)
        secret += names[i].size;
    writer_put(writer, "NTLMSSP\0\3\0\0", HEAD);
    field_put(writer, secrets[0], &secret);
    field_put(writer, secrets[1], &secret);
    for (int i = 0; i < 3; i++)
        field_put(writer, names[i], &name);
    field_put(writer, secrets[2], &secret);
    put_u32(writer, authenticate->flags);
    put_version(writer);
    writer_put(writer, no_mic, sizeof no_mic);
    for (int i = 0; i < 3; i++)
        writer_put(writer, names[i].data, names[i].size);
    for (int i = 0; i < 3; i++)
        writer_put(writer, secrets[i].data, secrets[i].size);
}

/* ---- pairs ---- */

/* The pair at *at, and goes behind it; false: the end, which is good if *ended, or damage. */
static bool av_next(struct bytes list, size_t *at, USHORT *id, struct bytes *value, bool *ended)
{
    USHORT size;

    *ended = false;
    if (list.size - *at < 4)
        return false;
    memcpy(id, list.data + *at, 2);
    memcpy(&size, list.data + *at + 2, 2);
    if (*id == AV_END) {
        *ended = true;
        return false;
    }
    if (size > list.size - *at - 4)
        return false;
    *value = (struct bytes){list.data + *at + 4, size};
    *at += 4 + (size_t)size;
    return true;
}

struct bytes av_find(struct bytes list, USHORT id)
{
    struct bytes value;
    size_t at = 0;
    USHORT found;
    bool ended;

    while (av_next(list, &at, &found, &value, &ended))
        if (found == id)
            return value;
    return (struct bytes){NULL, 0};
}

void av_put(struct writer *writer, USHORT id, struct bytes value)
{
    put_u16(writer, id);
    put_u16(writer, value.size);
    writer_put(writer, value.data, value.size);
}

bool av_copy(struct writer *writer, struct bytes list)
{
    struct bytes value;
    size_t at = 0;
    USHORT id;
    bool ended = !list.size;

    while (list.size && av_next(list, &at, &id, &value, &ended))
        if (id != AV_FLAGS && id != AV_TARGET_NAME && id != AV_CHANNEL_BINDINGS)
            av_put(writer, id, value);
    return ended;
}
