/*
 * ber.c: BER as DER: indefinite lengths become definite ones, and octet strings in pieces become whole.
 *
 * Messages that were written as a stream have these.  What is in the pieces is not looked into, nor are sets sorted.
 */
#include "crypt32/message_parts.h"

#define DEPTH_MAX 64 /* no message is nested deeper; each level costs a frame */

struct element {
    BYTE tag;
    bool indefinite;
    const BYTE *data, *end;
};

static bool element_next(const BYTE **at, const BYTE *end, struct element *element, unsigned depth);

/* Where the contents of indefinite length end: behind their last element. */
static bool indefinite_end(const BYTE *at, const BYTE *end, struct element *element, unsigned depth)
{
    struct element inner;

    while (end - at >= 2 && (at[0] || at[1]))
        if (!element_next(&at, end, &inner, depth + 1))
            return false;
    element->end = at;
    return end - at >= 2;
}

static bool element_next(const BYTE **at, const BYTE *end, struct element *element, unsigned depth)
{
    const BYTE *p = *at;
    struct der_item item;

    if (depth > DEPTH_MAX || end - p < 2)
        return false;
    element->tag = p[0];
    element->indefinite = p[1] == 0x80;
    if (!element->indefinite) {
        if (!der_next(at, end, &item))
            return false;
        element->data = item.data;
        element->end = item.data + item.size;
        return true;
    }
    if (!(p[0] & DER_CONSTRUCTED) || (p[0] & 0x1f) == 0x1f)
        return false;
    element->data = p + 2;
    if (!indefinite_end(p + 2, end, element, depth))
        return false;
    *at = element->end + 2;
    return true;
}

/* The elements between two places, the last one first, since the encoder writes from the end. */
static bool elements_put(struct encoder *out, const BYTE *at, const BYTE *end, bool octets, unsigned depth)
{
    struct element *list = NULL, element;
    size_t count = 0, room = 0;
    bool good = true;

    while (good && at < end) {
        if (count == room) {
            struct element *longer = crypt_alloc((room * 2 + 8) * sizeof *longer);

            good = longer != NULL;
            if (good && count)
                memcpy(longer, list, count * sizeof *longer);
            crypt_free(list);
            list = longer;
            room = room * 2 + 8;
        }
        good = good && element_next(&at, end, &element, depth);
        if (good)
            list[count++] = element;
    }
    while (good && count) {
        size_t before = out->used;

        element = list[--count];
        if (!(element.tag & DER_CONSTRUCTED)) {
            good = (!octets || element.tag == DER_OCTETS) &&
                   encoder_put(out, element.data, (size_t)(element.end - element.data));
        } else {
            bool string = element.tag == (DER_OCTETS | DER_CONSTRUCTED);

            good = (!octets || string) && elements_put(out, element.data, element.end, string, depth + 1);
            if (string)
                element.tag = DER_OCTETS;
        }
        if (good && !octets)
            good = encoder_wrap(out, element.tag, before);
    }
    crypt_free(list);
    return good;
}

BYTE *ber_to_der(const BYTE *data, DWORD size, DWORD *out_size)
{
    struct encoder out = {0};
    struct element element;
    const BYTE *at = data;

    if (!element_next(&at, data + size, &element, 0) || !elements_put(&out, data, at, false, 1)) {
        crypt_free(out.base);
        return NULL;
    }
    memmove(out.base, encoder_data(&out), out.used);
    *out_size = (DWORD)out.used;
    return out.base;
}
