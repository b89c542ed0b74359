/*
 * windows_data.h: what Windows documents otherwise than ICU has it: pictures of dates and times, code pages, places.
 */
#ifndef NLS_WINDOWS_DATA_H
#define NLS_WINDOWS_DATA_H

struct windows_pictures {
    const char *locale, *short_date, *long_date, *short_time, *long_time; /* UTF-8 */
};

/* NULL: as ICU has them. */
const struct windows_pictures *windows_pictures_find(const char *locale);

struct windows_codepages {
    char language[4];
    unsigned short ansi, oem;
};

/* Never NULL. */
const struct windows_codepages *windows_codepages_find(const char *language, const char *country);

struct windows_country {
    char name[4];
    unsigned short phone, geo_id;
};

const struct windows_country *windows_country_find(const char *name);

#endif
