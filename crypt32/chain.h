/*
 * chain.h: a chain as programs see it, in one block.
 */
#ifndef CRYPT32_CHAIN_H
#define CRYPT32_CHAIN_H

#include "crypt32/store.h"

#define CHAIN_MAX 12

struct chain {
    CERT_CHAIN_CONTEXT context;
    DWORD magic;
    LONG references;
    PCERT_SIMPLE_CHAIN simple_pointer;
    CERT_SIMPLE_CHAIN simple;
    PCERT_CHAIN_ELEMENT pointers[CHAIN_MAX];
    CERT_CHAIN_ELEMENT elements[CHAIN_MAX];
};

/* chain_check.c: fills in what is wrong with each element and with the whole. */
void chain_check(struct chain *chain, const FILETIME *time, const CERT_CHAIN_PARA *para, DWORD flags,
                 struct store *const *stores, unsigned store_count);

#endif
