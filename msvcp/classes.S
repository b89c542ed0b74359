/*
 * classes.S: the library's classes as programs see them: types, bases, vftables, vbtables (see crt/eh_class.inc).
 * The last part of a template instance's name is its character type: streambuf_vftable_char.
 */
#include "crt/eh_class.inc"

    /* An empty base behind the vftable pointer of every facet, and of ios_base. */
    class crt_new_delete, ".?AU_Crt_new_delete@std@@", 0, 0
    base crt_new_delete_base8, crt_new_delete, 0, 8
    class iosb, ".?AV?$_Iosb@H@std@@", 0, 0
    base iosb_base8, iosb, 0, 8

/* --- facets ---------------------------------------------------------------------------------------------------------- */

    class facet_base, ".?AV_Facet_base@std@@", 0, 0 /* its entry as a base: facet_base_base */
    class facet, ".?AVfacet@locale@std@@", 1, 2, facet_base_base, crt_new_delete_base8
    vftable facet_base, 0, 0, facet_delete, _purecall, _purecall
    vftable facet, 0, 0, facet_delete, facet_incref, facet_decref

/* A class between facet and the facets, or directly above facet: named BASE. */
.macro facet_class name, suffix, decorated, count, bases:vararg
    class \name\suffix, "\decorated", 1, \count, \bases
.endm

/* The vftable of a facet: its own functions follow. */
.macro facet_vftable name, suffix, functions:vararg
    vftable_of \name, \suffix, 0, 0, \name\()_delete\suffix, facet_incref, facet_decref, \functions
.endm

    class locimp, ".?AV_Locimp@locale@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    vftable locimp, 0, 0, locimp_delete, facet_incref, facet_decref

    class ctype_base, ".?AUctype_base@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    class codecvt_base, ".?AVcodecvt_base@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    class time_base, ".?AUtime_base@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    vftable ctype_base, 0, 0, facet_delete, facet_incref, facet_decref
    vftable time_base, 0, 0, facet_delete, facet_incref, facet_decref
    vftable codecvt_base, 0, 0, facet_delete, facet_incref, facet_decref, codecvt_base_do_always_noconv, \
        codecvt_base_do_max_length, codecvt_base_do_encoding

    facet_class ctype, _char, ".?AV?$ctype@D@std@@", 4, ctype_base_base, facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable ctype, _char, ctype_do_tolower_range_char, ctype_do_tolower_char, ctype_do_toupper_range_char, \
        ctype_do_toupper_char, ctype_do_widen_range_char, ctype_do_widen_char, ctype_do_narrow_range_char, \
        ctype_do_narrow_char

.macro ctype_wide suffix, letter
    facet_class ctype, \suffix, ".?AV?$ctype@\letter\()@std@@", 4, ctype_base_base, facet_base, facet_base_base, \
        crt_new_delete_base8
    facet_vftable ctype, \suffix, ctype_do_is_range_wide, ctype_do_is_wide, ctype_do_scan_is_wide, \
        ctype_do_scan_not_wide, ctype_do_tolower_range_wide, ctype_do_tolower_wide, ctype_do_toupper_range_wide, \
        ctype_do_toupper_wide, ctype_do_widen_range_wide, ctype_do_widen_wide, ctype_do_narrow_range_wide, \
        ctype_do_narrow_wide
.endm
    ctype_wide _wchar, _W
    ctype_wide _ushort, G

.macro codecvt suffix, letter, functions:vararg
    facet_class codecvt, \suffix, ".?AV?$codecvt@\letter\()DU_Mbstatet@@@std@@", 4, codecvt_base_base, facet_base, \
        facet_base_base, crt_new_delete_base8
    facet_vftable codecvt, \suffix, \functions
.endm
    codecvt _char, D, codecvt_base_do_always_noconv, codecvt_base_do_max_length, codecvt_base_do_encoding, \
        codecvt_do_noconv, codecvt_do_noconv, codecvt_do_unshift_char, codecvt_do_length_char
