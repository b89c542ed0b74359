/*
 * fileinfo.c: NtQueryInformationFile and the queries by name.
 *
 * One table says how long each class's fixed part is and who fills it.  Calls attributes.c.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "error.h"
#include "fileid.h"
#include "fileio.h"
#include "mailslot.h"
#include "pipe.h"
#include "namedstream.h"

#define BUFFER_MAX 0x10000

/* One query in progress: `used` grows beyond the fixed part for names. */
struct query {
    struct file *file;
    void *out;
    ULONG length, used;
    struct file_facts facts;
    bool has_facts;
};

static NTSTATUS need_facts(struct query *query)
{
    if (query->has_facts)
        return STATUS_SUCCESS;
    NTSTATUS status = facts_of_file(query->file, &query->facts);
    query->has_facts = !status;
    return status;
}

/* Space that a file takes up, as Windows would show it. */
static int64_t allocation_size(const struct stat *st)
{
    return S_ISREG(st->st_mode) ? (int64_t)st->st_blocks * 512 : 0;
}

static int64_t end_of_file(const struct stat *st)
{
    return S_ISREG(st->st_mode) || S_ISBLK(st->st_mode) ? st->st_size : 0;
}

static void fill_basic(const struct file_facts *facts, FILE_BASIC_INFORMATION *info)
{
    info->CreationTime.QuadPart = facts->created;
    info->LastAccessTime.QuadPart = facts->accessed;
    info->LastWriteTime.QuadPart = facts->written;
    info->ChangeTime.QuadPart = facts->changed;
    info->FileAttributes = facts->attributes;
}

static NTSTATUS query_basic(struct query *query)
{
    NTSTATUS status = need_facts(query);
    if (!status)
        fill_basic(&query->facts, query->out);
    return status;
}

static void fill_standard(struct query *query, FILE_STANDARD_INFORMATION *info)
{
    const struct stat *st = &query->facts.st;
    memset(info, 0, sizeof *info);
    info->AllocationSize.QuadPart = allocation_size(st);
    info->EndOfFile.QuadPart = end_of_file(st);
    info->NumberOfLinks = st->st_nlink && !S_ISDIR(st->st_mode) ? (ULONG)st->st_nlink : 1;
    info->DeletePending = share_delete_pending(query->file);
    if (info->DeletePending)
        info->NumberOfLinks--;
    info->Directory = S_ISDIR(st->st_mode);
}

static NTSTATUS query_standard(struct query *query)
{
    FILE_STANDARD_INFORMATION info;
    struct file *file = query->file;
    /* The size is asked for often (seeking from the end): one fstat, no attributes. */
    if (file->fd >= 0 && fstat(file->fd, &query->facts.st))
        return status_from_errno(errno);
    NTSTATUS status = file->fd < 0 ? need_facts(query) : STATUS_SUCCESS;
    if (status)
        return status;
    fill_standard(query, &info);
    if (file->kind == FILE_KIND_PIPE)
        info.EndOfFile.QuadPart = file->access & FILE_READ_DATA ? pipe_available(file) : 0;
    memcpy(query->out, &info, sizeof info);
    return STATUS_SUCCESS;
}

/* The file's id, which the program may open it by later. */
static uint64_t tell_id(struct query *query)
{
    fileid_told(query->facts.st.st_ino, query->file->host);
    return query->facts.st.st_ino;
}

static NTSTATUS query_internal(struct query *query)
{
    NTSTATUS status = need_facts(query);
    if (!status)
        ((FILE_INTERNAL_INFORMATION *)query->out)->IndexNumber.QuadPart = (LONGLONG)tell_id(query);
    return status;
}

