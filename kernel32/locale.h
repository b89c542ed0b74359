/*
 * locale.h: locales.
 */
#ifndef KERNEL32_LOCALE_H
#define KERNEL32_LOCALE_H

#include "win.h"

struct locale {
    LCID lcid;
    char name[20];     /* "en-US"; "" is the invariant locale */
    char language[32]; /* in English */
    char country[32];
    char iso639[4], iso3166[4];
    char abbreviated[4]; /* "ENU" */
    char three[2][4];    /* "eng", "USA" */
};

/* What the host's LANG says. */
const struct locale *locale_user(void);

/* NULL name: the user's default.  NULL result: no such locale. */
const struct locale *locale_from_name(const WCHAR *name);
const struct locale *locale_from_lcid(LCID lcid);
const struct locale *locale_at(unsigned index);

/* A language without a country. */
bool locale_is_neutral(const struct locale *locale);

/* A value as text (with LOCALE_RETURN_GENITIVE_NAMES or without): its length without a zero, which is not written; at
 * most `room` units are.  -1: the type is not known. */
int locale_text(const struct locale *locale, LCTYPE type, WCHAR *out, int room);

#define LCID_DEFAULT 0x0409

#endif
