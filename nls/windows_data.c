/*
 * windows_data.c: tables of what Windows has otherwise than ICU.
 *
 * Layer: winrun-nls.so.  From Microsoft's published lists of locales, code pages and geographical locations.
 */
#include <stddef.h>
#include <string.h>
#include "windows_data.h"

static const struct windows_pictures pictures[] = {
    {"cs-CZ", "dd.MM.yyyy", "dddd d. MMMM yyyy", "H:mm", "H:mm:ss"},
    {"da-DK", "dd-MM-yyyy", "d. MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"de-AT", "dd.MM.yyyy", "dddd, d. MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"de-CH", "dd.MM.yyyy", "dddd, d. MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"de-DE", "dd.MM.yyyy", "dddd, d. MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"el-GR", "d/M/yyyy", "dddd, d MMMM yyyy", "h:mm tt", "h:mm:ss tt"},
    {"en-AU", "d/MM/yyyy", "dddd, d MMMM yyyy", "h:mm tt", "h:mm:ss tt"},
    {"en-CA", "yyyy-MM-dd", "MMMM d, yyyy", "h:mm tt", "h:mm:ss tt"},
    {"en-GB", "dd/MM/yyyy", "dd MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"es-ES", "dd/MM/yyyy", "dddd, d 'de' MMMM 'de' yyyy", "H:mm", "H:mm:ss"},
    {"fi-FI", "d.M.yyyy", "dddd d. MMMM yyyy", "H.mm", "H.mm.ss"},
    {"fr-CA", "yyyy-MM-dd", "d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"fr-FR", "dd/MM/yyyy", "dddd d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"he-IL", "dd/MM/yyyy", "dddd dd MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"hu-HU", "yyyy. MM. dd.", "yyyy. MMMM d., dddd", "H:mm", "H:mm:ss"},
    {"it-IT", "dd/MM/yyyy", "dddd d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"ja-JP", "yyyy/MM/dd", "yyyy'年'M'月'd'日'", "H:mm", "H:mm:ss"},
    {"ko-KR", "yyyy-MM-dd", "yyyy'년' M'월' d'일' dddd", "tt h:mm", "tt h:mm:ss"},
    {"nb-NO", "dd.MM.yyyy", "dddd d. MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"nl-NL", "d-M-yyyy", "dddd d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"pl-PL", "dd.MM.yyyy", "d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"pt-BR", "dd/MM/yyyy", "dddd, d 'de' MMMM 'de' yyyy", "HH:mm", "HH:mm:ss"},
    {"pt-PT", "dd/MM/yyyy", "d 'de' MMMM 'de' yyyy", "HH:mm", "HH:mm:ss"},
    {"ro-RO", "dd.MM.yyyy", "dddd, d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"ru-RU", "dd.MM.yyyy", "d MMMM yyyy 'г.'", "H:mm", "H:mm:ss"},
    {"sv-SE", "yyyy-MM-dd", "'den 'd MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"th-TH", "d/M/yyyy", "d MMMM yyyy", "HH:mm", "HH:mm:ss"},
    {"tr-TR", "d.MM.yyyy", "d MMMM yyyy dddd", "HH:mm", "HH:mm:ss"},
    {"uk-UA", "dd.MM.yyyy", "d MMMM yyyy' р.'", "H:mm", "H:mm:ss"},
    {"zh-CN", "yyyy/M/d", "yyyy'年'M'月'd'日'", "H:mm", "H:mm:ss"},
    {"zh-TW", "yyyy/M/d", "yyyy'年'M'月'd'日'", "tt hh:mm", "tt hh:mm:ss"},
};

const struct windows_pictures *windows_pictures_find(const char *locale)
{
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (strcasecmp(locale, pictures[i].locale) == 0)
            return &pictures[i];
    return NULL;
}

static const struct windows_codepages codepages[] = {
    {"", 1252, 850},   {"ar", 1256, 720}, {"az", 1254, 857}, {"be", 1251, 866},  {"bg", 1251, 866}, {"bs", 1250, 852},
    {"cs", 1250, 852}, {"el", 1253, 737}, {"et", 1257, 775}, {"fa", 1256, 720},  {"he", 1255, 862}, {"hr", 1250, 852},
    {"hu", 1250, 852}, {"ja", 932, 932},  {"kk", 1251, 866}, {"ko", 949, 949},   {"ky", 1251, 866}, {"lt", 1257, 775},
    {"lv", 1257, 775}, {"mk", 1251, 866}, {"mn", 1251, 866}, {"pl", 1250, 852},  {"ro", 1250, 852}, {"ru", 1251, 866},
    {"sk", 1250, 852}, {"sl", 1250, 852}, {"sq", 1250, 852}, {"sr", 1250, 852},  {"th", 874, 874},  {"tr", 1254, 857},
    {"uk", 1251, 866}, {"ur", 1256, 720}, {"uz", 1254, 857}, {"vi", 1258, 1258}, {"zh", 936, 936},
};
static const struct windows_codepages traditional = {"zh", 950, 950}, american = {"en", 1252, 437};

const struct windows_codepages *windows_codepages_find(const char *language, const char *country)
{
    if (strcmp(language, "zh") == 0 &&
        (strcmp(country, "TW") == 0 || strcmp(country, "HK") == 0 || strcmp(country, "MO") == 0))
        return &traditional;
    if (strcmp(language, "en") == 0 && (strcmp(country, "US") == 0 || !*country))
        return &american;
    for (size_t i = 1; i < sizeof codepages / sizeof *codepages; i++)
        if (strcmp(language, codepages[i].language) == 0)
            return &codepages[i];
    return &codepages[0];
}

static const struct windows_country countries[] = {
    {"AR", 54, 11},   {"AT", 43, 14},   {"AU", 61, 12},   {"BE", 32, 21},   {"BG", 359, 35},  {"BR", 55, 32},
    {"BY", 375, 29},  {"CA", 1, 39},    {"CH", 41, 223},  {"CL", 56, 46},   {"CN", 86, 45},   {"CO", 57, 51},
    {"CZ", 420, 75},  {"DE", 49, 94},   {"DK", 45, 61},   {"EE", 372, 70},  {"EG", 20, 67},   {"ES", 34, 217},
    {"FI", 358, 77},  {"FR", 33, 84},   {"GB", 44, 242},  {"GR", 30, 98},   {"HK", 852, 104}, {"HR", 385, 108},
    {"HU", 36, 109},  {"ID", 62, 111},  {"IE", 353, 68},  {"IL", 972, 117}, {"IN", 91, 113},  {"IR", 98, 116},
    {"IS", 354, 110}, {"IT", 39, 118},  {"JP", 81, 122},  {"KR", 82, 134},  {"LT", 370, 141}, {"LU", 352, 147},
    {"LV", 371, 140}, {"MX", 52, 166},  {"MY", 60, 167},  {"NL", 31, 176},  {"NO", 47, 177},  {"NZ", 64, 183},
    {"PE", 51, 187},  {"PH", 63, 201},  {"PL", 48, 191},  {"PT", 351, 193}, {"RO", 40, 200},  {"RS", 381, 271},
    {"RU", 7, 203},   {"SA", 966, 205}, {"SE", 46, 221},  {"SG", 65, 215},  {"SI", 386, 212}, {"SK", 421, 143},
    {"TH", 66, 227},  {"TR", 90, 235},  {"TW", 886, 237}, {"UA", 380, 241}, {"US", 1, 244},   {"VN", 84, 251},
    {"ZA", 27, 209},
};

const struct windows_country *windows_country_find(const char *name)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (strcmp(name, countries[i].name) == 0)
            return &countries[i];
    return NULL;
}
