/*
 * console_key.h: what a terminal sends for a key, as key events.
 */
#ifndef NTDLL_CONSOLE_KEY_H
#define NTDLL_CONSOLE_KEY_H

#include "win.h"

/* One key at the start of `text`: the event of its being pressed.  How many characters it took. */
DWORD console_key(const WCHAR *text, DWORD count, KEY_EVENT_RECORD *key);

#endif
