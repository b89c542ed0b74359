/*
 * comp.c: comp.exe: compares two files byte by byte.
 *
 * Exit: 0 the same, 1 different, 2 an error.
 */
#include "wide_main.h"

static const WCHAR usage[] = L"COMP [data1] [data2] [/D] [/A] [/L] [/N=number] [/C] [/M]\r\n";

static bool decimal, letters, lines, fold;
static DWORD line_count;

static BYTE *read_file(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    *size = GetFileSize(file, NULL);
    BYTE *bytes = need(*size + 1);
    if (!ReadFile(file, bytes, *size, size, NULL)) {
        free(bytes);
        bytes = NULL;
    }
    CloseHandle(file);
    return bytes;
}

static BYTE folded(BYTE c)
{
    return fold && c >= 'a' && c <= 'z' ? (BYTE)(c - 'a' + 'A') : c;
}

static int compare(const BYTE *a, const BYTE *b, DWORD size)
{
    const WCHAR *format = letters   ? L"file1 = %hc\r\nfile2 = %hc\r\n"
                          : decimal ? L"file1 = %u\r\nfile2 = %u\r\n"
                                    : L"file1 = %X\r\nfile2 = %X\r\n";
    DWORD line = 1, differences = 0;

    for (DWORD i = 0; i < size; i++) {
        if (line_count && line > line_count)
            break;
        if (folded(a[i]) != folded(b[i])) {
            if (lines)
                print(L"Compare error at LINE %lu\r\n", line);
            else
                print(decimal ? L"Compare error at OFFSET %lu\r\n" : L"Compare error at OFFSET %lX\r\n", i);
            print(format, a[i], b[i]);
            if (++differences == 10) {
                print(L"10 mismatches - ending compare\r\n");
                break;
            }
        }
        line += a[i] == '\n';
    }
    if (!differences)
        print(L"Files compare OK\r\n");
    return differences != 0;
}

static int run(int argc, WCHAR **argv)
{
    const WCHAR *names[2];
    unsigned count = 0;
    DWORD sizes[2];
    BYTE *bytes[2];

    help_wanted(argc, argv, usage);
    for (int i = 1; i < argc; i++) {
        if (*argv[i] != '/' && count < 2)
            names[count++] = argv[i];
        else if (starts_with(argv[i], L"/n="))
            line_count = wcstoul(argv[i] + 3, NULL, 10), lines = true;
        else if (is_option(argv[i], L"d"))
            decimal = true;
        else if (is_option(argv[i], L"a"))
            letters = true;
        else if (is_option(argv[i], L"l"))
            lines = true;
        else if (is_option(argv[i], L"c"))
            fold = true;
        else if (!is_option(argv[i], L"m")) {
            print_error(L"Invalid switch - %s\r\n", argv[i]);
            return 2;
        }
    }
    if (count < 2) { /* it would ask */
        print_error(L"%s", usage);
        return 2;
    }
    for (int i = 0; i < 2; i++) {
        WCHAR *inside = i && is_directory(names[1]) ? join_path(names[1], file_part(names[0])) : NULL;
        bytes[i] = read_file(inside ? inside : names[i], &sizes[i]);
        free(inside);
        if (!bytes[i]) {
            print_error(L"Can't find/open file: %s\r\n", names[i]);
            return 2;
        }
    }
    print(L"Comparing %s and %s...\r\n", names[0], names[1]);
    if (sizes[0] != sizes[1] && !line_count) {
        print(L"Files are different sizes.\r\n");
        return 1;
    }
    return compare(bytes[0], bytes[1], sizes[0] < sizes[1] ? sizes[0] : sizes[1]);
}
