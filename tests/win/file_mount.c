/*
 * file_mount.c: are mount points refused as to somebody who is no administrator, and are names checked first?
 *
 * Wine 8 says ERROR_CALL_NOT_IMPLEMENTED to most of it.
 */
#include "check.h"

#define REFUSED_HANDLE(call, error) CHECK_ERROR((call) != INVALID_HANDLE_VALUE, error)

int main(void)
{
    char volume[64], other[64];
    WCHAR wide[64], name[64];
    if (check_under_wine())
        return check_done();
    CHECK(GetVolumeNameForVolumeMountPointA("C:\\", volume, sizeof volume));
    CHECK(GetVolumeNameForVolumeMountPointW(L"C:\\", wide, 64));
    CHECK(CreateDirectoryA("point", NULL));
    CHECK_ERROR(SetVolumeMountPointA("point\\", volume), ERROR_ACCESS_DENIED);
    CHECK_ERROR(SetVolumeMountPointW(L"point\\", wide), ERROR_ACCESS_DENIED);
    CHECK_ERROR(SetVolumeMountPointA("point", volume), ERROR_INVALID_NAME);
    CHECK_ERROR(SetVolumeMountPointA("", volume), ERROR_INVALID_NAME);
    CHECK_ERROR(SetVolumeMountPointA(NULL, volume), ERROR_INVALID_NAME);
    CHECK_ERROR(SetVolumeMountPointA("point\\", "D:\\"), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(SetVolumeMountPointA("point\\", NULL), ERROR_INVALID_PARAMETER);
    strcpy(other, volume);
    other[12] ^= 1;
    CHECK_ERROR(SetVolumeMountPointA("point\\", other), ERROR_INVALID_PARAMETER);
    CHECK_ERROR(DeleteVolumeMountPointA("point\\"), ERROR_NOT_A_REPARSE_POINT);
    CHECK_ERROR(DeleteVolumeMountPointW(L"point\\"), ERROR_NOT_A_REPARSE_POINT);
    CHECK_ERROR(DeleteVolumeMountPointA("point"), ERROR_INVALID_NAME);
    CHECK_ERROR(DeleteVolumeMountPointA("absent\\"), ERROR_FILE_NOT_FOUND);
    CHECK_ERROR(DeleteVolumeMountPointA("C:\\"), ERROR_ACCESS_DENIED);
    REFUSED_HANDLE(FindFirstVolumeMountPointA(volume, other, sizeof other), ERROR_NO_MORE_FILES);
    REFUSED_HANDLE(FindFirstVolumeMountPointW(wide, name, 64), ERROR_NO_MORE_FILES);
    REFUSED_HANDLE(FindFirstVolumeMountPointA("C:\\", other, sizeof other), ERROR_INVALID_NAME);
    REFUSED_HANDLE(FindFirstVolumeMountPointA(NULL, other, sizeof other), ERROR_INVALID_NAME);
    CHECK_ERROR(FindNextVolumeMountPointA(NULL, other, sizeof other), ERROR_INVALID_HANDLE);
    CHECK_ERROR(FindNextVolumeMountPointW(INVALID_HANDLE_VALUE, name, 64), ERROR_INVALID_HANDLE);
    CHECK_ERROR(FindVolumeMountPointClose(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
    CHECK(RemoveDirectoryA("point"));
    return check_done();
}