static NTSTATUS query_ea(struct query *query)
{
    ((FILE_EA_INFORMATION *)query->out)->EaSize = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS query_access(struct query *query)
{
    ((FILE_ACCESS_INFORMATION *)query->out)->AccessFlags = query->file->access;
    return STATUS_SUCCESS;
}

static NTSTATUS query_position(struct query *query)
{
    struct file *file = query->file;
    int64_t position = file->position;
    if (file->host_position) {
        position = lseek(file->fd, 0, SEEK_CUR);
        if (position < 0)
            position = 0;
    }
    ((FILE_POSITION_INFORMATION *)query->out)->CurrentByteOffset.QuadPart = position;
    return STATUS_SUCCESS;
}

static NTSTATUS query_mode(struct query *query)
{
    ((FILE_MODE_INFORMATION *)query->out)->Mode =
        query->file->options & (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | FILE_NO_INTERMEDIATE_BUFFERING |
                                FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT | FILE_DELETE_ON_CLOSE);
    return STATUS_SUCCESS;
}

static NTSTATUS query_alignment(struct query *query)
{
    ((FILE_ALIGNMENT_INFORMATION *)query->out)->AlignmentRequirement = 0;
    return STATUS_SUCCESS;
}

/* The path below the drive, with a backslash first; as much as fits. */
static NTSTATUS fill_name(struct query *query, FILE_NAME_INFORMATION *info, ULONG room)
{
    WCHAR path[PATH_HOST_MAX];
    if (!query->file->host)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_dos_path(query->file, path, PATH_HOST_MAX);
    if (status)
        return status;
    ULONG length = (ULONG)(path_length(path) - 2) * 2;
    info->FileNameLength = length;
    ULONG copy = length < room ? length : room;
    memcpy(info->FileName, path + 2, copy);
    query->used += copy;
    return copy < length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS query_name(struct query *query)
{
    query->used = offsetof(FILE_NAME_INFORMATION, FileName);
    return fill_name(query, query->out, query->length - query->used);
}

static NTSTATUS query_all(struct query *query)
{
    FILE_ALL_INFORMATION *all = query->out;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    struct query part = *query;
    fill_basic(&query->facts, &all->BasicInformation);
    fill_standard(query, &all->StandardInformation);
    all->InternalInformation.IndexNumber.QuadPart = (LONGLONG)tell_id(query);
    all->EaInformation.EaSize = 0;
    all->AccessInformation.AccessFlags = query->file->access;
    part.out = &all->PositionInformation;
    query_position(&part);
    part.out = &all->ModeInformation;
    query_mode(&part);
    all->AlignmentInformation.AlignmentRequirement = 0;
    query->used = offsetof(FILE_ALL_INFORMATION, NameInformation.FileName);
    return fill_name(query, &all->NameInformation, query->length - query->used);
}

static NTSTATUS query_network_open(struct query *query)
{
    FILE_NETWORK_OPEN_INFORMATION *info = query->out;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    info->CreationTime.QuadPart = query->facts.created;
    info->LastAccessTime.QuadPart = query->facts.accessed;
    info->LastWriteTime.QuadPart = query->facts.written;
    info->ChangeTime.QuadPart = query->facts.changed;
    info->AllocationSize.QuadPart = allocation_size(&query->facts.st);
    info->EndOfFile.QuadPart = end_of_file(&query->facts.st);
    info->FileAttributes = query->facts.attributes;
    return STATUS_SUCCESS;
}

static NTSTATUS query_attribute_tag(struct query *query)
{
    FILE_ATTRIBUTE_TAG_INFORMATION *info = query->out;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    info->FileAttributes = query->facts.attributes;
    info->ReparseTag = query->facts.reparse_tag;
    return STATUS_SUCCESS;
}

/* A list of streams being written; `last` is the entry before the next one. */
struct stream_list {
    struct query *query;
    FILE_STREAM_INFORMATION *last;
    NTSTATUS status;
};

static bool stream_put(void *context, const char *name, uint64_t size)
{
    struct stream_list *list = context;
    struct query *query = list->query;
    WCHAR text[512] = u":";
    int length = path_name_to_wide(name, strlen(name), text + 1, 500) + 1;
    ULONG head = offsetof(FILE_STREAM_INFORMATION, StreamName), at = (query->used + 7) & ~7u;
    if (length < 1)
        return true;
    memcpy(text + length, u":$DATA", 7 * sizeof(WCHAR));
    length += 6;
    if (at + head + (ULONG)length * 2 > query->length) {
        list->status = STATUS_BUFFER_OVERFLOW;
        return false;
    }
    FILE_STREAM_INFORMATION *info = (FILE_STREAM_INFORMATION *)((char *)query->out + at);
    if (list->last)
        list->last->NextEntryOffset = (ULONG)((char *)info - (char *)list->last);
    info->NextEntryOffset = 0;
    info->StreamNameLength = (ULONG)length * 2;
    info->StreamSize.QuadPart = (LONGLONG)size;
    info->StreamAllocationSize.QuadPart = (LONGLONG)((size + 7) & ~7ull);
    memcpy(info->StreamName, text, (size_t)length * 2);
    query->used = at + head + (ULONG)length * 2;
    list->last = info;
    return true;
}

static NTSTATUS query_stream(struct query *query)
{
    struct stream_list list = {.query = query};
    NTSTATUS status = need_facts(query);
    query->used = 0;
    if (status)
        return status;
    if (!S_ISDIR(query->facts.st.st_mode) && stream_put(&list, "", (uint64_t)query->facts.st.st_size) && list.last)
        list.last->StreamAllocationSize.QuadPart = allocation_size(&query->facts.st);
    if (!list.status && query->file->host)
        named_stream_list(query->file->host, stream_put, &list);
    return list.status;
}

static NTSTATUS query_compression(struct query *query)
{
    FILE_COMPRESSION_INFORMATION *info = query->out;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    memset(info, 0, sizeof *info);
    info->CompressedFileSize.QuadPart = allocation_size(&query->facts.st);
    return STATUS_SUCCESS;
}

static NTSTATUS query_id(struct query *query)
{
    FILE_ID_INFORMATION *info = query->out;
    struct file_key key;
    if (!file_key(query->file, &key)) {
        NTSTATUS status = need_facts(query);
        if (status)
            return status;
        key = (struct file_key){query->facts.st.st_ino, (uint32_t)query->facts.st.st_dev};
    }
    fileid_told(key.inode, query->file->host);
    memset(info, 0, sizeof *info);
    info->VolumeSerialNumber = volume_serial(key.device);
    memcpy(info->FileId.Identifier, &key.inode, sizeof key.inode);
    return STATUS_SUCCESS;
}

static NTSTATUS query_stat(struct query *query)
{
    FILE_STAT_INFORMATION *info = query->out;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    const struct file_facts *facts = &query->facts;
    *info = (FILE_STAT_INFORMATION){.FileId.QuadPart = (LONGLONG)tell_id(query),
                                    .CreationTime.QuadPart = facts->created,
                                    .LastAccessTime.QuadPart = facts->accessed,
                                    .LastWriteTime.QuadPart = facts->written,
                                    .ChangeTime.QuadPart = facts->changed,
                                    .AllocationSize.QuadPart = allocation_size(&facts->st),
                                    .EndOfFile.QuadPart = end_of_file(&facts->st),
                                    .FileAttributes = facts->attributes,
                                    .ReparseTag = facts->reparse_tag,
                                    .NumberOfLinks = (ULONG)facts->st.st_nlink,
                                    .EffectiveAccess = query->file->access};
    return STATUS_SUCCESS;
}

/* There are no 8.3 names, as on volumes where Windows does not make them. */
static NTSTATUS query_alternate_name(struct query *query)
{
    (void)query;
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS query_links(struct query *query)
{
    NTSTATUS status = need_facts(query);
    return status ? status : fileid_query_links(query->file, &query->facts.st, query->out, query->length, &query->used);
}

static NTSTATUS query_standard_link(struct query *query)
{
    FILE_STANDARD_INFORMATION standard;
    NTSTATUS status = need_facts(query);
    if (status)
        return status;
    fill_standard(query, &standard);
    FILE_STANDARD_LINK_INFORMATION *info = query->out;
    info->TotalNumberOfLinks = standard.NumberOfLinks + standard.DeletePending;
    info->NumberOfAccessibleLinks = standard.NumberOfLinks;
    info->DeletePending = standard.DeletePending;
    info->Directory = standard.Directory;
    return STATUS_SUCCESS;
}

/* \Device\HarddiskVolumeN */
static NTSTATUS query_volume_name(struct query *query)
{
    FILE_VOLUME_NAME_INFORMATION *info = query->out;
    UNICODE_STRING name;
    NTSTATUS status = type_file.query_name(&query->file->object, &name);
    if (status)
        return status;
    ULONG length = 8; /* after \Device\ */
    while (length < name.Length / 2u && name.Buffer[length] != '\\')
        length++;
    info->DeviceNameLength = length * 2;
    ULONG room = query->length - query->used, copy = length * 2 < room ? length * 2 : room;
    memcpy(info->DeviceName, name.Buffer, copy);
    query->used += copy;
    RtlFreeUnicodeString(&name);
    return copy < length * 2 ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static NTSTATUS query_notification_modes(struct query *query)
{
    ((FILE_IO_COMPLETION_NOTIFICATION_INFORMATION *)query->out)->Flags = query->file->notification_modes;
    return STATUS_SUCCESS;
}

static NTSTATUS query_pipe(struct query *query)
{
    FILE_PIPE_INFORMATION *info = query->out;
    return pipe_get_mode(query->file, &info->ReadMode, &info->CompletionMode);
}

static NTSTATUS query_pipe_local(struct query *query)
{
    return pipe_local_information(query->file, query->out);
}

static NTSTATUS query_mailslot(struct query *query)
{
    return mailslot_query(query->file, query->out);
}

/* Flags or numbers that are always 0 here: case sensitivity, remote device. */
static NTSTATUS query_zero(struct query *query)
{
    memset(query->out, 0, query->used);
    return STATUS_SUCCESS;
}

static const struct query_class {
    USHORT length;
    NTSTATUS (*fill)(struct query *);
} query_classes[] = {
    [FileBasicInformation] = {sizeof(FILE_BASIC_INFORMATION), query_basic},
    [FileStandardInformation] = {sizeof(FILE_STANDARD_INFORMATION), query_standard},
    [FileInternalInformation] = {sizeof(FILE_INTERNAL_INFORMATION), query_internal},
    [FileEaInformation] = {sizeof(FILE_EA_INFORMATION), query_ea},
    [FileAccessInformation] = {sizeof(FILE_ACCESS_INFORMATION), query_access},
    [FileNameInformation] = {sizeof(FILE_NAME_INFORMATION), query_name},
    [FilePositionInformation] = {sizeof(FILE_POSITION_INFORMATION), query_position},
    [FileModeInformation] = {sizeof(FILE_MODE_INFORMATION), query_mode},
    [FileAlignmentInformation] = {sizeof(FILE_ALIGNMENT_INFORMATION), query_alignment},
    [FileAllInformation] = {sizeof(FILE_ALL_INFORMATION), query_all},
    [FileAlternateNameInformation] = {sizeof(FILE_NAME_INFORMATION), query_alternate_name},
    [FileStreamInformation] = {0, query_stream},
    [FilePipeInformation] = {sizeof(FILE_PIPE_INFORMATION), query_pipe},
    [FilePipeLocalInformation] = {sizeof(FILE_PIPE_LOCAL_INFORMATION), query_pipe_local},
    [FileMailslotQueryInformation] = {sizeof(FILE_MAILSLOT_QUERY_INFORMATION), query_mailslot},
    [FileCompressionInformation] = {sizeof(FILE_COMPRESSION_INFORMATION), query_compression},
    [FileNetworkOpenInformation] = {sizeof(FILE_NETWORK_OPEN_INFORMATION), query_network_open},
    [FileAttributeTagInformation] = {sizeof(FILE_ATTRIBUTE_TAG_INFORMATION), query_attribute_tag},
    [FileIoCompletionNotificationInformation] = {sizeof(FILE_IO_COMPLETION_NOTIFICATION_INFORMATION),
                                                 query_notification_modes},
    [FileIoPriorityHintInformation] = {4, query_zero},
    [FileNormalizedNameInformation] = {sizeof(FILE_NAME_INFORMATION), query_name},
    [FileHardLinkInformation] = {sizeof(FILE_LINKS_INFORMATION), query_links},
    [FileIsRemoteDeviceInformation] = {1, query_zero},
    [FileStandardLinkInformation] = {sizeof(FILE_STANDARD_LINK_INFORMATION), query_standard_link},
    [FileVolumeNameInformation] = {offsetof(FILE_VOLUME_NAME_INFORMATION, DeviceName), query_volume_name},
    [FileIdInformation] = {sizeof(FILE_ID_INFORMATION), query_id},
    [FileStatInformation] = {sizeof(FILE_STAT_INFORMATION), query_stat},
    [FileCaseSensitiveInformation] = {4, query_zero},
};

NTSTATUS WINAPI NtQueryInformationFile(HANDLE handle, PIO_STATUS_BLOCK io, PVOID out, ULONG length,
                                       FILE_INFORMATION_CLASS class)
{
    struct file *file;
    unsigned number = (unsigned)class;
    if (number >= sizeof query_classes / sizeof *query_classes || !query_classes[number].fill)
        return STATUS_INVALID_INFO_CLASS;
    if (length < query_classes[number].length)
        return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)&file);
    if (status)
        return status;
    struct query query = {.file = file, .out = out, .length = length, .used = query_classes[number].length};
    status = query_classes[number].fill(&query);
    io->Status = status;
    io->Information = NT_ERROR(status) ? 0 : query.used;
    object_release(file);
    return status;
}

static NTSTATUS query_by_name(const OBJECT_ATTRIBUTES *attributes, struct file_facts *facts)
{
    struct path path;
    NTSTATUS status = path_translate(attributes->ObjectName, attributes->RootDirectory, &path);
    if (status)
        return status;
    if (path.kind == PATH_NULL || path.kind == PATH_CONSOLE || path.kind == PATH_CONSOLE_IN ||
        path.kind == PATH_CONSOLE_OUT) {
        memset(facts, 0, sizeof *facts);
        facts->attributes = FILE_ATTRIBUTE_ARCHIVE;
        return STATUS_SUCCESS;
    }
    if (path.kind != PATH_FILE && path.kind != PATH_VOLUME)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (path_fold_first(&path) && (status = path_fold(&path)))
        return status;
    status = facts_of_path(AT_FDCWD, path.host, false, facts);
    if (status == STATUS_OBJECT_NAME_NOT_FOUND || status == STATUS_OBJECT_PATH_NOT_FOUND) {
        status = path_fold(&path);
        if (!status)
            status = facts_of_path(AT_FDCWD, path.host, false, facts);
    }
    if (!status && path.stream[0] && !named_stream_exists(path.host, path.stream))
        status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (!status && path.trailing && !(facts->attributes & FILE_ATTRIBUTE_DIRECTORY))
        status = STATUS_OBJECT_NAME_INVALID;
    return status;
}

NTSTATUS WINAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES attributes, FILE_BASIC_INFORMATION *info)
{
    struct file_facts facts;
    NTSTATUS status = query_by_name(attributes, &facts);
    if (!status)
        fill_basic(&facts, info);
    return status;
}

NTSTATUS WINAPI NtQueryFullAttributesFile(POBJECT_ATTRIBUTES attributes, FILE_NETWORK_OPEN_INFORMATION *info)
{
    struct query query = {.out = info};
    NTSTATUS status = query_by_name(attributes, &query.facts);
    query.has_facts = true;
    return status ? status : query_network_open(&query);
}

NTSTATUS WINAPI NtQueryInformationByName(POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK io, PVOID out, ULONG length,
                                         FILE_INFORMATION_CLASS class)
{
    HANDLE handle;
    if ((unsigned)class != FileStatInformation && (unsigned)class != FileCaseSensitiveInformation)
        return STATUS_INVALID_INFO_CLASS;
    NTSTATUS status = NtOpenFile(&handle, FILE_READ_ATTRIBUTES, attributes, io,
                                 FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN_REPARSE_POINT);
    if (status)
        return status;
    status = NtQueryInformationFile(handle, io, out, length, class);
    NtClose(handle);
    return status;
}
