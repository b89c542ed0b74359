/* Are atoms counted, found without regard to case, named, and refused as documented? */
#include "check.h"

typedef ATOM(WINAPI *add_function)(LPCWSTR);
typedef ATOM(WINAPI *delete_function)(ATOM);
typedef UINT(WINAPI *name_function)(ATOM, LPWSTR, int);

static void check_table(add_function add, add_function find, delete_function delete, name_function name)
{
    static const struct {
        const WCHAR *text;
        ATOM atom;
    } numbers[] = {{L"#1", 1}, {L"#123", 123}, {L"#49151", 0xbfff}, {L"#007", 7}};
    WCHAR text[300], longest[300];
    ATOM a = add(L"winrun atom"), b;

    CHECK(a >= 0xc000);
    CHECK_EQ(add(L"WINRUN ATOM"), a);
    CHECK_EQ(find(L"Winrun Atom"), a);
    CHECK_EQ(name(a, text, 300), 11);
    CHECK(!wcscmp(text, L"winrun atom")); /* as it was added first */
    CHECK_EQ(name(a, text, 12), 11);
    CHECK_EQ(delete (a), 0);
    CHECK_EQ(find(L"winrun atom"), a); /* added twice */
    CHECK_EQ(delete (a), 0);
    CHECK_ERROR(find(L"winrun atom"), ERROR_FILE_NOT_FOUND);
    CHECK_EQ(delete (a), a);
    CHECK_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK_ERROR(name(a, text, 300), ERROR_INVALID_HANDLE);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CHECK_EQ(add(numbers[i].text), numbers[i].atom);
        CHECK_EQ(find(numbers[i].text), numbers[i].atom);
    }
    CHECK_EQ(add((LPCWSTR)(ULONG_PTR)77), 77);
    CHECK_EQ(name(77, text, 300), 3);
    CHECK(!wcscmp(text, L"#77"));
    CHECK_EQ(delete (77), 0);
    CHECK_EQ(add(L"#49152"), 0);
    CHECK_EQ(add(L"#0"), 0);
    CHECK(add(L"#x") >= 0xc000);
    for (int i = 0; i < 299; i++)
        longest[i] = 'l';
    longest[255] = 0;
    b = add(longest);
    CHECK(b >= 0xc000);
    CHECK_EQ(name(b, text, 300), 255);
    CHECK_EQ(delete (b), 0);
    longest[255] = 'l', longest[256] = 0;
    CHECK_ERROR(add(longest), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(name(0, text, 300), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(name(77, text, 0), ERROR_MORE_DATA);
}

int main(void)
{
    ATOM atom;
    char text[32];

    check_table(AddAtomW, FindAtomW, DeleteAtom, GetAtomNameW);
    check_table(GlobalAddAtomW, GlobalFindAtomW, GlobalDeleteAtom, GlobalGetAtomNameW);
    atom = AddAtomA("narrow");
    CHECK_EQ(FindAtomW(L"NARROW"), atom);
    CHECK_EQ(GetAtomNameA(atom, text, 32), 6);
    CHECK_STR(text, "narrow");
    CHECK_EQ(DeleteAtom(atom), 0);
    for (int i = 0; i < 500; i++) {
        char name[16];

        sprintf(name, "many %d", i);
        CHECK(AddAtomA(name) >= 0xc000);
    }
    CHECK(FindAtomA("many 499") != FindAtomA("many 0"));
    return check_done();
}
