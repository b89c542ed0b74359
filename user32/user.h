/*
 * user.h: windows and message queues, inside user32.
 *
 * One lock guards windows, queues and what hangs on them; nothing of the program's is called under it.  A window
 * belongs to the thread that made it: only that thread calls its procedure and frees it, so a pointer to a window is
 * good under the lock, and in that thread until the procedure is next called.
 */
#ifndef USER32_USER_H
#define USER32_USER_H

#include "win.h"
#include "ntsync.h"

#define DESKTOP_WINDOW ((HWND)(ULONG_PTR)0x10010)

struct class;

struct property {
    struct property *next;
    ATOM name;
    HANDLE value;
};

struct window {
    HWND handle, parent; /* parent: also the owner, or HWND_MESSAGE */
    DWORD thread;
    struct class *class;
    WNDPROC procedure;
    bool ansi, destroyed;
    DWORD style, style_ex;
    HINSTANCE instance;
    LONG_PTR id, user;
    RECT rect;
    WCHAR *text;
    struct property *properties;
    int extra_size;
    unsigned char *extra;
};

/* A message sent to a window of another thread; it is the sender's, unless nobody waits for it. */
struct sent {
    struct sent *next;
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    LRESULT result;
    struct queue *sender;        /* NULL: does not wait (any more): who handles it frees it */
    bool waited, done, finished; /* the sender waits or waited; answered; and its procedure has returned */
};

struct entry {
    struct entry *next;
    MSG message;
};

struct timer {
    struct timer *next;
    HWND window;
    UINT_PTR id;
    UINT period;
    ULONGLONG due; /* GetTickCount64 */
    TIMERPROC procedure;
};

struct queue {
    struct queue *next;
    DWORD thread;
    struct entry *first, *last; /* posted */
    struct sent *sent, *handling;
    struct timer *timers;
    UINT_PTR last_timer;
    bool quit;
    int quit_code;
    WORD fresh;       /* QS_ bits: what came since it was last looked for */
    HANDLE event;     /* set while there is something new */
    HANDLE send_wait; /* auto: a message was sent to this thread, or one of its own was answered */
    LONG time;        /* of the last message retrieved */
    LPARAM extra;
};

extern RTL_SRWLOCK user_lock;

static inline HANDLE user_heap(void)
{
    return peb_current()->ProcessHeap;
}

/* message.c */
struct queue *queue_own(void);               /* made if need be; NULL: no memory */
struct queue *queue_of_locked(DWORD thread); /* NULL: it has none */
void queue_signal_locked(struct queue *queue, WORD bits);
void queue_forget_window_locked(struct queue *queue, HWND window);
bool thread_lives(DWORD id);

/* send.c */
struct send {
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    UINT flags;         /* SMTO_... */
    DWORD milliseconds; /* to wait for the answer, or INFINITE */
};
bool send_message(const struct send *how, LRESULT *result); /* false: no such window, or no answer */
/* sendtext.c: the same for a sender whose texts are of this form. */
bool send_text(const struct send *how, bool ansi, LRESULT *result);
bool window_takes_ansi(HWND handle, bool *ansi); /* false: no such window */
void sent_handle(struct queue *queue);           /* calls the procedures for what was sent to the calling thread */

/* window.c: NULL and the last error if there is no such window.  The desktop is none of these. */
struct window *window_find_locked(HWND handle);
struct window *window_own(HWND handle); /* of the calling thread, without the lock */
DWORD window_thread(HWND handle);       /* 0: no such window; the last error says so */
LRESULT window_call(HWND handle, UINT message, WPARAM wparam, LPARAM lparam); /* of the calling thread */
unsigned windows_list(HWND parent, HWND *list, unsigned room);                /* its children; NULL: top-level */
void windows_of_dead_thread_locked(DWORD thread);

/* class.c */
struct class *class_use(LPCWSTR name, HINSTANCE module, WNDCLASSEXW *info, bool *ansi); /* NULL: last error */
void class_done(struct class *);
int class_name(struct class *, LPWSTR name, int room);
ATOM class_atom(struct class *);

#endif
