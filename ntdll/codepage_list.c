/*
 * codepage_list.c: the list of code pages.
 *
 * Layer: ntdll.  A table: asking about a code page does not open ICU.
 */
#include "codepage_list.h"

static const struct codepage codepages[] = {
    {37, "ibm-37", "IBM EBCDIC - U.S./Canada", 1, CODEPAGE_TABLE},
    {437, "ibm-437", "OEM - United States", 1, CODEPAGE_TABLE},
    {500, "ibm-500", "IBM EBCDIC - International", 1, CODEPAGE_TABLE},
    {720, "ibm-720", "Arabic - Transparent ASMO", 1, CODEPAGE_TABLE},
    {737, "ibm-737", "OEM - Greek 437G", 1, CODEPAGE_TABLE},
    {775, "ibm-775", "OEM - Baltic", 1, CODEPAGE_TABLE},
    {850, "ibm-850", "OEM - Multilingual Latin I", 1, CODEPAGE_TABLE},
    {852, "ibm-852", "OEM - Latin II", 1, CODEPAGE_TABLE},
    {855, "ibm-855", "OEM - Cyrillic", 1, CODEPAGE_TABLE},
    {857, "ibm-857", "OEM - Turkish", 1, CODEPAGE_TABLE},
    {858, "ibm-858", "OEM - Multilingual Latin I + Euro", 1, CODEPAGE_TABLE},
    {860, "ibm-860", "OEM - Portuguese", 1, CODEPAGE_TABLE},
    {861, "ibm-861", "OEM - Icelandic", 1, CODEPAGE_TABLE},
    {862, "ibm-862", "OEM - Hebrew", 1, CODEPAGE_TABLE},
    {863, "ibm-863", "OEM - Canadian French", 1, CODEPAGE_TABLE},
    {864, "ibm-864", "OEM - Arabic", 1, CODEPAGE_TABLE},
    {865, "ibm-865", "OEM - Nordic", 1, CODEPAGE_TABLE},
    {866, "ibm-866", "OEM - Russian", 1, CODEPAGE_TABLE},
    {869, "ibm-869", "OEM - Modern Greek", 1, CODEPAGE_TABLE},
    {870, "ibm-870", "IBM EBCDIC - Multilingual/ROECE (Latin-2)", 1, CODEPAGE_TABLE},
    {874, "windows-874", "ANSI/OEM - Thai", 1, CODEPAGE_TABLE},
    {875, "ibm-875", "IBM EBCDIC - Modern Greek", 1, CODEPAGE_TABLE},
    {932, "windows-932", "ANSI/OEM - Japanese Shift-JIS", 2, CODEPAGE_TABLE, {0x81, 0x9f, 0xe0, 0xfc}, 0x30fb},
    {936, "windows-936", "ANSI/OEM - Simplified Chinese GBK", 2, CODEPAGE_TABLE, {0x81, 0xfe}},
    {949, "windows-949", "ANSI/OEM - Korean", 2, CODEPAGE_TABLE, {0x81, 0xfe}},
    {950, "windows-950", "ANSI/OEM - Traditional Chinese Big5", 2, CODEPAGE_TABLE, {0x81, 0xfe}},
    {1026, "ibm-1026", "IBM EBCDIC - Turkish (Latin-5)", 1, CODEPAGE_TABLE},
    {1047, "ibm-1047", "IBM EBCDIC - Latin-1/Open System", 1, CODEPAGE_TABLE},
    {1140, "ibm-1140", "IBM EBCDIC - U.S./Canada (37 + Euro)", 1, CODEPAGE_TABLE},
    {1141, "ibm-1141", "IBM EBCDIC - Germany (20273 + Euro)", 1, CODEPAGE_TABLE},
    {1142, "ibm-1142", "IBM EBCDIC - Denmark/Norway (20277 + Euro)", 1, CODEPAGE_TABLE},
    {1143, "ibm-1143", "IBM EBCDIC - Finland/Sweden (20278 + Euro)", 1, CODEPAGE_TABLE},
    {1144, "ibm-1144", "IBM EBCDIC - Italy (20280 + Euro)", 1, CODEPAGE_TABLE},
    {1145, "ibm-1145", "IBM EBCDIC - Latin America/Spain (20284 + Euro)", 1, CODEPAGE_TABLE},
    {1146, "ibm-1146", "IBM EBCDIC - United Kingdom (20285 + Euro)", 1, CODEPAGE_TABLE},
    {1147, "ibm-1147", "IBM EBCDIC - France (20297 + Euro)", 1, CODEPAGE_TABLE},
    {1148, "ibm-1148", "IBM EBCDIC - International (500 + Euro)", 1, CODEPAGE_TABLE},
    {1149, "ibm-1149", "IBM EBCDIC - Icelandic (20871 + Euro)", 1, CODEPAGE_TABLE},
    {1250, "windows-1250", "ANSI - Central Europe", 1, CODEPAGE_TABLE},
    {1251, "windows-1251", "ANSI - Cyrillic", 1, CODEPAGE_TABLE},
    {1252, "windows-1252", "ANSI - Latin I", 1, CODEPAGE_TABLE},
    {1253, "windows-1253", "ANSI - Greek", 1, CODEPAGE_TABLE},
    {1254, "windows-1254", "ANSI - Turkish", 1, CODEPAGE_TABLE},
    {1255, "windows-1255", "ANSI - Hebrew", 1, CODEPAGE_TABLE},
    {1256, "windows-1256", "ANSI - Arabic", 1, CODEPAGE_TABLE},
    {1257, "windows-1257", "ANSI - Baltic", 1, CODEPAGE_TABLE},
    {1258, "windows-1258", "ANSI/OEM - Viet Nam", 1, CODEPAGE_TABLE},
    {10000, "macintosh", "MAC - Roman", 1, CODEPAGE_TABLE},
    {10006, "x-mac-greek", "MAC - Greek I", 1, CODEPAGE_TABLE},
    {10007, "x-mac-cyrillic", "MAC - Cyrillic", 1, CODEPAGE_TABLE},
    {10029, "x-mac-centraleurroman", "MAC - Latin II", 1, CODEPAGE_TABLE},
    {10081, "x-mac-turkish", "MAC - Turkish", 1, CODEPAGE_TABLE},
    {20127, "", "US-ASCII", 1, CODEPAGE_OWN},
    {20273, "ibm-273", "IBM EBCDIC - Germany", 1, CODEPAGE_TABLE},
    {20277, "ibm-277", "IBM EBCDIC - Denmark/Norway", 1, CODEPAGE_TABLE},
    {20278, "ibm-278", "IBM EBCDIC - Finland/Sweden", 1, CODEPAGE_TABLE},
    {20280, "ibm-280", "IBM EBCDIC - Italy", 1, CODEPAGE_TABLE},
    {20284, "ibm-284", "IBM EBCDIC - Latin America/Spain", 1, CODEPAGE_TABLE},
    {20285, "ibm-285", "IBM EBCDIC - United Kingdom", 1, CODEPAGE_TABLE},
    {20290, "ibm-290", "IBM EBCDIC - Japanese Katakana Extended", 1, CODEPAGE_TABLE},
    {20297, "ibm-297", "IBM EBCDIC - France", 1, CODEPAGE_TABLE},
    {20420, "ibm-420", "IBM EBCDIC - Arabic", 1, CODEPAGE_TABLE},
    {20424, "ibm-424", "IBM EBCDIC - Hebrew", 1, CODEPAGE_TABLE},
    {20838, "ibm-838", "IBM EBCDIC - Thai", 1, CODEPAGE_TABLE},
    {20866, "KOI8-R", "Russian - KOI8", 1, CODEPAGE_TABLE},
    {20871, "ibm-871", "IBM EBCDIC - Icelandic", 1, CODEPAGE_TABLE},
    {20924, "ibm-924", "IBM EBCDIC - Latin-1/Open System (1047 + Euro)", 1, CODEPAGE_TABLE},
    {20932, "EUC-JP", "JIS X 0208-1990 & 0212-1990", 3, CODEPAGE_STREAM},
    {20936, "ibm-1383", "Simplified Chinese GB2312", 2, CODEPAGE_TABLE, {0xa1, 0xfe}},
    {21025, "ibm-1025", "IBM EBCDIC - Cyrillic (Serbian, Bulgarian)", 1, CODEPAGE_TABLE},
    {21866, "KOI8-U", "Ukrainian - KOI8-U", 1, CODEPAGE_TABLE},
    {28591, "", "ISO 8859-1 Latin I", 1, CODEPAGE_OWN},
    {28592, "ISO-8859-2", "ISO 8859-2 Central Europe", 1, CODEPAGE_TABLE},
    {28593, "ISO-8859-3", "ISO 8859-3 Latin 3", 1, CODEPAGE_TABLE},
    {28594, "ISO-8859-4", "ISO 8859-4 Baltic", 1, CODEPAGE_TABLE},
    {28595, "ISO-8859-5", "ISO 8859-5 Cyrillic", 1, CODEPAGE_TABLE},
    {28596, "ISO-8859-6", "ISO 8859-6 Arabic", 1, CODEPAGE_TABLE},
    {28597, "ISO-8859-7", "ISO 8859-7 Greek", 1, CODEPAGE_TABLE},
    {28598, "ISO-8859-8", "ISO 8859-8 Hebrew: Visual Ordering", 1, CODEPAGE_TABLE},
    {28599, "ISO-8859-9", "ISO 8859-9 Latin 5", 1, CODEPAGE_TABLE},
    {28603, "ISO-8859-13", "ISO 8859-13 Latin 7", 1, CODEPAGE_TABLE},
    {28605, "ISO-8859-15", "ISO 8859-15 Latin 9", 1, CODEPAGE_TABLE},
    {38598, "ISO-8859-8", "ISO 8859-8 Hebrew: Logical Ordering", 1, CODEPAGE_TABLE},
    {50220, "ISO-2022-JP", "ISO-2022 Japanese with no halfwidth Katakana", 5, CODEPAGE_STREAM},
    {50221, "csISO2022JP", "ISO-2022 Japanese with halfwidth Katakana", 5, CODEPAGE_STREAM},
    {50222, "ISO-2022-JP", "ISO-2022 Japanese JIS X 0201-1989", 5, CODEPAGE_STREAM},
    {50225, "ISO-2022-KR", "ISO-2022 Korean", 5, CODEPAGE_STREAM},
    {50227, "ISO-2022-CN", "ISO-2022 Simplified Chinese", 5, CODEPAGE_STREAM},
    {51932, "EUC-JP", "EUC-Japanese", 3, CODEPAGE_STREAM},
    {51936, "ibm-1383", "EUC-Simplified Chinese", 2, CODEPAGE_TABLE, {0xa1, 0xfe}},
    {51949, "EUC-KR", "EUC-Korean", 2, CODEPAGE_TABLE, {0xa1, 0xfe}},
    {52936, "HZ-GB-2312", "HZ-GB2312 Simplified Chinese", 5, CODEPAGE_STREAM},
    {54936, "gb18030", "GB18030 Simplified Chinese", 4, CODEPAGE_FULL},
    {65000, "UTF-7", "UTF-7", 5, CODEPAGE_STREAM},
    {65001, "", "UTF-8", 4, CODEPAGE_OWN},
};

#define TOTAL (sizeof codepages / sizeof *codepages)

const struct codepage *codepage_at(unsigned index)
{
    return index < TOTAL ? &codepages[index] : NULL;
}

const struct codepage *codepage_find(UINT number)
{
    size_t low = 0, high = TOTAL;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (codepages[middle].number == number)
            return &codepages[middle];
        if (codepages[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
