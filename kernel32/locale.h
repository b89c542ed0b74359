/*
 * locale.h: the locales that this layer knows.
 */
#ifndef KERNEL32_LOCALE_H
#define KERNEL32_LOCALE_H

#include "win.h"

struct locale {
    LCID lcid;
    char name[12];     /* "en-US"; "" is the invariant locale */
    char language[24]; /* in English */
    char country[24];
    char iso639[4], iso3166[4];
    char abbreviated[4]; /* "ENU" */
    char three[2][4];    /* "eng", "USA" */
};

/* NULL name: the user's default.  NULL result: no such locale. */
const struct locale *locale_from_name(const WCHAR *name);
const struct locale *locale_from_lcid(LCID lcid);
const struct locale *locale_at(unsigned index);

/* A value as text; NULL: the type is not known.  `scratch` may hold it. */
const char *locale_value(const struct locale *locale, LCTYPE type, char scratch[64]);

#define LCID_DEFAULT 0x0409

#endif
