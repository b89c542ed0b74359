/*
 * bcrypt_group.c: the groups that DH keys are made in when the program gives none.
 *
 * Windows makes a new prime then, which takes minutes for large keys; these are as good, and everybody knows them.
 *
 * Layer: bcrypt.
 */
#include "bcrypt_pair.h"
#include "dh_groups.h"

static UCHAR hex_digit(char c)
{
    return (UCHAR)(c <= '9' ? c - '0' : c - 'a' + 10);
}

bool dh_default_group(ULONG bits, UCHAR *group)
{
    ULONG size = bits / 8;

    for (size_t i = 0; i < ARRAYSIZE(dh_groups); i++) {
        if (dh_groups[i].bits != bits)
            continue;
        for (ULONG j = 0; j < size; j++)
            group[j] = (UCHAR)(hex_digit(dh_groups[i].prime[2 * j]) << 4 | hex_digit(dh_groups[i].prime[2 * j + 1]));
        memset(group + size, 0, size - 1);
        group[2 * size - 1] = 2;
        return true;
    }
    return false;
}
