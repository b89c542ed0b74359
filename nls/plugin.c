/*
 * plugin.c: the table through which ntdll and kernel32 use ICU.
 *
 * Layer: a plug-in under ntdll.
 */
#include "nls.h"

__attribute__((visibility("default"))) const struct nls_plugin nls_plugin_table = {
    .codepage_tables = codepage_fill,
    .decode = stream_decode,
    .encode = stream_encode,
    .compare = collate_compare,
    .sort_key = collate_key,
    .find = collate_find,
    .change_case = text_case,
    .normalize = text_normalize,
    .is_normalized = text_is_normalized,
    .idn = text_idn,
    .locale_text = locale_text,
    .locale_known = locale_known,
    .locale_id = locale_id,
    .locale_name = locale_name,
    .locale_at = locale_at,
};
