/*
 * metrics.c: what user32 says about the desktop: metrics, colours, parameters.
 *
 * Layer: user32.  The answers of a computer with one screen of 1024 x 768 at 96 dots an inch and Windows 10's
 * default look: what Windows itself tells programs that run where nobody sees a desktop.
 */
#include <string.h>
#include "win.h"

#define SCREEN_WIDTH 1024
#define SCREEN_HEIGHT 768

static const short metrics[] = {
    [SM_CXSCREEN] = SCREEN_WIDTH,
    [SM_CYSCREEN] = SCREEN_HEIGHT,
    [SM_CXVSCROLL] = 17,
    [SM_CYHSCROLL] = 17,
    [SM_CYCAPTION] = 23,
    [SM_CXBORDER] = 1,
    [SM_CYBORDER] = 1,
    [SM_CXDLGFRAME] = 3,
    [SM_CYDLGFRAME] = 3,
    [SM_CYVTHUMB] = 17,
    [SM_CXHTHUMB] = 17,
    [SM_CXICON] = 32,
    [SM_CYICON] = 32,
    [SM_CXCURSOR] = 32,
    [SM_CYCURSOR] = 32,
    [SM_CYMENU] = 20,
    [SM_CXFULLSCREEN] = SCREEN_WIDTH,
    [SM_CYFULLSCREEN] = SCREEN_HEIGHT - 23,
    [SM_MOUSEPRESENT] = 1,
    [SM_CYVSCROLL] = 17,
    [SM_CXHSCROLL] = 17,
    [SM_CXMIN] = 136,
    [SM_CYMIN] = 39,
    [SM_CXSIZE] = 36,
    [SM_CYSIZE] = 22,
    [SM_CXFRAME] = 4,
    [SM_CYFRAME] = 4,
    [SM_CXMINTRACK] = 136,
    [SM_CYMINTRACK] = 39,
    [SM_CXDOUBLECLK] = 4,
    [SM_CYDOUBLECLK] = 4,
    [SM_CXICONSPACING] = 75,
    [SM_CYICONSPACING] = 75,
    [SM_CMOUSEBUTTONS] = 3,
    [SM_CXEDGE] = 2,
    [SM_CYEDGE] = 2,
    [SM_CXMINSPACING] = 160,
    [SM_CYMINSPACING] = 31,
    [SM_CXSMICON] = 16,
    [SM_CYSMICON] = 16,
    [SM_CYSMCAPTION] = 23,
    [SM_CXSMSIZE] = 22,
    [SM_CYSMSIZE] = 22,
    [SM_CXMENUSIZE] = 19,
    [SM_CYMENUSIZE] = 19,
    [SM_ARRANGE] = 8,
    [SM_CXMINIMIZED] = 160,
    [SM_CYMINIMIZED] = 31,
    [SM_CXMAXTRACK] = SCREEN_WIDTH + 12,
    [SM_CYMAXTRACK] = SCREEN_HEIGHT + 12,
    [SM_CXMAXIMIZED] = SCREEN_WIDTH + 8,
    [SM_CYMAXIMIZED] = SCREEN_HEIGHT + 8,
    [SM_NETWORK] = 3,
    [SM_CXDRAG] = 4,
    [SM_CYDRAG] = 4,
    [SM_CXMENUCHECK] = 15,
    [SM_CYMENUCHECK] = 15,
    [SM_MOUSEWHEELPRESENT] = 1,
    [SM_CXVIRTUALSCREEN] = SCREEN_WIDTH,
    [SM_CYVIRTUALSCREEN] = SCREEN_HEIGHT,
    [SM_CMONITORS] = 1,
    [SM_SAMEDISPLAYFORMAT] = 1,
    [SM_CXFOCUSBORDER] = 1,
    [SM_CYFOCUSBORDER] = 1,
    [SM_CXPADDEDBORDER] = 4,
};

int WINAPI GetSystemMetrics(int index)
{
    return index >= 0 && index < (int)(sizeof metrics / sizeof *metrics) ? metrics[index] : 0;
}

/* Lengths grow with the dots per inch; counts and flags do not. */
static bool metric_is_length(int index)
{
    switch (index) {
    case SM_CXSCREEN ... SM_CYSCREEN:
    case SM_CXFULLSCREEN ... SM_MOUSEPRESENT:
    case SM_CMOUSEBUTTONS:
    case SM_ARRANGE:
    case SM_CXMAXTRACK ... SM_NETWORK:
    case SM_MOUSEWHEELPRESENT:
    case SM_CXVIRTUALSCREEN ... SM_SAMEDISPLAYFORMAT:
        return false;
    default:
        return true;
    }
}

