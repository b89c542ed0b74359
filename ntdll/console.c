/*
 * console.c: the terminal as Windows' console: opening it, its modes and code pages.  console_input.c and
 * console_output.c read and write it.
 *
 * Nothing is asked of the terminal before the program asks for something.  Its settings are
 * changed only when the program sets a mode that differs, and are put back at exit.
 * Calls Linux.
 */
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "console_private.h"
#include "handover.h"

struct console console = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .input_lock = PTHREAD_MUTEX_INITIALIZER,
    .input_mode = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_MOUSE_INPUT |
                  ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE | ENABLE_EXTENDED_FLAGS | ENABLE_AUTO_POSITION,
    .output_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT,
    .input_page = 65001,
    .output_page = 65001,
};

NTSTATUS console_lookup(HANDLE handle, struct file **file)
{
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)file);
    if (status)
        return STATUS_INVALID_HANDLE;
    if ((*file)->kind == FILE_KIND_CONSOLE)
        return STATUS_SUCCESS;
    object_release(*file);
    return STATUS_INVALID_HANDLE;
}

/*
 * A terminal is open for both directions, whoever the handle is for.  Input: CONIN$, standard input; what was
 * opened for writing alone, or is fd 1 or 2, is the screen.
 */
bool console_is_input(const struct file *file)
{
    if (file->borrowed)
        return file->fd == 0;
    return file->console_input;
}

struct file *console_open(enum path_kind kind, ACCESS_MASK access, ULONG options)
{
    bool input = kind == PATH_CONSOLE_IN || (kind == PATH_CONSOLE && !(access & (FILE_WRITE_DATA | FILE_APPEND_DATA)));
    const struct start_block *start = start_block();
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    /* Without a terminal there is a console that nobody sees, unless the process was started without one. */
    if (fd < 0 && !(start && start->flags & START_NO_CONSOLE))
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct file *file = file_create(FILE_KIND_CONSOLE, fd, access, options | FILE_SYNCHRONOUS_IO_NONALERT);
    if (file) {
        file->console_input = input;
        file->host_position = true;
    }
    return file;
}

NTSTATUS console_get_mode(HANDLE handle, ULONG *mode)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    *mode = console_is_input(file) ? console.input_mode : console.output_mode;
    object_release(file);
    return status;
}

/* The terminal's settings for an input mode. */
static void termios_for_mode(struct termios *settings, ULONG mode)
{
    bool line = mode & ENABLE_LINE_INPUT;
    *settings = console.original;
    if (!line) {
        settings->c_lflag &= ~(ICANON | IEXTEN);
        settings->c_iflag &= ~(ICRNL | IXON);
        settings->c_cc[VMIN] = 1;
        settings->c_cc[VTIME] = 0;
        settings->c_cc[VSUSP] = _POSIX_VDISABLE; /* Control-Z is a character */
    }
    if (!line || !(mode & ENABLE_ECHO_INPUT))
        settings->c_lflag &= ~(ECHO | ECHONL);
    if (!(mode & ENABLE_PROCESSED_INPUT))
        settings->c_lflag &= ~ISIG;
}

bool console_save_terminal(int fd)
{
    if (console.saved)
        return true;
    if (tcgetattr(fd, &console.original))
        return false;
    console.saved_fd = fd;
    console.saved = true;
    console_ctrl_install();
    return true;
}

static void terminal_apply(int fd, ULONG mode)
{
    struct termios settings;
    if (!console_save_terminal(fd))
        return;
    console.keys = false;
    termios_for_mode(&settings, mode);
    tcsetattr(fd, TCSADRAIN, &settings);
}

void console_restore(void)
{
    if (console.saved)
        tcsetattr(console.saved_fd, TCSADRAIN, &console.original);
}

NTSTATUS console_set_mode(HANDLE handle, ULONG mode)
{
    const ULONG shown = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT;
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.lock);
    if (!console_is_input(file)) {
        console.output_mode = mode;
    } else if ((mode & ENABLE_ECHO_INPUT) && !(mode & ENABLE_LINE_INPUT)) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        if ((mode ^ console.input_mode) & shown)
            terminal_apply(file->fd, mode);
        console.input_mode = mode;
    }
    host_unlock(&console.lock);
    object_release(file);
    return status;
}

UINT console_code_page(bool output)
{
    return output ? console.output_page : console.input_page;
}

void console_set_code_page(bool output, UINT code_page)
{
    if (output)
        console.output_page = code_page;
    else
        console.input_page = code_page;
}