.macro codecvt_wide suffix, letter
    codecvt \suffix, \letter, codecvt_do_always_noconv_wide, codecvt_do_max_length_wide, codecvt_do_encoding_wide, \
        codecvt_do_in_wide, codecvt_do_out_wide, codecvt_do_unshift_wide, codecvt_do_length_wide
.endm
    codecvt_wide _wchar, _W
    codecvt_wide _ushort, G
.macro codecvt_utf suffix, letter
    codecvt \suffix, \letter, codecvt_do_always_noconv_wide, codecvt_do_max_length_utf, codecvt_do_encoding_wide, \
        codecvt_do_in\suffix, codecvt_do_out\suffix, codecvt_do_unshift_utf, codecvt_do_length\suffix
.endm
    codecvt_utf _char16, _S
    codecvt_utf _char32, _U

/* Facets of numbers and times, for each character type. */
.macro facets c, m
    class numpunct\c, ".?AV?$numpunct@\m\()@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable numpunct, \c, numpunct_do_decimal_point\c, numpunct_do_thousands_sep\c, numpunct_do_grouping\c, \
        numpunct_do_falsename\c, numpunct_do_truename\c

    class collate\c, ".?AV?$collate@\m\()@std@@", 1, 3, facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable collate, \c, collate_do_compare\c, collate_do_transform\c, collate_do_hash\c

    class num_put\c, ".?AV?$num_put@\m\()V?$ostreambuf_iterator@\m\()U?$char_traits@\m\()@std@@@std@@@std@@", 1, 3, \
        facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable num_put, \c, num_put_do_put_ptr\c, num_put_do_put_ldouble\c, num_put_do_put_double\c, \
        num_put_do_put_u64\c, num_put_do_put_i64\c, num_put_do_put_ulong\c, num_put_do_put_long\c, num_put_do_put_bool\c

    class num_get\c, ".?AV?$num_get@\m\()V?$istreambuf_iterator@\m\()U?$char_traits@\m\()@std@@@std@@@std@@", 1, 3, \
        facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable num_get, \c, num_get_do_get_ptr\c, num_get_do_get_ldouble\c, num_get_do_get_double\c, \
        num_get_do_get_float\c, num_get_do_get_u64\c, num_get_do_get_i64\c, num_get_do_get_ulong\c, \
        num_get_do_get_long\c, num_get_do_get_uint\c, num_get_do_get_ushort\c, num_get_do_get_bool\c

    class time_put\c, ".?AV?$time_put@\m\()V?$ostreambuf_iterator@\m\()U?$char_traits@\m\()@std@@@std@@@std@@", 1, 3, \
        facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable time_put, \c, time_put_do_put\c

    facet_class time_get, \c, ".?AV?$time_get@\m\()V?$istreambuf_iterator@\m\()U?$char_traits@\m\()@std@@@std@@@std@@", 4, \
        time_base_base, facet_base, facet_base_base, crt_new_delete_base8
    facet_vftable time_get, \c, time_get_do_date_order\c, time_get_do_get_time\c, time_get_do_get_date\c, \
        time_get_do_get_weekday\c, time_get_do_get_monthname\c, time_get_do_get_year\c, time_get_do_get\c
.endm
    facets _char, D
    facets _wchar, _W
    facets _ushort, G

/* --- streams ----------------------------------------------------------------------------------------------------------- */

    class ios_base, ".?AVios_base@std@@", 0, 1, iosb_base8
    base ios_base_vbase, ios_base, 1, 0, 0, 4
    base iosb_vbase, iosb, 0, 8, 0, 4
    vftable ios_base, 0, 0, ios_base_delete

