/* Do SAFEARRAYs keep bounds, elements, locks and types as documented?  Do UUIDs turn into text and back? */
#include "check.h"
#include <oleauto.h>
#include <rpc.h>

/* link: -loleaut32 -lrpcrt4 -lole32 -luuid */

static const struct {
    VARTYPE type;
    UINT size;
    USHORT features;
} types[] = {
    {VT_I1, 1, FADF_HAVEVARTYPE},
    {VT_UI1, 1, FADF_HAVEVARTYPE},
    {VT_I2, 2, FADF_HAVEVARTYPE},
    {VT_BOOL, 2, FADF_HAVEVARTYPE},
    {VT_I4, 4, FADF_HAVEVARTYPE},
    {VT_R4, 4, FADF_HAVEVARTYPE},
    {VT_ERROR, 4, FADF_HAVEVARTYPE},
    {VT_R8, 8, FADF_HAVEVARTYPE},
    {VT_CY, 8, FADF_HAVEVARTYPE},
    {VT_DATE, 8, FADF_HAVEVARTYPE},
    {VT_I8, 8, FADF_HAVEVARTYPE},
    {VT_BSTR, 8, FADF_HAVEVARTYPE | FADF_BSTR},
    {VT_VARIANT, 24, FADF_HAVEVARTYPE | FADF_VARIANT},
};

static void check_types(void)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        SAFEARRAY *array = SafeArrayCreateVector(types[i].type, 3, 5);
        VARTYPE type = 0;
        LONG bound = 0;

        CHECK(array != NULL);
        CHECK_EQ(SafeArrayGetElemsize(array), types[i].size);
        CHECK_EQ(SafeArrayGetDim(array), 1);
        CHECK_EQ(SafeArrayGetVartype(array, &type), S_OK);
        CHECK_EQ(type, types[i].type);
        CHECK_EQ(array->fFeatures & (FADF_HAVEVARTYPE | FADF_BSTR | FADF_VARIANT), types[i].features);
        CHECK_EQ(SafeArrayGetLBound(array, 1, &bound), S_OK);
        CHECK_EQ(bound, 3);
        CHECK_EQ(SafeArrayGetUBound(array, 1, &bound), S_OK);
        CHECK_EQ(bound, 7);
        CHECK_EQ(SafeArrayGetLBound(array, 2, &bound), DISP_E_BADINDEX);
        CHECK_EQ(SafeArrayGetLBound(array, 0, &bound), DISP_E_BADINDEX);
        CHECK_EQ(SafeArrayDestroy(array), S_OK);
    }
    CHECK(SafeArrayCreateVector(VT_EMPTY, 0, 1) == NULL);
    CHECK(SafeArrayCreate(VT_I4, 0, NULL) == NULL);
}

