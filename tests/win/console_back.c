/*
 * What does a program find that reads the console's screen back, asks for its font, history and window?
 */
#include "check.h"

static void cells(HANDLE screen)
{
    CHAR_INFO back[6];
    COORD size = {3, 2}, from = {0, 0};
    SMALL_RECT region = {0, 0, 2, 1};
    char text[8] = "xxxxxxx";
    WCHAR wide[8] = L"xxxxxxx";
    WORD attributes[8] = {0};
    DWORD read = 99;
    CONSOLE_SCREEN_BUFFER_INFO info;

    CHECK(GetConsoleScreenBufferInfo(screen, &info));
    memset(back, 0xee, sizeof back);
    CHECK(ReadConsoleOutputW(screen, back, size, from, &region));
    CHECK(region.Left == 0 && region.Top == 0 && region.Right == 2 && region.Bottom == 1);
    for (int i = 0; i < 6; i++)
        CHECK(back[i].Char.UnicodeChar != 0xeeee && back[i].Attributes != 0xeeee);
    memset(back, 0xee, sizeof back);
    region = (SMALL_RECT){0, 0, 9, 9}; /* as much as the buffer takes from its place on */
    from = (COORD){1, 1};
    CHECK(ReadConsoleOutputA(screen, back, size, from, &region));
    CHECK(region.Right == 1 && region.Bottom == 0);
    for (int i = 0; i < 6; i++)
        CHECK_EQ(back[i].Attributes == 0xeeee, i < 4);
    CHECK(ReadConsoleOutputCharacterA(screen, text, 3, (COORD){0, 0}, &read));
    CHECK_EQ(read, 3);
    CHECK_EQ(text[3], 'x');
    CHECK(ReadConsoleOutputCharacterW(screen, wide, 3, (COORD){0, 0}, &read));
    CHECK_EQ(read, 3);
    CHECK_EQ(wide[3], 'x');
    CHECK(ReadConsoleOutputCharacterW(screen, wide, 7, (COORD){(SHORT)(info.dwSize.X - 2), (SHORT)(info.dwSize.Y - 1)},
                                      &read));
    CHECK_EQ(read, 2); /* the screen ends there */
    CHECK(ReadConsoleOutputAttribute(screen, attributes, 3, (COORD){0, 0}, &read));
    CHECK_EQ(read, 3);
    CHECK_EQ(attributes[3], 0);
    CHECK(WriteConsoleOutputAttribute(screen, attributes, 3, (COORD){0, 0}, &read));
    CHECK_EQ(read, 3);
}

static void fonts(HANDLE screen)
{
    CONSOLE_FONT_INFO font;
    CONSOLE_FONT_INFOEX wide = {.cbSize = sizeof wide};
    COORD size;

    CHECK(GetCurrentConsoleFont(screen, FALSE, &font));
    CHECK(font.dwFontSize.X > 0 && font.dwFontSize.Y > 0);
    size = GetConsoleFontSize(screen, font.nFont);
    CHECK(size.X == font.dwFontSize.X && size.Y == font.dwFontSize.Y);
    size = GetConsoleFontSize(screen, 9999);
    CHECK(!size.X && !size.Y);
    CHECK(GetCurrentConsoleFontEx(screen, FALSE, &wide));
    CHECK(wide.FaceName[0] && wide.dwFontSize.Y > 0 && wide.FontWeight >= 400);
    CHECK(SetCurrentConsoleFontEx(screen, FALSE, &wide));
    wide.cbSize = 4;
    CHECK_ERROR(GetCurrentConsoleFontEx(screen, FALSE, &wide), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetCurrentConsoleFontEx(screen, FALSE, &wide), ERROR_INVALID_PARAMETER);
}

static void window(void)
{
    CONSOLE_HISTORY_INFO history = {.cbSize = sizeof history};
    CONSOLE_SELECTION_INFO selection;
    WCHAR title[300];
    char ansi[300];
    DWORD mode = 99;

    CHECK(GetConsoleDisplayMode(&mode));
    CHECK(mode <= 3);
    CHECK(GetConsoleTitleW(title, 300) || GetLastError() == 0);
    if (check_under_wine()) /* does not do the rest */
        return;
    CHECK(GetConsoleSelectionInfo(&selection));
    CHECK_EQ(selection.dwFlags, 0);
    CHECK(GetConsoleHistoryInfo(&history));
    CHECK_EQ(history.HistoryBufferSize, 50);
    CHECK_EQ(history.NumberOfHistoryBuffers, 4);
    history.HistoryBufferSize = 99;
    CHECK(SetConsoleHistoryInfo(&history));
    history.HistoryBufferSize = 0;
    CHECK(GetConsoleHistoryInfo(&history));
    CHECK_EQ(history.HistoryBufferSize, 99);
    history.cbSize = 1;
    CHECK_ERROR(GetConsoleHistoryInfo(&history), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetConsoleHistoryInfo(&history), ERROR_INVALID_PARAMETER);
    CHECK(GetConsoleOriginalTitleW(title, 300) > 0);
    CHECK(GetConsoleOriginalTitleA(ansi, 300) > 0);
    CHECK_EQ(title[0], ansi[0]);
    SetConsoleTitleW(L"another one");
    CHECK(GetConsoleOriginalTitleW(title, 300) > 0);
    CHECK_EQ(title[0], ansi[0]);
}

int main(void)
{
    HANDLE screen = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    SMALL_RECT region = {0, 0, 0, 0};
    CONSOLE_FONT_INFO font;
    CHAR_INFO cell;
    WORD attribute = 7;
    DWORD read;
    WCHAR c;
    char a;

    CHECK_ERROR(ReadConsoleOutputW(event, &cell, (COORD){1, 1}, (COORD){0, 0}, &region), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReadConsoleOutputCharacterW(event, &c, 1, (COORD){0, 0}, &read), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReadConsoleOutputCharacterA(event, &a, 1, (COORD){0, 0}, &read), ERROR_INVALID_HANDLE);
    CHECK_ERROR(ReadConsoleOutputAttribute(event, &attribute, 1, (COORD){0, 0}, &read), ERROR_INVALID_HANDLE);
    CHECK_ERROR(WriteConsoleOutputAttribute(event, &attribute, 1, (COORD){0, 0}, &read), ERROR_INVALID_HANDLE);
    CHECK_ERROR(GetCurrentConsoleFont(event, FALSE, &font), ERROR_INVALID_HANDLE);
    if (screen != INVALID_HANDLE_VALUE) {
        cells(screen);
        fonts(screen);
        window();
    }
    return check_done();
}