.macro streams c, m
    class streambuf\c, ".?AV?$basic_streambuf@\m\()U?$char_traits@\m\()@std@@@std@@", 0, 0
    vftable_of streambuf, \c, 0, 0, streambuf_delete\c, streambuf_lock\c, streambuf_unlock\c, streambuf_overflow\c, \
        streambuf_pbackfail\c, streambuf_showmanyc\c, streambuf_underflow\c, streambuf_uflow\c, streambuf_xsgetn\c, \
        streambuf_xsputn\c, streambuf_seekoff\c, streambuf_seekpos\c, streambuf_setbuf\c, streambuf_sync\c, \
        streambuf_imbue\c

    class ios\c, ".?AV?$basic_ios@\m\()U?$char_traits@\m\()@std@@@std@@", 0, 2, ios_base_base, iosb_base8
    base ios_vbase\c, ios\c, 2, 0, 0, 4, VIRTUAL
    vftable_of ios, \c, 0, 0, ios_delete\c

    class ostream\c, ".?AV?$basic_ostream@\m\()U?$char_traits@\m\()@std@@@std@@", 0, 3, ios_vbase\c, ios_base_vbase, \
        iosb_vbase
    base ostream_base16\c, ostream\c, 3, 16
    vftable_of ostream, \c, 16, 4, ostream_delete\c

    class istream\c, ".?AV?$basic_istream@\m\()U?$char_traits@\m\()@std@@@std@@", 0, 3, ios_vbase\c, ios_base_vbase, \
        iosb_vbase
    vftable_of istream, \c, 24, 4, istream_delete\c

    class iostream\c, ".?AV?$basic_iostream@\m\()U?$char_traits@\m\()@std@@@std@@", 3, 8, istream\c\()_base, ios_vbase\c, \
        ios_base_vbase, iosb_vbase, ostream_base16\c, ios_vbase\c, ios_base_vbase, iosb_vbase
    vftable_of iostream, \c, 32, 4, iostream_delete\c

    /* What the C runtime's streams are as stream buffers. */
    class filebuf\c, ".?AV?$basic_filebuf@\m\()U?$char_traits@\m\()@std@@@std@@", 0, 1, streambuf\c\()_base
    vftable_of filebuf, \c, 0, 0, streambuf_delete\c, filebuf_lock\c, filebuf_unlock\c, filebuf_overflow\c, \
        filebuf_pbackfail\c, streambuf_showmanyc\c, filebuf_underflow\c, filebuf_uflow\c, filebuf_xsgetn\c, \
        filebuf_xsputn\c, filebuf_seekoff\c, filebuf_seekpos\c, streambuf_setbuf\c, filebuf_sync\c, streambuf_imbue\c

    .section .rodata
    .balign 4
export ostream_vbtable\c
    .long 0, 16
export istream_vbtable\c
    .long 0, 24
export iostream_vbtable_istream\c
    .long 0, 32
export iostream_vbtable_ostream\c
    .long 0, 16
.endm
    streams _char, D
    streams _wchar, _W
    streams _ushort, G

/* --- exceptions, and the categories of their codes ---------------------------------------------------------------------- */

.macro exception_class name, decorated, count, bases:vararg
    class \name, "\decorated", 0, \count, \bases
    vftable \name, 0, 0, exception_delete, exception_what
    catchable \name, 24, \name\()_copy
