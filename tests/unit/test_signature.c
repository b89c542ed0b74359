/*
 * test_signature.c: does the parser of signatures take what dlls.def describes, and refuse the rest with a reason?  Are
 * formats of printf's kind rewritten where sizes differ, and nowhere else?
 */
#include <stdlib.h>
#include <string.h>
#include "hostdll/varargs.h"
#include "loader/signature.h"
#include "unit.h"

static struct signature signature;
static char error[SIGNATURE_ERROR_MAX];

static const struct type *argument(unsigned index)
{
    return type_argument(&signature, &signature.function, index);
}

static void plain_types(void)
{
    static const struct {
        const char *name;
        unsigned kind, size;
    } types[] = {
        {"bool", TYPE_BOOL, 4},   {"i8", TYPE_I8, 1},       {"u8", TYPE_U8, 1},      {"i16", TYPE_I16, 2},
        {"u16", TYPE_U16, 2},     {"i32", TYPE_I32, 4},     {"u32", TYPE_U32, 4},    {"hex", TYPE_HEX, 4},
        {"i64", TYPE_I64, 8},     {"u64", TYPE_U64, 8},     {"size", TYPE_SIZE, 8},  {"long", TYPE_LONG, 4},
        {"ulong", TYPE_ULONG, 4}, {"ptr", TYPE_POINTER, 8}, {"fn", TYPE_POINTER, 8}, {"handle", TYPE_POINTER, 8},
        {"str", TYPE_STR, 8},     {"wstr", TYPE_WSTR, 8},   {"ustr", TYPE_USTR, 8},  {"path", TYPE_PATH, 8},
        {"wpath", TYPE_WPATH, 8}, {"f32", TYPE_F32, 4},     {"f64", TYPE_F64, 8},    {"status", TYPE_STATUS, 4},
        {"hr", TYPE_STATUS, 4},
    };
    char text[64];
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(text, types[i].name), "("), types[i].name), ",ptr"), ")");
        EXPECT(signature_parse(text, &signature, error));
        EXPECT_EQ(type_result(&signature, &signature.function)->kind, types[i].kind);
        EXPECT_EQ(type_arguments(&signature.function), 2);
        EXPECT_EQ(argument(0)->kind, types[i].kind);
        EXPECT_EQ(type_size(argument(0)), types[i].size);
        EXPECT_EQ(argument(1)->kind, TYPE_POINTER);
    }
}

static void nested_types(void)
{
    EXPECT(signature_parse("void()", &signature, error));
    EXPECT_EQ(type_arguments(&signature.function), 0);
    EXPECT(signature_parse("i32(ptr,str,...)", &signature, error));
    EXPECT_EQ(type_arguments(&signature.function), 2);
    EXPECT(signature.function.variadic);
    EXPECT(signature_parse("i32(ptr,*i32(ptr,i32,ptr,ptr),*void(),ptr)", &signature, error));
    EXPECT_EQ(type_arguments(&signature.function), 4);
    EXPECT_EQ(argument(1)->kind, TYPE_FUNCTION);
    EXPECT_EQ(type_arguments(argument(1)), 4);
    EXPECT_EQ(type_argument(&signature, argument(1), 1)->kind, TYPE_I32);
    EXPECT_EQ(type_result(&signature, argument(2))->kind, TYPE_VOID);
    EXPECT(signature_parse("{u64,{i32,f32}}({i8},*{long,*long(ptr),ptr},*ulong)", &signature, error));
    const struct type *result = type_result(&signature, &signature.function);
    EXPECT_EQ(result->kind, TYPE_STRUCT);
    EXPECT_EQ(result->count, 2);
    EXPECT_EQ(type_part(&signature, result, 1)->kind, TYPE_STRUCT);
    EXPECT_EQ(type_part(&signature, type_part(&signature, result, 1), 1)->kind, TYPE_F32);
    EXPECT_EQ(argument(1)->kind, TYPE_REFERENCE);
    EXPECT_EQ(type_part(&signature, type_part(&signature, argument(1), 0), 1)->kind, TYPE_FUNCTION);
    EXPECT_EQ(type_part(&signature, argument(2), 0)->kind, TYPE_ULONG);
    EXPECT(signature_parse("*long(long)(i32)", &signature, error));
    EXPECT_EQ(type_result(&signature, &signature.function)->kind, TYPE_FUNCTION);
    EXPECT_EQ(type_arguments(&signature.function), 1);
    EXPECT(signature_parse("bool(*FILETIME,*SYSTEMTIME)", &signature, error));
    EXPECT_EQ(type_part(&signature, argument(0), 0)->kind, TYPE_NAMED);
    EXPECT_EQ(type_part(&signature, argument(1), 0)->first, STRUCTURE_SYSTEMTIME);
    EXPECT(signature_parse("?(ptr,?)", &signature, error));
    EXPECT_EQ(signature.function.kind, TYPE_UNKNOWN);
}

