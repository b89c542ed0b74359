/* hello.c: the smallest program that prints; built natively and for Windows. */
#include <stdio.h>

int main(void)
{
    printf("hello\n");
    return 0;
}