int WINAPI GetSystemMetricsForDpi(int index, UINT dpi)
{
    int value = GetSystemMetrics(index);

    return metric_is_length(index) ? (int)((value * (long long)dpi + 48) / 96) : value;
}

UINT WINAPI GetDpiForSystem(void)
{
    return 96;
}

static const COLORREF colours[] = {
    [COLOR_SCROLLBAR] = RGB(200, 200, 200),
    [COLOR_BACKGROUND] = RGB(0, 0, 0),
    [COLOR_ACTIVECAPTION] = RGB(153, 180, 209),
    [COLOR_INACTIVECAPTION] = RGB(191, 205, 219),
    [COLOR_MENU] = RGB(240, 240, 240),
    [COLOR_WINDOW] = RGB(255, 255, 255),
    [COLOR_WINDOWFRAME] = RGB(100, 100, 100),
    [COLOR_ACTIVEBORDER] = RGB(180, 180, 180),
    [COLOR_INACTIVEBORDER] = RGB(244, 247, 252),
    [COLOR_APPWORKSPACE] = RGB(171, 171, 171),
    [COLOR_HIGHLIGHT] = RGB(0, 120, 215),
    [COLOR_HIGHLIGHTTEXT] = RGB(255, 255, 255),
    [COLOR_BTNFACE] = RGB(240, 240, 240),
    [COLOR_BTNSHADOW] = RGB(160, 160, 160),
    [COLOR_GRAYTEXT] = RGB(109, 109, 109),
    [COLOR_BTNHIGHLIGHT] = RGB(255, 255, 255),
    [COLOR_3DDKSHADOW] = RGB(105, 105, 105),
    [COLOR_3DLIGHT] = RGB(227, 227, 227),
    [COLOR_INFOBK] = RGB(255, 255, 225),
    [COLOR_HOTLIGHT] = RGB(0, 102, 204),
    [COLOR_GRADIENTACTIVECAPTION] = RGB(185, 209, 234),
    [COLOR_GRADIENTINACTIVECAPTION] = RGB(215, 228, 242),
    [COLOR_MENUHILIGHT] = RGB(0, 120, 215),
    [COLOR_MENUBAR] = RGB(240, 240, 240),
};

DWORD WINAPI GetSysColor(int index)
{
    return index >= 0 && index < (int)(sizeof colours / sizeof *colours) ? colours[index] : 0;
}

UINT WINAPI GetDoubleClickTime(void)
{
    return 500;
}

UINT WINAPI GetCaretBlinkTime(void)
{
    return 530;
}

