/*
 * image.c: signatures inside of programs.
 *
 * The hash leaves out the checksum, the security directory's entry and the signature itself.
 */
#include "crypt32/message.h"

#define SIGNATURE_TYPE_PKCS7 2

struct places {
    DWORD checksum, entry, signature, signature_size;
};

static bool image_places(const BYTE *data, DWORD size, struct places *places)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)data;
    const IMAGE_NT_HEADERS64 *nt;
    const IMAGE_DATA_DIRECTORY *directory;
    DWORD at, first, count;

    if (size < sizeof *dos || dos->e_magic != IMAGE_DOS_SIGNATURE || (at = (DWORD)dos->e_lfanew) > size ||
        size - at < sizeof(IMAGE_NT_HEADERS64))
        return false;
    nt = (const IMAGE_NT_HEADERS64 *)(data + at);
    if (nt->Signature != IMAGE_NT_SIGNATURE)
        return false;
    if (nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC) {
        first = offsetof(IMAGE_NT_HEADERS64, OptionalHeader.DataDirectory);
        count = nt->OptionalHeader.NumberOfRvaAndSizes;
    } else if (nt->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR32_MAGIC) {
        first = offsetof(IMAGE_NT_HEADERS32, OptionalHeader.DataDirectory);
        count = ((const IMAGE_NT_HEADERS32 *)nt)->OptionalHeader.NumberOfRvaAndSizes;
    } else {
        return false;
    }
    places->checksum = at + offsetof(IMAGE_NT_HEADERS64, OptionalHeader.CheckSum);
    places->entry = at + first + IMAGE_DIRECTORY_ENTRY_SECURITY * sizeof *directory;
    if (count <= IMAGE_DIRECTORY_ENTRY_SECURITY || places->entry > size - sizeof *directory)
        return false;
    directory = (const IMAGE_DATA_DIRECTORY *)(data + places->entry);
    places->signature = directory->VirtualAddress; /* here it is a place in the file */
    places->signature_size = directory->Size;
    return places->signature <= size && places->signature_size <= size - places->signature &&
           (!places->signature || places->signature > places->entry);
}

bool image_signature(const BYTE *data, DWORD size, CRYPT_DATA_BLOB *signature)
{
    struct places places;
    struct {
        DWORD length;
        WORD revision, type;
    } head;

    if (!image_places(data, size, &places) || places.signature_size <= sizeof head)
        return false;
    memcpy(&head, data + places.signature, sizeof head);
    if (head.type != SIGNATURE_TYPE_PKCS7 || head.length <= sizeof head || head.length > places.signature_size)
        return false;
    *signature = (CRYPT_DATA_BLOB){head.length - sizeof head, (BYTE *)data + places.signature + sizeof head};
    return true;
}

DWORD image_digest(const BYTE *data, DWORD size, enum tls_hash hash, BYTE *out)
{
    struct places places;
    DWORD end, length, padded, behind, result;
    BYTE *copy, *to;

    if (!image_places(data, size, &places))
        return 0;
    end = places.signature ? places.signature : size;
    padded = end + (8 - end % 8) % 8; /* as it is when a signature is put behind it */
    behind = places.signature ? size - places.signature - places.signature_size : 0;
    copy = to = crypt_alloc((size_t)padded + behind);
    if (!copy)
        return 0;
    memcpy(to, data, length = places.checksum);
    to += length;
    memcpy(to, data + places.checksum + 4, length = places.entry - places.checksum - 4);
    to += length;
    memcpy(to, data + places.entry + 8, length = end - places.entry - 8);
    to += length;
    if (behind) /* what follows the signature counts, too */
        memcpy(to, data + size - behind, behind);
    result = host_digest(hash, copy, (size_t)(to - copy) + (places.signature ? behind : padded - end), out);
    crypt_free(copy);
    return result;
}