static void refusals(void)
{
    static const char *const bad[][2] = {
        {"", "a type is missing"},
        {"i32", "a signature is RESULT"},
        {"i32(", "a type is missing"},
        {"i32(i32", "')' is missing"},
        {"i32(i32))", "')' is left over"},
        {"i32(i32) ", "is left over"},
        {"int(i32)", "unknown type 'int'"},
        {"i32(i32,)", "a type is missing"},
        {"i32(,i32)", "a type is missing"},
        {"i32(void)", "can not be void"},
        {"i32(...,i32)", "'...' must be last"},
        {"i32({})", "without members"},
        {"i32({i32)", "'}' is missing"},
        {"i32({void})", "void, a path or unknown"},
        {"i32({path})", "void, a path or unknown"},
        {"i32(*void)", "is 'ptr'"},
        {"i32(*path)", "is 'ptr'"},
        {"i32(*)", "a type is missing"},
        {"i32(FILETIME)", "unknown type 'FILETIME'"},
        {"i32(*i32(i32)", "')' is missing"},
        {"i32(i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32,i32)", "more than 20"},
        {"i32({{{{{{{{{i32}}}}}}}}})", "nested too deeply"},
        {"i32({i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8,i8})",
         "more than 32 members"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        EXPECT(!signature_parse(bad[i][0], &signature, error));
        if (!unit_expect(strstr(error, bad[i][1]) != NULL, bad[i][0], __FILE__, __LINE__))
            EXPECT_STR(error, bad[i][1]);
    }
}

static void ends_of_arguments(void)
{
    const char *text = "*i32(ptr,{i32,i32}),ptr)";
    EXPECT_STR(signature_argument_end(text), ",ptr)");
    EXPECT_STR(signature_argument_end("ptr)"), ")");
    EXPECT_STR(signature_argument_end("{f32,f32}"), "");
}

static void formats(void)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"%d %s %g %%", "%d %s %g %%"},
        {"%lld", "%lld"},
        {"%ld", "%d"},
        {"%-5lu|%05lx", "%-5u|%05x"},
        {"%I64d %I64u", "%lld %llu"},
        {"%I32d", "%d"},
        {"%Id", "%lld"},
        {"%.3Lf", "%.3f"},
        {"%%ld", "%%ld"},
        {"%l", "%"},
        {"%", "%"},
        {"%*ld", "%*d"},
        {"%ld%lld%I64x", "%d%lld%llx"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *made;
        EXPECT_STR(host_format(cases[i][0], &made), cases[i][1]);
        free(made);
    }
    char *made;
    EXPECT(host_format(NULL, &made) == NULL);
    EXPECT(made == NULL);
}

UNIT_SUITE(signature, {"plain types", plain_types}, {"nested types", nested_types}, {"refusals", refusals},
           {"ends of arguments", ends_of_arguments}, {"formats", formats});