/* Parameters that are one number (UINT or BOOL): as Windows has them by default; setting is remembered. */
static struct {
    UINT get, set;
    LONG value;
    bool in_parameter; /* set by the parameter rather than through the pointer */
} numbers[] = {
    {SPI_GETBEEP, SPI_SETBEEP, TRUE, true},
    {SPI_GETBORDER, SPI_SETBORDER, 1, true},
    {SPI_GETKEYBOARDSPEED, SPI_SETKEYBOARDSPEED, 31, true},
    {SPI_GETKEYBOARDDELAY, SPI_SETKEYBOARDDELAY, 1, true},
    {SPI_GETSCREENSAVETIMEOUT, SPI_SETSCREENSAVETIMEOUT, 0, true},
    {SPI_GETSCREENSAVEACTIVE, SPI_SETSCREENSAVEACTIVE, FALSE, true},
    {SPI_GETSCREENSAVERRUNNING, SPI_SETSCREENSAVERRUNNING, FALSE, true},
    {SPI_GETICONTITLEWRAP, SPI_SETICONTITLEWRAP, TRUE, true},
    {SPI_GETMENUDROPALIGNMENT, SPI_SETMENUDROPALIGNMENT, FALSE, true},
    {SPI_GETDRAGFULLWINDOWS, SPI_SETDRAGFULLWINDOWS, TRUE, true},
    {SPI_GETKEYBOARDPREF, SPI_SETKEYBOARDPREF, FALSE, true},
    {SPI_GETSCREENREADER, SPI_SETSCREENREADER, FALSE, true},
    {SPI_GETFONTSMOOTHING, SPI_SETFONTSMOOTHING, TRUE, true},
    {SPI_GETWHEELSCROLLLINES, SPI_SETWHEELSCROLLLINES, 3, true},
    {SPI_GETWHEELSCROLLCHARS, SPI_SETWHEELSCROLLCHARS, 3, true},
    {SPI_GETMENUSHOWDELAY, SPI_SETMENUSHOWDELAY, 400, true},
    {SPI_GETMOUSESPEED, SPI_SETMOUSESPEED, 10, false},
    {SPI_GETMOUSEHOVERTIME, SPI_SETMOUSEHOVERTIME, 400, true},
    {SPI_GETMOUSEHOVERWIDTH, SPI_SETMOUSEHOVERWIDTH, 4, true},
    {SPI_GETMOUSEHOVERHEIGHT, SPI_SETMOUSEHOVERHEIGHT, 4, true},
    {SPI_GETMOUSETRAILS, SPI_SETMOUSETRAILS, 0, true},
    {SPI_GETACTIVEWINDOWTRACKING, SPI_SETACTIVEWINDOWTRACKING, FALSE, false},
    {SPI_GETMENUANIMATION, SPI_SETMENUANIMATION, TRUE, false},
    {SPI_GETCOMBOBOXANIMATION, SPI_SETCOMBOBOXANIMATION, TRUE, false},
    {SPI_GETLISTBOXSMOOTHSCROLLING, SPI_SETLISTBOXSMOOTHSCROLLING, TRUE, false},
    {SPI_GETGRADIENTCAPTIONS, SPI_SETGRADIENTCAPTIONS, TRUE, false},
    {SPI_GETKEYBOARDCUES, SPI_SETKEYBOARDCUES, FALSE, false},
    {SPI_GETDROPSHADOW, SPI_SETDROPSHADOW, TRUE, false},
    {SPI_GETCLIENTAREAANIMATION, SPI_SETCLIENTAREAANIMATION, TRUE, false},
    {SPI_GETUIEFFECTS, SPI_SETUIEFFECTS, TRUE, false},
    {SPI_GETFOREGROUNDLOCKTIMEOUT, SPI_SETFOREGROUNDLOCKTIMEOUT, 200000, false},
    {SPI_GETFONTSMOOTHINGTYPE, SPI_SETFONTSMOOTHINGTYPE, 2, false},
    {SPI_GETFONTSMOOTHINGCONTRAST, SPI_SETFONTSMOOTHINGCONTRAST, 1200, false},
    {SPI_GETCARETWIDTH, SPI_SETCARETWIDTH, 1, false},
};

/* Structures of which the program says the size. */
static BOOL parameter_structure(UINT action, UINT size, void *data)
{
    switch (action) {
    case SPI_GETWORKAREA:
        *(RECT *)data = (RECT){0, 0, SCREEN_WIDTH, SCREEN_HEIGHT};
        return TRUE;
    case SPI_GETMOUSE:
        memcpy(data, (const int[3]){6, 10, 1}, 3 * sizeof(int));
        return TRUE;
    case SPI_GETHIGHCONTRAST: /* off; the name of the scheme is empty */
        if (size != 0 && size != sizeof(HIGHCONTRASTW))
            return FALSE;
        memset((char *)data + sizeof(UINT), 0, sizeof(HIGHCONTRASTW) - sizeof(UINT));
        return TRUE;
    case SPI_GETSTICKYKEYS:
    case SPI_GETTOGGLEKEYS:
        ((STICKYKEYS *)data)->dwFlags = 0x1fa;
        return TRUE;
    case SPI_GETANIMATION:
        ((ANIMATIONINFO *)data)->iMinAnimate = TRUE;
        return TRUE;
    default:
        return FALSE;
    }
}

BOOL WINAPI SystemParametersInfoW(UINT action, UINT parameter, PVOID data, UINT report)
{
    (void)report; /* there is no profile to write to and nobody to tell */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i].get == action && data) {
            *(LONG *)data = numbers[i].value;
            return TRUE;
        }
        if (numbers[i].set == action) {
            numbers[i].value = numbers[i].in_parameter ? (LONG)parameter : (LONG)(LONG_PTR)data;
            return TRUE;
        }
    }
    if (data && parameter_structure(action, parameter, data))
        return TRUE;
    SetLastError(data ? ERROR_INVALID_SPI_VALUE : ERROR_NOACCESS);
    return FALSE;
}

/* None of the parameters answered here holds text. */
BOOL WINAPI SystemParametersInfoA(UINT action, UINT parameter, PVOID data, UINT report)
{
    return SystemParametersInfoW(action, parameter, data, report);
}