.endm

    class bad_function_call, ".?AVbad_function_call@std@@", 0, 1, exception_base
    vftable bad_function_call, 0, 0, exception_delete, bad_function_call_what
    catchable bad_function_call, 24, bad_function_call_copy
    exception_class logic_error, ".?AVlogic_error@std@@", 1, exception_base
    exception_class length_error, ".?AVlength_error@std@@", 2, logic_error_base, exception_base
    exception_class out_of_range, ".?AVout_of_range@std@@", 2, logic_error_base, exception_base
    exception_class invalid_argument, ".?AVinvalid_argument@std@@", 2, logic_error_base, exception_base
    exception_class runtime_error, ".?AVruntime_error@std@@", 1, exception_base
    exception_class overflow_error, ".?AVoverflow_error@std@@", 2, runtime_error_base, exception_base

    class bad_alloc, ".?AVbad_alloc@std@@", 0, 1, exception_base
    vftable bad_alloc, 0, 0, exception_delete, exception_what
    catchable bad_alloc, 24, bad_alloc_copy, 0x10

    throwable bad_alloc, exception_dtor, 2, bad_alloc_catchable, exception_catchable
    throwable bad_function_call, exception_dtor, 2, bad_function_call_catchable, exception_catchable
    throwable logic_error, exception_dtor, 2, logic_error_catchable, exception_catchable
    throwable length_error, exception_dtor, 3, length_error_catchable, logic_error_catchable, exception_catchable
    throwable out_of_range, exception_dtor, 3, out_of_range_catchable, logic_error_catchable, exception_catchable
    throwable invalid_argument, exception_dtor, 3, invalid_argument_catchable, logic_error_catchable, exception_catchable
    throwable runtime_error, exception_dtor, 2, runtime_error_catchable, exception_catchable
    throwable overflow_error, exception_dtor, 3, overflow_error_catchable, runtime_error_catchable, exception_catchable

    class regex_error, ".?AVregex_error@std@@", 0, 2, runtime_error_base, exception_base
    vftable regex_error, 0, 0, exception_delete, exception_what
    catchable regex_error, 32, regex_error_copy
    throwable regex_error, exception_dtor, 3, regex_error_catchable, runtime_error_catchable, exception_catchable

    class system_error_base, ".?AV_System_error@std@@", 0, 2, runtime_error_base, exception_base
    class system_error, ".?AVsystem_error@std@@", 0, 3, system_error_base_base, runtime_error_base, exception_base
    class failure, ".?AVfailure@ios_base@std@@", 0, 4, system_error_base, system_error_base_base, runtime_error_base, \
        exception_base
    class future_error, ".?AVfuture_error@std@@", 0, 2, logic_error_base, exception_base
    vftable system_error_base, 0, 0, exception_delete, exception_what
    vftable system_error, 0, 0, exception_delete, exception_what
    vftable failure, 0, 0, exception_delete, exception_what
    vftable future_error, 0, 0, exception_delete, exception_what
    catchable system_error_base, 40, system_error_base_copy
    catchable system_error, 40, system_error_copy
    catchable failure, 40, failure_copy
    catchable future_error, 40, future_error_copy
    throwable system_error, exception_dtor, 4, system_error_catchable, system_error_base_catchable, runtime_error_catchable, exception_catchable
    throwable failure, exception_dtor, 5, failure_catchable, system_error_catchable, system_error_base_catchable, runtime_error_catchable, exception_catchable
    throwable future_error, exception_dtor, 3, future_error_catchable, logic_error_catchable, exception_catchable

    class error_category, ".?AVerror_category@std@@", 0, 0
.macro category name, decorated, default
    class \name, "\decorated", 0, 1, error_category_base
    vftable \name, 0, 0, error_category_delete, \name\()_name, \name\()_message, \default, \
        error_category_equivalent_code, error_category_equivalent_condition
.endm
    category generic_category, ".?AV_Generic_error_category@std@@", error_category_default
    category iostream_category, ".?AV_Iostream_error_category2@std@@", error_category_default
    category system_category, ".?AV_System_error_category@std@@", system_category_default

/* --- memory resources (msvcp140_1.dll) ----------------------------------------------------------------------------------- */

    class memory_resource, ".?AVmemory_resource@pmr@std@@", 0, 0
.macro resource name, decorated
    class \name, "\decorated", 0, 1, memory_resource_base
    vftable \name, 0, 0, memory_resource_delete, \name\()_allocate, \name\()_deallocate, memory_resource_equal
.endm
    resource aligned_resource, ".?AV_Aligned_new_delete_resource_impl@pmr@std@@"
    resource unaligned_resource, ".?AV_Unaligned_new_delete_resource_impl@pmr@std@@"
    resource null_resource, ".?AV_Null_resource@pmr@std@@"

    .section .note.GNU-stack, "", @progbits
