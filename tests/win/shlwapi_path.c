/* Do shlwapi's Path functions cut, join and compare paths as documented?  Rows where Wine and Windows agree. */
#include "check.h"
#include <shlwapi.h>

/* link: -lshlwapi */

enum function {
    F_ADDBACKSLASH,
    F_FINDEXTENSION,
    F_FINDFILENAME,
    F_FINDNEXTCOMPONENT,
    F_GETARGS,
    F_GETDRIVENUMBER,
    F_ISFILESPEC,
    F_ISRELATIVE,
    F_ISROOT,
    F_ISUNCSERVERSHARE,
    F_ISUNCSERVER,
    F_ISUNC,
    F_ISURL,
    F_MAKEPRETTY,
    F_PARSEICONLOCATION,
    F_QUOTESPACES,
    F_REMOVEARGS,
    F_REMOVEBACKSLASH,
    F_REMOVEBLANKS,
    F_REMOVEEXTENSION,
    F_REMOVEFILESPEC,
    F_SKIPROOT,
    F_STRIPPATH,
    F_STRIPTOROOT,
    F_UNDECORATE,
    F_UNQUOTESPACES,
};

static const struct {
    enum function function;
    const WCHAR *path;
    int result; /* a number, or the place of the pointer that is returned (-1: NULL) */
    const WCHAR *after;
} cases[] = {
    {F_ADDBACKSLASH, L"\\", 1, L"\\"},
    {F_ADDBACKSLASH, L"C:a", 4, L"C:a\\"},
    {F_ADDBACKSLASH, L"\\\\s\\", 4, L"\\\\s\\"},
    {F_ADDBACKSLASH, L"\\\\?\\C:\\a\\b", 11, L"\\\\?\\C:\\a\\b\\"},
    {F_ADDBACKSLASH, L"a\\.", 4, L"a\\.\\"},
    {F_ADDBACKSLASH, L"a.b\\c", 6, L"a.b\\c\\"},
    {F_ADDBACKSLASH, L"..\\..\\a", 8, L"..\\..\\a\\"},
    {F_ADDBACKSLASH, L"a,3", 4, L"a,3\\"},
    {F_ADDBACKSLASH, L"file:///C:/a%20b", 17, L"file:///C:/a%20b\\"},
    {F_ADDBACKSLASH, L"*.c", 4, L"*.c\\"},
    {F_ADDBACKSLASH, L"file:/C:/x", 11, L"file:/C:/x\\"},
    {F_ADDBACKSLASH, L"\"C:\\a b\" c", 11, L"\"C:\\a b\" c\\"},
    {F_ADDBACKSLASH, L"", 0, L""},
    {F_FINDEXTENSION, L"\\", 1, L"\\"},
    {F_FINDEXTENSION, L"C:a", 3, L"C:a"},
    {F_FINDEXTENSION, L"\\\\s\\", 4, L"\\\\s\\"},
    {F_FINDEXTENSION, L"\\\\?\\C:\\a\\b", 10, L"\\\\?\\C:\\a\\b"},
    {F_FINDEXTENSION, L"C:\\a\\..", 6, L"C:\\a\\.."},
    {F_FINDEXTENSION, L"a.b\\c", 5, L"a.b\\c"},
    {F_FINDEXTENSION, L"..\\..\\a", 7, L"..\\..\\a"},
    {F_FINDEXTENSION, L"a,3", 3, L"a,3"},
    {F_FINDEXTENSION, L"file:///C:/a%20b", 16, L"file:///C:/a%20b"},
    {F_FINDEXTENSION, L"FOO.TXT", 3, L"FOO.TXT"},
    {F_FINDEXTENSION, L"file:/C:/x", 10, L"file:/C:/x"},
    {F_FINDEXTENSION, L"\"C:\\a b\" c", 10, L"\"C:\\a b\" c"},
    {F_FINDEXTENSION, L"", 0, L""},
    {F_FINDEXTENSION, L".", 0, L"."},
    {F_FINDEXTENSION, L".a", 0, L".a"},
    {F_FINDFILENAME, L"a\\b", 2, L"a\\b"},
    {F_FINDFILENAME, L"C:\\a\\b.c", 5, L"C:\\a\\b.c"},
    {F_FINDFILENAME, L"\\\\s\\h\\", 4, L"\\\\s\\h\\"},
    {F_FINDFILENAME, L"\\\\?\\C:\\a\\b", 9, L"\\\\?\\C:\\a\\b"},
    {F_FINDFILENAME, L"a\\.", 2, L"a\\."},
    {F_FINDFILENAME, L"a.b\\c", 4, L"a.b\\c"},
    {F_FINDFILENAME, L"\\a", 1, L"\\a"},
    {F_FINDFILENAME, L"\\\\s\\h\\..\\..\\a", 12, L"\\\\s\\h\\..\\..\\a"},
    {F_FINDFILENAME, L"file://s/h", 9, L"file://s/h"},
    {F_FINDFILENAME, L"http://h/a b?c d#e f", 9, L"http://h/a b?c d#e f"},
    {F_FINDFILENAME, L"file:C:/x", 8, L"file:C:/x"},
    {F_FINDFILENAME, L"\"C:\\a b\" c", 4, L"\"C:\\a b\" c"},
    {F_FINDFILENAME, L"", 0, L""},
    {F_FINDFILENAME, L"\\\\", 0, L"\\\\"},
    {F_FINDFILENAME, L" a b ", 0, L" a b "},
    {F_FINDFILENAME, L"A.B", 0, L"A.B"},
    {F_FINDNEXTCOMPONENT, L"", -1, L""},
    {F_FINDNEXTCOMPONENT, L"C:a", 3, L"C:a"},
    {F_FINDNEXTCOMPONENT, L"\\\\s\\", 2, L"\\\\s\\"},
    {F_FINDNEXTCOMPONENT, L"\\\\?\\C:\\a\\b", 2, L"\\\\?\\C:\\a\\b"},
    {F_FINDNEXTCOMPONENT, L"a\\.", 2, L"a\\."},
    {F_FINDNEXTCOMPONENT, L"a.b\\c", 4, L"a.b\\c"},
    {F_FINDNEXTCOMPONENT, L"..\\..\\a", 3, L"..\\..\\a"},
    {F_FINDNEXTCOMPONENT, L"a,3", 3, L"a,3"},
    {F_FINDNEXTCOMPONENT, L"file:///C:/a%20b", 16, L"file:///C:/a%20b"},
    {F_FINDNEXTCOMPONENT, L"*.c", 3, L"*.c"},
    {F_FINDNEXTCOMPONENT, L"file:/C:/x", 10, L"file:/C:/x"},
    {F_FINDNEXTCOMPONENT, L"\"C:\\a b\" c", 4, L"\"C:\\a b\" c"},
    {F_GETARGS, L"\\", 1, L"\\"},
    {F_GETARGS, L"C:a", 3, L"C:a"},
    {F_GETARGS, L"\\\\s\\", 4, L"\\\\s\\"},
    {F_GETARGS, L"\\\\?\\C:\\a\\b", 10, L"\\\\?\\C:\\a\\b"},
    {F_GETARGS, L"a\\.", 3, L"a\\."},
    {F_GETARGS, L"a.b\\c", 5, L"a.b\\c"},
    {F_GETARGS, L"..\\..\\a", 7, L"..\\..\\a"},
    {F_GETARGS, L"a,3", 3, L"a,3"},
    {F_GETARGS, L"file:///C:/a%20b", 16, L"file:///C:/a%20b"},
    {F_GETARGS, L"*.c", 3, L"*.c"},
    {F_GETARGS, L"file:/C:/x", 10, L"file:/C:/x"},
    {F_GETARGS, L"\"C:\\a b\" c", 9, L"\"C:\\a b\" c"},
    {F_GETARGS, L"", 0, L""},
    {F_GETDRIVENUMBER, L"", -1, L""},
    {F_GETDRIVENUMBER, L"C:a", 2, L"C:a"},
    {F_GETDRIVENUMBER, L"\\\\s\\", -1, L"\\\\s\\"},
    {F_GETDRIVENUMBER, L"\\\\?\\C:\\a\\b", 2, L"\\\\?\\C:\\a\\b"},
    {F_GETDRIVENUMBER, L"a\\.", -1, L"a\\."},
    {F_GETDRIVENUMBER, L"a.b\\c", -1, L"a.b\\c"},
    {F_GETDRIVENUMBER, L"..\\..\\a", -1, L"..\\..\\a"},
    {F_GETDRIVENUMBER, L"a,3", -1, L"a,3"},
    {F_GETDRIVENUMBER, L"file:///C:/a%20b", -1, L"file:///C:/a%20b"},
    {F_GETDRIVENUMBER, L"*.c", -1, L"*.c"},
    {F_GETDRIVENUMBER, L"file:/C:/x", -1, L"file:/C:/x"},
    {F_GETDRIVENUMBER, L"\"C:\\a b\" c", -1, L"\"C:\\a b\" c"},
    {F_ISFILESPEC, L"", 1, L""},
    {F_ISFILESPEC, L"a", 1, L"a"},
    {F_ISFILESPEC, L".", 1, L"."},
    {F_ISFILESPEC, L"a. b", 1, L"a. b"},
    {F_ISFILESPEC, L"/a", 1, L"/a"},
    {F_ISFILESPEC, L"\"a b\"", 1, L"\"a b\""},
    {F_ISFILESPEC, L"a,3", 1, L"a,3"},
    {F_ISFILESPEC, L"x[3].txt", 1, L"x[3].txt"},
    {F_ISFILESPEC, L"x[a].txt", 1, L"x[a].txt"},
    {F_ISFILESPEC, L"A.B", 1, L"A.B"},
    {F_ISFILESPEC, L"*.c", 1, L"*.c"},
    {F_ISFILESPEC, L"prog arg1 \"arg 2\"", 1, L"prog arg1 \"arg 2\""},
    {F_ISFILESPEC, L"\\", 0, L"\\"},
    {F_ISFILESPEC, L"\\\\s\\h\\", 0, L"\\\\s\\h\\"},
    {F_ISFILESPEC, L"C:\\a.", 0, L"C:\\a."},
    {F_ISFILESPEC, L"http://h/a b?c d#e f", 0, L"http://h/a b?c d#e f"},
    {F_ISRELATIVE, L"", 1, L""},
    {F_ISRELATIVE, L"..", 1, L".."},
    {F_ISRELATIVE, L"a\\.", 1, L"a\\."},
    {F_ISRELATIVE, L"a/b", 1, L"a/b"},
    {F_ISRELATIVE, L"a\\b\\..\\..\\..\\c", 1, L"a\\b\\..\\..\\..\\c"},
    {F_ISRELATIVE, L"a,-12", 1, L"a,-12"},
    {F_ISRELATIVE, L"x[a].txt", 1, L"x[a].txt"},
    {F_ISRELATIVE, L"file://s/h", 1, L"file://s/h"},
    {F_ISRELATIVE, L".a", 1, L".a"},
    {F_ISRELATIVE, L"http://h", 1, L"http://h"},
    {F_ISRELATIVE, L"file:////s/h", 1, L"file:////s/h"},
    {F_ISRELATIVE, L"a%41b%zz", 1, L"a%41b%zz"},
    {F_ISRELATIVE, L"\\", 0, L"\\"},
    {F_ISRELATIVE, L"\\\\", 0, L"\\\\"},
    {F_ISRELATIVE, L"\\\\?\\C:\\a\\b", 0, L"\\\\?\\C:\\a\\b"},
    {F_ISRELATIVE, L"\\a\\b", 0, L"\\a\\b"},
    {F_ISROOT, L"\\", 1, L"\\"},
    {F_ISROOT, L"C:\\", 1, L"C:\\"},
    {F_ISROOT, L"\\\\", 1, L"\\\\"},
    {F_ISROOT, L"\\\\s", 1, L"\\\\s"},
    {F_ISROOT, L"\\\\s\\h", 1, L"\\\\s\\h"},
    {F_ISROOT, L"\\\\?\\C:", 1, L"\\\\?\\C:"},
    {F_ISROOT, L"", 0, L""},
    {F_ISROOT, L"a\\.", 0, L"a\\."},
    {F_ISROOT, L"\"a b\"", 0, L"\"a b\""},
    {F_ISROOT, L".a", 0, L".a"},
    {F_ISUNCSERVERSHARE, L"\\\\s\\", 1, L"\\\\s\\"},
    {F_ISUNCSERVERSHARE, L"\\\\s\\h", 1, L"\\\\s\\h"},
    {F_ISUNCSERVERSHARE, L"\\\\?\\C:", 1, L"\\\\?\\C:"},
    {F_ISUNCSERVERSHARE, L"\\\\?\\", 1, L"\\\\?\\"},
    {F_ISUNCSERVERSHARE, L"", 0, L""},
    {F_ISUNCSERVERSHARE, L"..", 0, L".."},
    {F_ISUNCSERVERSHARE, L"\\\\s\\h\\..\\..\\a", 0, L"\\\\s\\h\\..\\..\\a"},
    {F_ISUNCSERVERSHARE, L"C:/a/b", 0, L"C:/a/b"},
    {F_ISUNCSERVER, L"\\\\", 1, L"\\\\"},
    {F_ISUNCSERVER, L"\\\\s", 1, L"\\\\s"},
    {F_ISUNCSERVER, L"", 0, L""},
    {F_ISUNCSERVER, L"\\\\?\\UNC\\s\\h\\f", 0, L"\\\\?\\UNC\\s\\h\\f"},
    {F_ISUNCSERVER, L"a\\b\\..\\..\\..\\c", 0, L"a\\b\\..\\..\\..\\c"},
    {F_ISUNCSERVER, L"*.c", 0, L"*.c"},
    {F_ISUNC, L"\\\\", 1, L"\\\\"},
    {F_ISUNC, L"\\\\s", 1, L"\\\\s"},
    {F_ISUNC, L"\\\\s\\", 1, L"\\\\s\\"},
    {F_ISUNC, L"\\\\s\\h", 1, L"\\\\s\\h"},
    {F_ISUNC, L"\\\\s\\h\\", 1, L"\\\\s\\h\\"},
    {F_ISUNC, L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
    {F_ISUNC, L"\\\\s\\h\\..\\..\\a", 1, L"\\\\s\\h\\..\\..\\a"},
    {F_ISUNC, L"", 0, L""},
    {F_ISUNC, L"C:\\..", 0, L"C:\\.."},
    {F_ISUNC, L"a,3", 0, L"a,3"},
    {F_ISUNC, L"http://h/a b?c d#e f", 0, L"http://h/a b?c d#e f"},
    {F_ISURL, L"http://u:p@h:80/a?b#c", 1, L"http://u:p@h:80/a?b#c"},
    {F_ISURL, L"file:///C:/a%20b", 1, L"file:///C:/a%20b"},
    {F_ISURL, L"file://s/h", 1, L"file://s/h"},
    {F_ISURL, L"http://h/a b?c d#e f", 1, L"http://h/a b?c d#e f"},
    {F_ISURL, L"mailto:a@b", 1, L"mailto:a@b"},
    {F_ISURL, L"http://h", 1, L"http://h"},
    {F_ISURL, L"file:/C:/x", 1, L"file:/C:/x"},
    {F_ISURL, L"file:C:/x", 1, L"file:C:/x"},
    {F_ISURL, L"file:///x/y", 1, L"file:///x/y"},
    {F_ISURL, L"file:////s/h", 1, L"file:////s/h"},
    {F_ISURL, L"https://x.y/z?q=1&r=%20", 1, L"https://x.y/z?q=1&r=%20"},
    {F_ISURL, L"foo:bar", 1, L"foo:bar"},
    {F_ISURL, L"", 0, L""},
    {F_ISURL, L"\\\\s\\h\\", 0, L"\\\\s\\h\\"},
    {F_ISURL, L"a. b", 0, L"a. b"},
    {F_ISURL, L"x[3].txt", 0, L"x[3].txt"},
    {F_MAKEPRETTY, L"", 1, L""},
    {F_MAKEPRETTY, L"\\", 1, L"\\"},
    {F_MAKEPRETTY, L"C:", 1, L"C:"},
    {F_MAKEPRETTY, L"C:\\", 1, L"C:\\"},
    {F_MAKEPRETTY, L"\\\\", 1, L"\\\\"},
    {F_MAKEPRETTY, L"\\\\?\\C:\\", 1, L"\\\\?\\c:\\"},
    {F_MAKEPRETTY, L"\\\\?\\C:", 1, L"\\\\?\\c:"},
    {F_MAKEPRETTY, L"\\\\?\\", 1, L"\\\\?\\"},
    {F_MAKEPRETTY, L"..", 1, L".."},
    {F_MAKEPRETTY, L".", 1, L"."},
    {F_MAKEPRETTY, L"C:\\..", 1, L"C:\\.."},
    {F_MAKEPRETTY, L"A.B", 1, L"A.b"},
    {F_MAKEPRETTY, L"a", 0, L"a"},
    {F_MAKEPRETTY, L"a\\.", 0, L"a\\."},
    {F_MAKEPRETTY, L"\"a b\"", 0, L"\"a b\""},
    {F_MAKEPRETTY, L"http://h/a b?c d#e f", 0, L"http://h/a b?c d#e f"},
    {F_PARSEICONLOCATION, L"\"a b\"", 0, L"a b"},
    {F_PARSEICONLOCATION, L" a b ", 0, L"a b"},
    {F_PARSEICONLOCATION, L"a,3", 3, L"a"},
    {F_PARSEICONLOCATION, L"a,-12", -12, L"a"},
    {F_PARSEICONLOCATION, L"", 0, L""},
    {F_PARSEICONLOCATION, L"\\\\?\\C:", 0, L"\\\\?\\C:"},
    {F_PARSEICONLOCATION, L"\\a", 0, L"\\a"},
    {F_PARSEICONLOCATION, L"C:/a/b", 0, L"C:/a/b"},
    {F_QUOTESPACES, L"a. b", 0, L"\"a. b\""},
    {F_QUOTESPACES, L"\"a b\"", 0, L"\"\"a b\"\""},
    {F_QUOTESPACES, L" a b ", 0, L"\" a b \""},
    {F_QUOTESPACES, L"http://h/a b?c d#e f", 0, L"\"http://h/a b?c d#e f\""},
    {F_QUOTESPACES, L"C:\\a b\\c#d%", 0, L"\"C:\\a b\\c#d%\""},
    {F_QUOTESPACES, L"prog arg1 \"arg 2\"", 0, L"\"prog arg1 \"arg 2\"\""},
    {F_QUOTESPACES, L"\"C:\\a b\" c", 0, L"\"\"C:\\a b\" c\""},
    {F_QUOTESPACES, L"", 0, L""},
    {F_QUOTESPACES, L"\\\\?\\C:\\", 0, L"\\\\?\\C:\\"},
    {F_QUOTESPACES, L"/a", 0, L"/a"},
    {F_QUOTESPACES, L"C:\\a\\\\b", 0, L"C:\\a\\\\b"},
    {F_REMOVEARGS, L"a. b", 0, L"a."},
    {F_REMOVEARGS, L" a b ", 0, L""},
    {F_REMOVEARGS, L"http://h/a b?c d#e f", 0, L"http://h/a"},
    {F_REMOVEARGS, L"C:\\a b\\c#d%", 0, L"C:\\a"},
    {F_REMOVEARGS, L"prog arg1 \"arg 2\"", 0, L"prog"},
    {F_REMOVEARGS, L"\"C:\\a b\" c", 0, L"\"C:\\a b\""},
    {F_REMOVEARGS, L"", 0, L""},
    {F_REMOVEARGS, L"\\\\?\\C:\\", 0, L"\\\\?\\C:\\"},
    {F_REMOVEARGS, L"\\a", 0, L"\\a"},
    {F_REMOVEARGS, L"C:\\a\\\\b", 0, L"C:\\a\\\\b"},
    {F_REMOVEBACKSLASH, L"a\\b", 2, L"a\\b"},
    {F_REMOVEBACKSLASH, L"C:\\a\\", 4, L"C:\\a"},
    {F_REMOVEBACKSLASH, L"\\\\s\\h\\f", 6, L"\\\\s\\h\\f"},
    {F_REMOVEBACKSLASH, L"..", 1, L".."},
    {F_REMOVEBACKSLASH, L"a.b.c", 4, L"a.b.c"},
    {F_REMOVEBACKSLASH, L"/a", 1, L"/a"},
    {F_REMOVEBACKSLASH, L"C:\\a\\.\\b", 7, L"C:\\a\\.\\b"},
    {F_REMOVEBACKSLASH, L"x[3].txt", 7, L"x[3].txt"},
    {F_REMOVEBACKSLASH, L"C:..\\a", 5, L"C:..\\a"},
    {F_REMOVEBACKSLASH, L"C:/a/b", 5, L"C:/a/b"},
    {F_REMOVEBACKSLASH, L"file:C:/x", 8, L"file:C:/x"},
    {F_REMOVEBACKSLASH, L"\"C:\\a b\" c", 9, L"\"C:\\a b\" c"},
    {F_REMOVEBACKSLASH, L"", 0, L""},
    {F_REMOVEBACKSLASH, L"\\", 0, L"\\"},
    {F_REMOVEBACKSLASH, L"a", 0, L"a"},
    {F_REMOVEBACKSLASH, L".", 0, L"."},
    {F_REMOVEBLANKS, L" a b ", 0, L"a b"},
    {F_REMOVEBLANKS, L"", 0, L""},
    {F_REMOVEBLANKS, L"\\\\?\\C:", 0, L"\\\\?\\C:"},
    {F_REMOVEBLANKS, L"\\a\\b", 0, L"\\a\\b"},
    {F_REMOVEBLANKS, L"*.c", 0, L"*.c"},
    {F_REMOVEEXTENSION, L"C:\\a\\b.c", 0, L"C:\\a\\b"},
    {F_REMOVEEXTENSION, L"..", 0, L"."},
    {F_REMOVEEXTENSION, L"a\\..", 0, L"a\\."},
    {F_REMOVEEXTENSION, L"a\\.", 0, L"a\\"},
    {F_REMOVEEXTENSION, L"C:\\..", 0, L"C:\\."},
    {F_REMOVEEXTENSION, L"a.b.c", 0, L"a.b"},
    {F_REMOVEEXTENSION, L"x[3].txt", 0, L"x[3]"},
    {F_REMOVEEXTENSION, L"x[].txt", 0, L"x[]"},
    {F_REMOVEEXTENSION, L"A.B", 0, L"A"},
    {F_REMOVEEXTENSION, L"FOO.TXT", 0, L"FOO"},
    {F_REMOVEEXTENSION, L".a", 0, L""},
    {F_REMOVEEXTENSION, L"https://x.y/z?q=1&r=%20", 0, L"https://x"},
    {F_REMOVEEXTENSION, L"", 0, L""},
    {F_REMOVEEXTENSION, L"\\\\s\\h\\", 0, L"\\\\s\\h\\"},
    {F_REMOVEEXTENSION, L"..\\..\\a", 0, L"..\\..\\a"},
    {F_REMOVEEXTENSION, L"C:/a/b", 0, L"C:/a/b"},
    {F_REMOVEFILESPEC, L"a", 1, L""},
    {F_REMOVEFILESPEC, L"C:\\a\\b.c", 1, L"C:\\a"},
    {F_REMOVEFILESPEC, L"\\\\s\\h\\f", 1, L"\\\\s\\h"},
    {F_REMOVEFILESPEC, L"a\\..", 1, L"a"},
    {F_REMOVEFILESPEC, L"a.b.c", 1, L""},
    {F_REMOVEFILESPEC, L"\\a", 1, L"\\"},
    {F_REMOVEFILESPEC, L"C:\\a\\.\\b", 1, L"C:\\a\\."},
    {F_REMOVEFILESPEC, L"x[3].txt", 1, L""},
    {F_REMOVEFILESPEC, L"C:..\\a", 1, L"C:.."},
    {F_REMOVEFILESPEC, L"C:/a/b", 1, L"C:"},
    {F_REMOVEFILESPEC, L"file:C:/x", 1, L"file:C:"},
    {F_REMOVEFILESPEC, L"\"C:\\a b\" c", 1, L"\"C:\\"},
    {F_REMOVEFILESPEC, L"", 0, L""},
    {F_REMOVEFILESPEC, L"\\", 0, L"\\"},
    {F_REMOVEFILESPEC, L"C:\\", 0, L"C:\\"},
    {F_REMOVEFILESPEC, L"\\\\?\\C:\\", 0, L"\\\\?\\C:\\"},
    {F_SKIPROOT, L"", -1, L""},
    {F_SKIPROOT, L"C:a", -1, L"C:a"},
    {F_SKIPROOT, L"\\\\s", -1, L"\\\\s"},
    {F_SKIPROOT, L"..", -1, L".."},
    {F_SKIPROOT, L"C:\\..", 3, L"C:\\.."},
    {F_SKIPROOT, L"a/b", -1, L"a/b"},
    {F_SKIPROOT, L"\"a b\"", -1, L"\"a b\""},
    {F_SKIPROOT, L"x[].txt", -1, L"x[].txt"},
    {F_SKIPROOT, L"C:..\\a", -1, L"C:..\\a"},
    {F_SKIPROOT, L".a", -1, L".a"},
    {F_SKIPROOT, L"file:C:/x", -1, L"file:C:/x"},
    {F_SKIPROOT, L"\"C:\\a b\" c", -1, L"\"C:\\a b\" c"},
    {F_STRIPPATH, L"a\\b", 0, L"b"},
    {F_STRIPPATH, L"C:\\a\\b.c", 0, L"b.c"},
    {F_STRIPPATH, L"\\\\s\\h\\", 0, L"h\\"},
    {F_STRIPPATH, L"\\\\?\\C:\\a\\b", 0, L"b"},
    {F_STRIPPATH, L"a\\.", 0, L"."},
    {F_STRIPPATH, L"a.b\\c", 0, L"c"},
    {F_STRIPPATH, L"\\a", 0, L"a"},
    {F_STRIPPATH, L"\\\\s\\h\\..\\..\\a", 0, L"a"},
    {F_STRIPPATH, L"file://s/h", 0, L"h"},
    {F_STRIPPATH, L"http://h/a b?c d#e f", 0, L"a b?c d#e f"},
    {F_STRIPPATH, L"file:C:/x", 0, L"x"},
    {F_STRIPPATH, L"\"C:\\a b\" c", 0, L"a b\" c"},
    {F_STRIPPATH, L"", 0, L""},
    {F_STRIPPATH, L"\\\\", 0, L"\\\\"},
    {F_STRIPPATH, L" a b ", 0, L" a b "},
    {F_STRIPPATH, L"A.B", 0, L"A.B"},
    {F_STRIPTOROOT, L"\\", 1, L"\\"},
    {F_STRIPTOROOT, L"C:\\a", 1, L"C:\\"},
    {F_STRIPTOROOT, L"\\\\s\\h\\", 1, L"\\\\s\\h"},
    {F_STRIPTOROOT, L"..", 0, L""},
    {F_STRIPTOROOT, L"\\..\\a", 1, L"\\"},
    {F_STRIPTOROOT, L"a/b", 0, L""},
    {F_STRIPTOROOT, L"\\\\s\\h\\..\\..\\a", 1, L"\\\\s\\h"},
    {F_STRIPTOROOT, L"x[3].txt", 0, L""},
    {F_STRIPTOROOT, L"file://s/h", 0, L"file:"},
    {F_STRIPTOROOT, L"C:/a/b", 0, L"C:"},
    {F_STRIPTOROOT, L"file:/C:/x", 0, L"file:/C:"},
    {F_STRIPTOROOT, L"\"C:\\a b\" c", 0, L"\"C:\\"},
    {F_STRIPTOROOT, L"", 0, L""},
    {F_STRIPTOROOT, L"C:", 0, L"C:"},
    {F_STRIPTOROOT, L"\\\\?\\C:\\", 0, L"\\\\?\\C:\\"},
    {F_UNDECORATE, L"x[3].txt", 0, L"x.txt"},
    {F_UNDECORATE, L"x[].txt", 0, L"x.txt"},
    {F_UNDECORATE, L"", 0, L""},
    {F_UNDECORATE, L"\\\\?\\C:", 0, L"\\\\?\\C:"},
    {F_UNDECORATE, L"\\a\\b", 0, L"\\a\\b"},
    {F_UNDECORATE, L"*.c", 0, L"*.c"},
    {F_UNQUOTESPACES, L"\"a b\"", 0, L"a b"},
    {F_UNQUOTESPACES, L"", 0, L""},
    {F_UNQUOTESPACES, L"\\\\?\\C:", 0, L"\\\\?\\C:"},
    {F_UNQUOTESPACES, L"\\a\\b", 0, L"\\a\\b"},
    {F_UNQUOTESPACES, L"*.c", 0, L"*.c"},
};

static int place(const WCHAR *at, const WCHAR *path)
{
    return at ? (int)(at - path) : -1;
}

static int call(enum function function, WCHAR *path)
{
    switch (function) {
    case F_ADDBACKSLASH:
        return place(PathAddBackslashW(path), path);
    case F_FINDEXTENSION:
        return place(PathFindExtensionW(path), path);
    case F_FINDFILENAME:
        return place(PathFindFileNameW(path), path);
    case F_FINDNEXTCOMPONENT:
        return place(PathFindNextComponentW(path), path);
    case F_GETARGS:
        return place(PathGetArgsW(path), path);
    case F_GETDRIVENUMBER:
        return PathGetDriveNumberW(path);
    case F_ISFILESPEC:
        return PathIsFileSpecW(path);
    case F_ISRELATIVE:
        return PathIsRelativeW(path);
    case F_ISROOT:
        return PathIsRootW(path);
    case F_ISUNCSERVERSHARE:
        return PathIsUNCServerShareW(path);
    case F_ISUNCSERVER:
        return PathIsUNCServerW(path);
    case F_ISUNC:
        return PathIsUNCW(path);
    case F_ISURL:
        return PathIsURLW(path);
    case F_MAKEPRETTY:
        return PathMakePrettyW(path);
    case F_PARSEICONLOCATION:
        return PathParseIconLocationW(path);
    case F_QUOTESPACES:
        PathQuoteSpacesW(path);
        return 0;
    case F_REMOVEARGS:
        PathRemoveArgsW(path);
        return 0;
    case F_REMOVEBACKSLASH:
        return place(PathRemoveBackslashW(path), path);
    case F_REMOVEBLANKS:
        PathRemoveBlanksW(path);
        return 0;
    case F_REMOVEEXTENSION:
        PathRemoveExtensionW(path);
        return 0;
    case F_REMOVEFILESPEC:
        return PathRemoveFileSpecW(path);
    case F_SKIPROOT:
        return place(PathSkipRootW(path), path);
    case F_STRIPPATH:
        PathStripPathW(path);
        return 0;
    case F_STRIPTOROOT:
        return PathStripToRootW(path);
    case F_UNDECORATE:
        PathUndecorateW(path);
        return 0;
    case F_UNQUOTESPACES:
        PathUnquoteSpacesW(path);
        return 0;
    }
    return -2;
}

static const struct {
    const WCHAR *a, *b;
    int result;
    const WCHAR *out;
} combined[] =
    {
        {L"\\..\\a", L"..", 1, L"\\"},
        {L"c:\\windows\\x", L"\\", 1, L"c:\\"},
        {L"C:\\a\\b.c", L"c:\\windows\\x", 1, L"c:\\windows\\x"},
        {L"a", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
        {L"foo:bar", L"C:\\a\\..", 1, L"C:\\"},
        {L"/a", L"C:\\a\\.\\b", 1, L"C:\\a\\b"},
        {L"FOO.TXT", L"C:/a/b", 1, L"C:/a/b"},
        {L"\\..\\a", L"a", 1, L"\\a\\a"},
        {L"mailto:a@b", L"a\\..", 1, L"mailto:a@b"},
        {L"file:////s/h", L"x[a].txt", 1, L"file:////s/h\\x[a].txt"},
        {L"foo:bar", L"a.b.c", 1, L"foo:bar\\a.b.c"},
        {L"\\\\s\\h\\..\\..\\a", L"C:/a/b", 1, L"C:/a/b"},
        {L"C:\\a.", L"..", 1, L"C:\\"},
        {L"a. b", L"C:a", 1, L"C:a"},
        {L"a\\..", L"C:\\a\\b.c", 1, L"C:\\a\\b.c"},
        {L"c:\\windows\\x", L"..\\..\\a", 1, L"c:\\a"},
        {L"\\\\s\\h\\", L" a b ", 1, L"\\\\s\\h\\ a b "},
        {L"FOO.TXT", L"C:\\a\\\\b", 1, L"C:\\a\\\\b"},
        {L"a\\..", L"C:\\a\\.\\b", 1, L"C:\\a\\b"},
        {L"C:\\a\\", L"a\\..", 1, L"C:\\a"},
        {L"C:\\a\\b.c", L"C:\\a\\..", 1, L"C:\\"},
        {L"C:\\..", L"C:..\\a", 1, L"C:..\\a"},
        {L"a,-12", L" a b ", 1, L"a,-12\\ a b "},
        {L"\\\\s\\", L"x[a].txt", 1, L"\\\\s\\x[a].txt"},
        {L"C:\\a\\", L"\"a b\"", 1, L"C:\\a\\\"a b\""},
        {L"C:..\\a", L"*.c", 1, L"C:..\\a\\*.c"},
        {L"a\\b\\..\\..\\..\\c", L"\"a b\"", 1, L"\\c\\\"a b\""},
        {L"x[].txt", L"C:", 1, L"C:\\"},
        {L"a", L"a%41b%zz", 1, L"a\\a%41b%zz"},
        {L"x[a].txt", L"a%41b%zz", 1, L"x[a].txt\\a%41b%zz"},
        {L"\\a", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
        {L"a.b\\c", L"x[a].txt", 1, L"a.b\\c\\x[a].txt"},
        {L"file:///C:/a%20b", L"C:\\a.", 1, L"C:\\a."},
        {L"", L"C:\\a\\.\\b", 1, L"C:\\a\\b"},
        {L"C:\\..", L"a. b", 1, L"C:\\a. b"},
        {L"\\\\s\\h", L"FOO.TXT", 1, L"\\\\s\\h\\FOO.TXT"},
        {L"\\\\s\\h\\f", L"A.B", 1, L"\\\\s\\h\\f\\A.B"},
        {L"file:///C:/a%20b", L" a b ", 1, L"file:///C:/a%20b\\ a b "},
        {L"\"C:\\a b\" c", L"C:a", 1, L"C:a"},
        {L"a%41b%zz", L"C:\\a\\", 1, L"C:\\a\\"},
        {L"C:\\a", L".a", 1, L"C:\\a\\.a"},
        {L"a", L"\"a b\"", 1, L"a\\\"a b\""},
        {L"a-b.c+d:e", L"\\\\s\\", 1, L"\\\\s\\"},
        {L"\"C:\\a b\" c", L"x[].txt", 1, L"\"C:\\a b\" c\\x[].txt"},
        {L"\\\\s\\h\\f", L"a.b.c", 1, L"\\\\s\\h\\f\\a.b.c"},
        {L"C:\\", L"a.b\\c", 1, L"C:\\a.b\\c"},
        {L"\\..\\a", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
        {L"a. b", L"x[a].txt", 1, L"a. b\\x[a].txt"},
        {L"a%41b%zz", L"FOO.TXT", 1, L"a%41b%zz\\FOO.TXT"},
        {L"\\\\s\\", L"A.B", 1, L"\\\\s\\A.B"},
        {L"a,-12", L"a.b.c", 1, L"a,-12\\a.b.c"},
        {L"C:\\a\\..", L"\\\\s\\h", 1, L"\\\\s\\h"},
        {L"\\\\s\\h", L"a\\..", 1, L"\\\\s\\h"},
        {L"file:///x/y", L"\\a", 1, L"file:\\a"},
        {L"..", L"\\\\s\\", 1, L"\\\\s\\"},
        {L"a\\..", L"C:\\a.", 1, L"C:\\a."},
        {L"prog arg1 \"arg 2\"", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
        {L"\\a\\b", L"\\a\\b", 1, L"\\a\\b"},
        {L"a-b.c+d:e", L"\\..\\a", 1, L"\\a"},
        {L"a\\..", L".a", 1, L"\\.a"},
        {L"a.b\\c", L"..", 1, L"a.b"},
        {L"foo:bar", L"\"a b\"", 1, L"foo:bar\\\"a b\""},
        {L"\\", L"C:\\a\\\\b", 1, L"C:\\a\\\\b"},
        {L"\\", L"C:\\a\\b.c", 1, L"C:\\a\\b.c"},
        {L"\\\\s\\h\\f", L"\\..\\a", 1, L"\\\\s\\a"},
        {L"C:\\a.", L"\\\\s\\", 1, L"\\\\s\\"},
        {L".a", L"C:\\a.", 1, L"C:\\a."},
        {L"c:\\windows\\x", L"C:\\..", 1, L"C:\\"},
        {L"file://s/h", L"x[].txt", 1, L"file://s/h\\x[].txt"},
        {L"*.c", L"C:\\a.", 1, L"C:\\a."},
},
  appended[] =
      {
          {L".", L"a", 1, L"a"},
          {L"file:/C:/x", L" a b ", 1, L"file:/C:/x\\ a b "},
          {L"C:\\a", L"x[a].txt", 1, L"C:\\a\\x[a].txt"},
          {L"file:///C:/a%20b", L"C:a", 1, L"C:a"},
          {L"a\\.", L"C:..\\a", 1, L"C:..\\a"},
          {L"C:\\a\\\\b", L"a/b", 1, L"C:\\a\\\\b\\a/b"},
          {L"C:\\a", L"*.c", 1, L"C:\\a\\*.c"},
          {L"C:\\a.", L"C:", 1, L"C:\\"},
          {L"a. b", L"\\a\\b", 1, L"a. b\\a\\b"},
          {L"C:\\a", L"", 1, L"C:\\a"},
          {L"\\a\\b", L"a/b", 1, L"\\a\\b\\a/b"},
          {L"\\a\\b", L"C:/a/b", 1, L"C:/a/b"},
          {L"\"a b\"", L".a", 1, L"\"a b\"\\.a"},
          {L"x[3].txt", L"C:\\a\\.\\b", 1, L"C:\\a\\b"},
          {L"prog arg1 \"arg 2\"", L"C:\\a", 1, L"C:\\a"},
          {L"\"a b\"", L"a/b", 1, L"\"a b\"\\a/b"},
          {L".", L"\"a b\"", 1, L"\"a b\""},
          {L"C:\\a\\", L"C:\\a\\b.c", 1, L"C:\\a\\b.c"},
          {L"\"a b\"", L"x[].txt", 1, L"\"a b\"\\x[].txt"},
          {L"prog arg1 \"arg 2\"", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
          {L"\"a b\"", L"C:", 1, L"C:\\"},
          {L"x[].txt", L".a", 1, L"x[].txt\\.a"},
          {L"\"C:\\a b\" c", L"a", 1, L"\"C:\\a b\" c\\a"},
          {L"file://s/h", L"C:\\", 1, L"C:\\"},
          {L"\\\\s\\h\\f", L"a%41b%zz", 1, L"\\\\s\\h\\f\\a%41b%zz"},
          {L"C:", L"prog arg1 \"arg 2\"", 1, L"C:\\prog arg1 \"arg 2\""},
          {L"a,3", L"\\a", 1, L"a,3\\a"},
          {L"file:/C:/x", L"a,-12", 1, L"file:/C:/x\\a,-12"},
          {L".", L"C:\\..", 1, L"C:\\"},
          {L"file://s/h", L"a.b.c", 1, L"file://s/h\\a.b.c"},
          {L"a.b.c", L"FOO.TXT", 1, L"a.b.c\\FOO.TXT"},
          {L"file:/C:/x", L"x[].txt", 1, L"file:/C:/x\\x[].txt"},
          {L"a", L"a,-12", 1, L"a\\a,-12"},
          {L"a.b.c", L"a.b.c", 1, L"a.b.c\\a.b.c"},
          {L"FOO.TXT", L".a", 1, L"FOO.TXT\\.a"},
          {L"a/b", L"\\\\s\\h\\", 1, L"\\\\s\\h\\"},
          {L"C:a", L"C:/a/b", 1, L"C:/a/b"},
          {L"\\\\s\\h", L"\\a", 1, L"\\\\s\\h\\a"},
          {L".", L".a", 1, L".a"},
          {L"a/b", L".a", 1, L"a/b\\.a"},
          {L"C:\\a\\.\\b", L"C:\\a\\\\b", 1, L"C:\\a\\\\b"},
          {L"file:/C:/x", L"a.b.c", 1, L"file:/C:/x\\a.b.c"},
          {L"a,3", L"", 1, L"a,3"},
          {L"a,-12", L"\\", 1, L"a,-12"},
          {L"mailto:a@b", L"C:/a/b", 1, L"C:/a/b"},
          {L"\\a\\b", L"C:\\a", 1, L"C:\\a"},
          {L"a\\.", L"\\\\s\\h\\", 1, L"\\\\s\\h\\"},
          {L"a.b.c", L"a.b\\c", 1, L"a.b.c\\a.b\\c"},
          {L"", L"C:\\a b\\c#d%", 1, L"C:\\a b\\c#d%"},
          {L"a\\b", L"a/b", 1, L"a\\b\\a/b"},
          {L"C:a", L"\\a", 1, L"C:a\\a"},
          {L"C:/a/b", L"C:\\a\\b.c", 1, L"C:\\a\\b.c"},
          {L"..\\..\\a", L"C:", 1, L"C:\\"},
          {L"\\\\s", L"prog arg1 \"arg 2\"", 1, L"\\\\s\\prog arg1 \"arg 2\""},
          {L"x[a].txt", L"\\a\\b", 1, L"x[a].txt\\a\\b"},
          {L"a\\b\\..\\..\\..\\c", L"a%41b%zz", 1, L"\\c\\a%41b%zz"},
          {L"file:///x/y", L".a", 1, L"file:///x/y\\.a"},
          {L"a. b", L"a%41b%zz", 1, L"a. b\\a%41b%zz"},
          {L" a b ", L"x[].txt", 1, L" a b \\x[].txt"},
          {L"C:\\a", L" a b ", 1, L"C:\\a\\ a b "},
          {L"C:\\a.", L"a,3", 1, L"C:\\a.\\a,3"},
          {L"\\a", L"*.c", 1, L"\\a\\*.c"},
          {L"c:\\windows\\x", L"C:\\a", 1, L"C:\\a"},
          {L"prog arg1 \"arg 2\"", L"\\a\\b", 1, L"prog arg1 \"arg 2\"\\a\\b"},
          {L"a. b", L"C:\\..", 1, L"C:\\"},
          {L"a,-12", L" a b ", 1, L"a,-12\\ a b "},
          {L"a. b", L"C:\\a.", 1, L"C:\\a."},
          {L"a/b", L"\\\\s\\h\\f", 1, L"\\\\s\\h\\f"},
          {L"a\\b", L"c:\\windows\\x", 1, L"c:\\windows\\x"},
          {L"\\", L"a\\..", 1, L"\\"},
},
  common[] = {
      {L"C:\\a b\\c#d%", L"C:\\a b\\c#d%", 11, L"C:\\a b\\c#d%"},
      {L"C:\\a.", L"c:\\windows\\x", 3, L"C:\\"},
      {L"\\a\\b", L"\\a\\b", 4, L"\\a\\b"},
      {L"c:\\windows\\x", L"C:", 3, L"c:\\"},
      {L"C:\\a\\b.c", L"C:\\a\\\\b", 4, L"C:\\a"},
      {L"C:\\a\\b.c", L"C:\\a\\..", 4, L"C:\\a"},
      {L"\\\\s\\h\\f", L"\\\\s\\", 3, L"\\\\s"},
      {L"a/b", L"a/b", 3, L"a/b"},
      {L"C:\\a b\\c#d%", L"C:\\a\\..", 3, L"C:\\"},
      {L"C:\\a\\\\b", L"c:\\windows\\x", 3, L"C:\\"},
      {L"\\", L"\\", 1, L"\\"},
      {L"C:\\a\\b.c", L"C:", 3, L"C:\\"},
      {L"C:\\", L"C:", 3, L"C:\\"},
      {L"\\\\s\\", L"\\\\s\\h\\..\\..\\a", 3, L"\\\\s"},
      {L"a", L"a\\..", 1, L"a"},
      {L"\\\\s\\h\\..\\..\\a", L"\\\\s\\h\\f", 5, L"\\\\s\\h"},
      {L"a\\.", L"a", 1, L"a"},
      {L"C:\\..", L"C:\\..", 5, L"C:\\.."},
      {L"C:\\..", L"C:\\a b\\c#d%", 3, L"C:\\"},
      {L"C:\\a\\", L"C:\\a\\", 5, L"C:\\a\\"},
      {L"C:\\a\\..", L"C:\\a\\\\b", 4, L"C:\\a"},
      {L"C:\\a\\..", L"C:\\a\\.\\b", 4, L"C:\\a"},
      {L"\\\\s\\h\\f", L"\\\\s\\h\\f", 7, L"\\\\s\\h\\f"},
      {L"C:\\..", L"c:\\windows\\x", 3, L"C:\\"},
      {L"a\\.", L"a\\..", 1, L"a"},
      {L"C:\\a", L"C:\\a\\..", 4, L"C:\\a"},
      {L"\\\\s\\h", L"\\\\s\\h\\", 5, L"\\\\s\\h"},
      {L"a\\b\\..\\..\\..\\c", L"a", 1, L"a"},
      {L"c:\\windows\\x", L"C:\\a\\\\b", 3, L"c:\\"},
      {L"c:\\windows\\x", L"C:\\", 3, L"c:\\"},
      {L"C:\\", L"C:\\a\\.\\b", 3, L"C:\\"},
      {L"a\\..", L"a\\b", 1, L"a"},
      {L"a\\b\\..\\..\\..\\c", L"a\\.", 1, L"a"},
      {L"\\\\s\\h\\", L"\\\\s", 3, L"\\\\s"},
      {L"C:\\a\\b.c", L"C:\\a\\", 4, L"C:\\a"},
      {L"\\\\s\\h\\..\\..\\a", L"\\\\s\\", 3, L"\\\\s"},
      {L"C:\\a", L"C:\\a\\\\b", 4, L"C:\\a"},
      {L"C:\\a\\", L"C:\\..", 3, L"C:\\"},
      {L"a\\.", L"a\\b", 1, L"a"},
      {L"C:\\", L"C:\\a\\\\b", 3, L"C:\\"},
      {L"C:\\a b\\c#d%", L"C:\\a\\.\\b", 3, L"C:\\"},
      {L"FOO.TXT", L"FOO.TXT", 7, L"FOO.TXT"},
      {L"\\\\s\\h\\", L"\\\\s\\h\\..\\..\\a", 5, L"\\\\s\\h"},
      {L"C:\\a", L"C:\\a\\", 4, L"C:\\a"},
      {L"C:/a/b", L"C:/a/b", 6, L"C:/a/b"},
      {L"C:\\a\\..", L"C:", 3, L"C:\\"},
      {L"c:\\windows\\x", L"c:\\windows\\x", 12, L"c:\\windows\\x"},
      {L"C:\\a\\..", L"C:\\", 3, L"C:\\"},
      {L"\\\\s\\h", L"\\\\s\\", 3, L"\\\\s"},
      {L"C:\\", L"C:\\..", 3, L"C:\\"},
      {L"a,3", L"a,3", 3, L"a,3"},
      {L"\\\\s\\h", L"\\\\s\\h", 5, L"\\\\s\\h"},
      {L"\\\\s\\h\\..\\..\\a", L"\\\\s", 3, L"\\\\s"},
      {L"x[].txt", L"x[].txt", 7, L"x[].txt"},
      {L"\\\\s\\h\\f", L"\\\\s\\h\\", 5, L"\\\\s\\h"},
      {L"C:\\a.", L"C:\\a\\.\\b", 3, L"C:\\"},
      {L"a\\b\\..\\..\\..\\c", L"a\\b", 3, L"a\\b"},
      {L"\\\\s", L"\\\\s\\", 3, L"\\\\s"},
      {L"C:\\a", L"C:\\a b\\c#d%", 3, L"C:\\"},
      {L"C:\\", L"C:\\a\\", 3, L"C:\\"},
      {L"C:\\a.", L"C:\\..", 3, L"C:\\"},
      {L"C:\\a\\\\b", L"C:\\a\\b.c", 4, L"C:\\a"},
      {L"..\\..\\a", L"..\\..\\a", 7, L"..\\..\\a"},
      {L"C:\\a\\..", L"C:\\a\\b.c", 4, L"C:\\a"},
      {L"\\\\s\\h\\", L"\\\\s\\h\\f", 5, L"\\\\s\\h"},
      {L"C:\\a\\b.c", L"C:\\", 3, L"C:\\"},
      {L"C:\\a\\\\b", L"C:\\a", 4, L"C:\\a"},
};

#define COUNT(table) (sizeof table / sizeof *table)

static void check_wide(const WCHAR *a, const WCHAR *b, const WCHAR *about)
{
    check_count++;
    if (wcscmp(a, b) != 0) {
        check_failed++;
        printf("%ls: is \"%ls\", expected \"%ls\"\n", about, a, b);
    }
}

static void check_misuse(void)
{
    WCHAR buffer[MAX_PATH], longer[2 * MAX_PATH];

    CHECK(!PathCombineW(NULL, L"a", L"b"));
    buffer[0] = 'x';
    CHECK(!PathCombineW(buffer, NULL, NULL) && !buffer[0]);
    for (int i = 0; i < 2 * MAX_PATH - 1; i++)
        longer[i] = 'a';
    longer[2 * MAX_PATH - 1] = 0;
    buffer[0] = 'x';
    CHECK(!PathCombineW(buffer, L"C:\\", longer) && !buffer[0]);
    CHECK(!PathFileExistsW(NULL) && !PathFileExistsW(L"no such file"));
    CHECK(PathFileExistsW(L".") && PathIsDirectoryW(L"."));
    CHECK(!PathIsRelativeW(L"\\a") && PathIsRelativeW(L"a") && PathIsRelativeW(NULL));
    CHECK(PathMatchSpecW(L"file.txt", L"*.txt") && PathMatchSpecW(L"file.c", L"*.h;*.c"));
    CHECK(!PathMatchSpecW(L"file.txt", L"*.c") && PathMatchSpecW(L"FILE.TXT", L"f?le.*"));
    CHECK(PathMatchSpecW(L"any", L"*.*"));
    CHECK_STR(PathFindFileNameA("C:\\a\\b.c"), "b.c");
    CHECK_STR(PathFindExtensionA("a.b\\c"), "");
    CHECK_EQ(PathGetDriveNumberA("d:x"), 3);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        WCHAR path[MAX_PATH];

        wcscpy(path, cases[i].path);
        CHECK_EQ(call(cases[i].function, path), cases[i].result);
        check_wide(path, cases[i].after, cases[i].path);
    }
    for (size_t i = 0; i < COUNT(combined); i++) {
        WCHAR path[MAX_PATH] = {0};

        CHECK_EQ(PathCombineW(path, combined[i].a, combined[i].b) != NULL, combined[i].result);
        check_wide(path, combined[i].out, combined[i].a);
    }
    for (size_t i = 0; i < COUNT(appended); i++) {
        WCHAR path[MAX_PATH];

        wcscpy(path, appended[i].a);
        CHECK_EQ(PathAppendW(path, appended[i].b), appended[i].result);
        check_wide(path, appended[i].out, appended[i].a);
    }
    for (size_t i = 0; i < COUNT(common); i++) {
        WCHAR path[MAX_PATH] = {0};

        CHECK_EQ(PathCommonPrefixW(common[i].a, common[i].b, path), common[i].result);
        check_wide(path, common[i].out, common[i].a);
    }
    check_misuse();
    return check_done();
}
