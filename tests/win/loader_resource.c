/* Are resources found, by number, name and language, in loaded modules and in data files? */
#include "loader_log.h"

static const char *text_of(HMODULE module, HRSRC resource)
{
    return resource ? LockResource(LoadResource(module, resource)) : NULL;
}

static void test_find(HMODULE module)
{
    HRSRC first = FindResourceExA(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), MAKELANGID(LANG_ENGLISH, 1));
    CHECK_STR(text_of(module, first), "first");
    CHECK_EQ(SizeofResource(module, first), 7); /* the zero has two bytes */
    HRSRC german = FindResourceExA(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), MAKELANGID(LANG_GERMAN, 1));
    CHECK_STR(text_of(module, german), "erstes");
    CHECK_STR(text_of(module, FindResourceA(module, "named", (char *)RT_RCDATA)), "by name");
    CHECK_STR(text_of(module, FindResourceA(module, "NaMeD", (char *)RT_RCDATA)), "by name");
    CHECK_STR(text_of(module, FindResourceA(module, "#7", "custom")), "custom");
    CHECK_STR(text_of(module, FindResourceW(module, MAKEINTRESOURCEW(7), L"CUSTOM")), "custom");
    CHECK_STR(text_of(module, FindResourceA(module, "named", "#10")), "by name");
    CHECK(FindResourceA(module, MAKEINTRESOURCEA(1), (char *)RT_VERSION) != NULL);
    CHECK_ERROR(FindResourceA(module, MAKEINTRESOURCEA(2), (char *)RT_RCDATA), ERROR_RESOURCE_NAME_NOT_FOUND);
    CHECK_ERROR(FindResourceA(module, "unnamed", (char *)RT_RCDATA), ERROR_RESOURCE_NAME_NOT_FOUND);
    CHECK_ERROR(FindResourceA(module, MAKEINTRESOURCEA(1), "no_such_type"), ERROR_RESOURCE_TYPE_NOT_FOUND);
}

static int types, names, languages;

static BOOL WINAPI on_type(HMODULE module, char *type, LONG_PTR parameter)
{
    (void)module, (void)type;
    types += (int)parameter;
    return TRUE;
}

static BOOL WINAPI on_name(HMODULE module, const char *type, char *name, LONG_PTR parameter)
{
    (void)module, (void)type;
    CHECK(IS_INTRESOURCE(name) ? name == MAKEINTRESOURCEA(1) : !strcmp(name, "NAMED"));
    names += (int)parameter;
    return TRUE;
}

static BOOL WINAPI on_language(HMODULE module, const char *type, const char *name, WORD language, LONG_PTR parameter)
{
    (void)module, (void)type, (void)name;
    CHECK(PRIMARYLANGID(language) == LANG_ENGLISH || PRIMARYLANGID(language) == LANG_GERMAN);
    languages += (int)parameter;
    return TRUE;
}

static void test_listing(HMODULE module)
{
    types = names = languages = 0;
    CHECK(EnumResourceTypesA(module, on_type, 2));
    CHECK_EQ(types, 6);
    CHECK(EnumResourceNamesA(module, (char *)RT_RCDATA, on_name, 3));
    CHECK_EQ(names, 6);
    CHECK(EnumResourceLanguagesA(module, (char *)RT_RCDATA, MAKEINTRESOURCEA(1), on_language, 5));
    CHECK_EQ(languages, 10);
    CHECK_ERROR(EnumResourceNamesA(module, "no_such_type", on_name, 3), ERROR_RESOURCE_TYPE_NOT_FOUND);
}

int main(void)
{
    static const DWORD flags[] = {0, LOAD_LIBRARY_AS_DATAFILE, LOAD_LIBRARY_AS_IMAGE_RESOURCE,
                                  LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE};
    for (int i = 0; i < 4; i++) {
        HMODULE module = LoadLibraryExA("loader_resource.dll", NULL, flags[i]);
        CHECK(module != NULL);
        test_find(module);
        test_listing(module);
        CHECK(FreeLibrary(module));
    }
    CHECK_LOG("resource+ resource-");
    CHECK_ERROR(FindResourceA(NULL, MAKEINTRESOURCEA(1), (char *)RT_RCDATA), ERROR_RESOURCE_DATA_NOT_FOUND);
    return check_done();
}