static void check_elements(void)
{
    SAFEARRAYBOUND bounds[2] = {{3, 0}, {4, 10}};
    SAFEARRAY *array = SafeArrayCreate(VT_I4, 2, bounds), *copy;
    LONG at[2], value;
    void *data;

    for (at[0] = 0; at[0] < 3; at[0]++)
        for (at[1] = 10; at[1] < 14; at[1]++) {
            value = at[0] * 100 + at[1];
            CHECK_EQ(SafeArrayPutElement(array, at, &value), S_OK);
        }
    for (at[0] = 0; at[0] < 3; at[0]++)
        for (at[1] = 10; at[1] < 14; at[1]++) {
            CHECK_EQ(SafeArrayGetElement(array, at, &value), S_OK);
            CHECK_EQ(value, at[0] * 100 + at[1]);
        }
    at[0] = 3, at[1] = 10;
    CHECK_EQ(SafeArrayGetElement(array, at, &value), DISP_E_BADINDEX);
    at[0] = 0, at[1] = 9;
    CHECK_EQ(SafeArrayPutElement(array, at, &value), DISP_E_BADINDEX);
    CHECK_EQ(SafeArrayAccessData(array, &data), S_OK);
    CHECK_EQ(((LONG *)data)[1], 110); /* the first index varies fastest */
    CHECK_EQ(SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
    CHECK_EQ(SafeArrayUnaccessData(array), S_OK);
    CHECK_EQ(SafeArrayUnlock(array), E_UNEXPECTED);
    CHECK_EQ(SafeArrayCopy(array, &copy), S_OK);
    at[0] = 2, at[1] = 13;
    CHECK_EQ(SafeArrayGetElement(copy, at, &value), S_OK);
    CHECK_EQ(value, 213);
    CHECK_EQ(SafeArrayDestroy(array), S_OK);
    CHECK_EQ(SafeArrayDestroy(copy), S_OK);
    CHECK_EQ(SafeArrayDestroy(NULL), S_OK);
}

static void check_strings(void)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, 2), *copy;
    BSTR text = SysAllocString(L"text"), back = NULL;
    VARIANT variant, other;
    LONG at = 1;

    CHECK_EQ(SafeArrayPutElement(array, &at, text), S_OK);
    SysFreeString(text); /* the array has its own */
    CHECK_EQ(SafeArrayGetElement(array, &at, &back), S_OK);
    CHECK(back && !wcscmp(back, L"text"));
    SysFreeString(back);
    CHECK_EQ(SafeArrayCopy(array, &copy), S_OK);
    CHECK_EQ(SafeArrayDestroy(array), S_OK);
    VariantInit(&variant);
    VariantInit(&other);
    variant.vt = VT_ARRAY | VT_BSTR;
    variant.parray = copy;
    CHECK_EQ(VariantCopy(&other, &variant), S_OK);
    CHECK(other.parray != copy && other.vt == (VT_ARRAY | VT_BSTR));
    CHECK_EQ(SafeArrayGetElement(other.parray, &at, &back), S_OK);
    CHECK(back && !wcscmp(back, L"text"));
    SysFreeString(back);
    CHECK_EQ(VariantClear(&variant), S_OK);
    CHECK_EQ(variant.vt, VT_EMPTY);
    CHECK_EQ(VariantClear(&other), S_OK);
}

static void check_uuids(void)
{
    static const char *const bad[] = {"6ba7b810-9dad-11d1-80b4-00c04fd430c", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
                                      "6ba7b810-9dad-11d1-80b4x00c04fd430c8", "zba7b810-9dad-11d1-80b4-00c04fd430c8",
                                      ""};
    UUID a, b;
    RPC_STATUS status;
    unsigned char *text;

    CHECK_EQ(UuidFromStringA((unsigned char *)"6BA7B810-9dad-11d1-80b4-00c04fd430c8", &a), RPC_S_OK);
    CHECK_EQ(a.Data1, 0x6ba7b810);
    CHECK_EQ(a.Data3, 0x11d1);
    CHECK_EQ(a.Data4[7], 0xc8);
    CHECK_EQ(UuidToStringA(&a, &text), RPC_S_OK);
    CHECK_STR((char *)text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    CHECK_EQ(RpcStringFreeA(&text), RPC_S_OK);
    CHECK(text == NULL || check_under_wine());
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_EQ(UuidFromStringA((unsigned char *)bad[i], &b), RPC_S_INVALID_STRING_UUID);
    CHECK_EQ(UuidCreateNil(&b), RPC_S_OK);
    CHECK(UuidIsNil(&b, &status) && !UuidIsNil(&a, &status) && !UuidEqual(&a, &b, &status));
    CHECK_EQ(UuidCompare(&a, &b, &status), 1);
    CHECK_EQ(UuidCompare(&b, &a, &status), -1);
    CHECK_EQ(UuidCompare(&a, &a, &status), 0);
    CHECK_EQ(UuidCreate(&a), RPC_S_OK);
    CHECK_EQ(a.Data3 >> 12, 4);
    CHECK_EQ(a.Data4[0] >> 6, 2);
    CHECK_EQ(UuidCreate(&b), RPC_S_OK);
    CHECK(!UuidEqual(&a, &b, &status));
    CHECK(UuidCreateSequential(&a) == RPC_S_OK || GetLastError());
    UuidCreateSequential(&b);
    CHECK_EQ(a.Data3 >> 12, 1);
    CHECK(!UuidEqual(&a, &b, &status));
    CHECK(!memcmp(a.Data4 + 2, b.Data4 + 2, 6)); /* the same node */
}

int main(void)
{
    check_types();
    check_elements();
    check_strings();
    check_uuids();
    return check_done();
}
