/*
 * Which key gives which character and has which scan code, and what do texts become in the OEM code page?
 */
#include "check.h"

static const char *plain = "abcdefghijklmnopqrstuvwxyz0123456789-=[];'`\\,./ ";
static const char *shifted = "ABCDEFGHIJKLMNOPQRSTUVWXYZ)!@#$%^&*(_+{}:\"~|<>? ";

static void characters(void)
{
    for (int i = 0; plain[i]; i++) {
        SHORT key = VkKeyScanW((WCHAR)plain[i]), upper = VkKeyScanA(shifted[i]);
        BYTE state[256] = {0};
        WCHAR text[4] = {0};
        WORD ascii = 0;
        UINT scan;

        CHECK_EQ(key >> 8, 0);
        CHECK_EQ(upper & 0xff, key);
        CHECK_EQ(upper >> 8, plain[i] != ' ');
        scan = MapVirtualKeyW((UINT)key, MAPVK_VK_TO_VSC);
        CHECK(scan > 0 && scan < 0x40);
        CHECK_EQ(MapVirtualKeyA(scan, MAPVK_VSC_TO_VK), key);
        CHECK_EQ(MapVirtualKeyW((UINT)key, MAPVK_VK_TO_CHAR), key >= 'A' && key <= 'Z' ? shifted[i] : plain[i]);
        CHECK_EQ(ToUnicode((UINT)key, scan, state, text, 4, 0), 1);
        CHECK_EQ(text[0], plain[i]);
        CHECK_EQ(ToAscii((UINT)key, scan, state, &ascii, 0), 1);
        CHECK_EQ(ascii, plain[i]);
        state[VK_SHIFT] = 0x80;
        CHECK_EQ(ToUnicode((UINT)key, scan, state, text, 4, 0), 1);
        CHECK_EQ(text[0], shifted[i]);
        state[VK_SHIFT] = 0;
        state[VK_CAPITAL] = 1;
        CHECK_EQ(ToUnicode((UINT)key, scan, state, text, 4, 0), 1);
        CHECK_EQ(text[0], i < 26 ? shifted[i] : plain[i]);
        state[VK_CONTROL] = 0x80;
        if (i < 26) {
            state[VK_CAPITAL] = 0;
            CHECK_EQ(ToUnicode((UINT)key, scan, state, text, 4, 0), 1);
            CHECK_EQ(text[0], i + 1);
        }
        CHECK_EQ(ToUnicode((UINT)key, scan | 0x8000, state, text, 4, 0), 0); /* the key goes up */
    }
    CHECK_EQ(VkKeyScanW(8), VK_BACK);
    CHECK_EQ(VkKeyScanW(9), VK_TAB);
    CHECK_EQ(VkKeyScanW(13), VK_RETURN);
    CHECK_EQ(VkKeyScanW(27), VK_ESCAPE);
    CHECK_EQ(VkKeyScanW(1), 0x200 | 'A');
    CHECK_EQ(VkKeyScanW(0x4e00), -1);
}

static void keys(void)
{
    static const struct {
        BYTE key, scan, back;
    } table[] = {{VK_ESCAPE, 0x01, VK_ESCAPE}, {VK_BACK, 0x0e, VK_BACK},    {VK_RETURN, 0x1c, VK_RETURN},
                 {VK_SHIFT, 0x2a, VK_SHIFT},   {VK_LSHIFT, 0x2a, VK_SHIFT}, {VK_CONTROL, 0x1d, VK_CONTROL},
                 {VK_MENU, 0x38, VK_MENU},     {VK_F1, 0x3b, VK_F1},        {VK_F10, 0x44, VK_F10},
                 {VK_F11, 0x57, VK_F11},       {VK_F12, 0x58, VK_F12},      {VK_HOME, 0x47, VK_HOME},
                 {VK_UP, 0x48, VK_UP},         {VK_LEFT, 0x4b, VK_LEFT},    {VK_DELETE, 0x53, VK_DELETE},
                 {VK_RSHIFT, 0x36, VK_SHIFT},  {VK_SCROLL, 0x46, VK_SCROLL}};
    WCHAR name[KL_NAMELENGTH];
    char ansi[KL_NAMELENGTH];
    HKL list[4];

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        CHECK_EQ(MapVirtualKeyW(table[i].key, MAPVK_VK_TO_VSC), table[i].scan);
        CHECK_EQ(MapVirtualKeyW(table[i].scan, MAPVK_VSC_TO_VK), table[i].back);
    }
    CHECK_EQ(MapVirtualKeyW(0x2a, MAPVK_VSC_TO_VK_EX), VK_LSHIFT);
    CHECK_EQ(MapVirtualKeyW(0x36, MAPVK_VSC_TO_VK_EX), VK_RSHIFT);
    CHECK_EQ(MapVirtualKeyW(VK_F5, MAPVK_VK_TO_CHAR), 0);
    CHECK_EQ(MapVirtualKeyW(VK_NUMPAD5, MAPVK_VK_TO_VSC), 0x4c);
    CHECK_EQ(MapVirtualKeyW('A', 99), 0);
    CHECK_EQ((ULONG_PTR)GetKeyboardLayout(0) & 0xffff, 0x409);
    CHECK(GetKeyboardLayoutList(0, NULL) >= 1);
    CHECK(GetKeyboardLayoutList(4, list) >= 1);
    CHECK(GetKeyboardLayoutNameW(name) && GetKeyboardLayoutNameA(ansi));
    CHECK_STR(ansi, "00000409");
    for (int i = 0; i < KL_NAMELENGTH; i++)
        CHECK_EQ(name[i], ansi[i]);
}

static void oem(void)
{
    char text[32] = "plain text", back[32];
    WCHAR wide[32];

    CHECK(CharToOemA(text, back));
    CHECK_STR(back, "plain text");
    CHECK(CharToOemA(text, text)); /* in place */
    CHECK_STR(text, "plain text");
    CHECK(OemToCharA(back, text));
    CHECK_STR(text, "plain text");
    memset(back, 'x', sizeof back);
    CHECK(CharToOemBuffA("abcdef", back, 3));
    CHECK(!memcmp(back, "abcx", 4));
    CHECK(OemToCharBuffA("defghi", back, 3));
    CHECK(!memcmp(back, "defx", 4));
    CHECK(CharToOemW(L"wide", back));
    CHECK_STR(back, "wide");
    CHECK(OemToCharW("narrow", wide));
    CHECK(!wcscmp(wide, L"narrow"));
    memset(back, 'x', sizeof back);
    CHECK(CharToOemBuffW(L"abc", back, 2));
    CHECK(!memcmp(back, "abx", 3));
    wide[2] = 'x';
    CHECK(OemToCharBuffW("abc", wide, 2));
    CHECK(wide[0] == 'a' && wide[1] == 'b' && wide[2] == 'x');
    CHECK(!CharToOemA(NULL, back));
    CHECK(!OemToCharA("x", NULL));
    CHECK(!CharToOemW(NULL, back));
    CHECK(!OemToCharW("x", NULL));
}

int main(void)
{
    characters();
    keys();
    oem();
    return check_done();
}
