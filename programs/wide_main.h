/*
 * wide_main.h: the arguments of a program as UTF-16.  A program that includes it defines run() instead of main().
 */
#ifndef PROGRAMS_WIDE_MAIN_H
#define PROGRAMS_WIDE_MAIN_H

#include "console.h"
#include <shellapi.h>

static int run(int argc, WCHAR **argv);

int main(void)
{
    int argc;
    WCHAR **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    return argv ? run(argc, argv) : 1;
}

#endif
