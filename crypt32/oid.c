/*
 * oid.c: wincrypt.h: what is known of object identifiers.
 */
#include "crypt32/crypt.h"
#include "ntdll/gate.h"

/* Value: the algorithm's number, or for attributes of names nothing. */
#define O(group, oid, name, value, cng, extra)                                                                         \
    {                                                                                                                  \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_##group##_OID_GROUP_ID, {value}, {0, NULL}, cng, extra                \
    }
/* A signature: of a hash, by a key of a kind; the kind's number is the extra information. */
static DWORD rsa_extra[] = {CALG_RSA_SIGN}, dsa_extra[] = {CALG_DSS_SIGN, 4}, ec_extra[] = {0x2203, 4};
#define S(oid, name, value, hash, key, extra)                                                                          \
    {                                                                                                                  \
        sizeof(CRYPT_OID_INFO), oid, name, CRYPT_SIGN_ALG_OID_GROUP_ID, {value}, {sizeof extra, (BYTE *)extra}, hash,  \
            key                                                                                                        \
    }

static const CRYPT_OID_INFO infos[] = {
    O(HASH_ALG, szOID_OIWSEC_sha1, L"sha1", CALG_SHA1, L"SHA1", L""),
    O(HASH_ALG, szOID_NIST_sha256, L"sha256", CALG_SHA_256, L"SHA256", L""),
    O(HASH_ALG, szOID_NIST_sha384, L"sha384", CALG_SHA_384, L"SHA384", L""),
    O(HASH_ALG, szOID_NIST_sha512, L"sha512", CALG_SHA_512, L"SHA512", L""),
    O(HASH_ALG, szOID_RSA_MD5, L"md5", CALG_MD5, L"MD5", L""),
    O(HASH_ALG, szOID_RSA_MD4, L"md4", CALG_MD4, L"MD4", L""),
    O(HASH_ALG, szOID_RSA_MD2, L"md2", CALG_MD2, L"MD2", L""),
    O(ENCRYPT_ALG, szOID_OIWSEC_desCBC, L"des", CALG_DES, L"DES", L""),
    O(ENCRYPT_ALG, szOID_RSA_DES_EDE3_CBC, L"3des", CALG_3DES, L"3DES", L""),
    O(ENCRYPT_ALG, szOID_RSA_RC2CBC, L"rc2", CALG_RC2, L"RC2", L""),
    O(ENCRYPT_ALG, szOID_RSA_RC4, L"rc4", CALG_RC4, L"RC4", L""),
    O(ENCRYPT_ALG, szOID_NIST_AES128_CBC, L"aes128", CALG_AES_128, L"AES", L""),
    O(ENCRYPT_ALG, szOID_NIST_AES192_CBC, L"aes192", CALG_AES_192, L"AES", L""),
    O(ENCRYPT_ALG, szOID_NIST_AES256_CBC, L"aes256", CALG_AES_256, L"AES", L""),
    O(PUBKEY_ALG, szOID_RSA_RSA, L"RSA", CALG_RSA_KEYX, L"RSA", L""),
    O(PUBKEY_ALG, szOID_X957_DSA, L"DSA", CALG_DSS_SIGN, L"DSA", L""),
    O(PUBKEY_ALG, szOID_ECC_PUBLIC_KEY, L"ECC", CALG_OID_INFO_PARAMETERS, L"CryptOIDInfoECCParameters", L""),
    O(PUBKEY_ALG, szOID_ECC_CURVE_P256, L"ECDSA_P256", CALG_OID_INFO_CNG_ONLY, L"ECDSA_P256", L"ECDH_P256"),
    O(PUBKEY_ALG, szOID_ECC_CURVE_P384, L"ECDSA_P384", CALG_OID_INFO_CNG_ONLY, L"ECDSA_P384", L"ECDH_P384"),
    O(PUBKEY_ALG, szOID_ECC_CURVE_P521, L"ECDSA_P521", CALG_OID_INFO_CNG_ONLY, L"ECDSA_P521", L"ECDH_P521"),
    S(szOID_RSA_SHA1RSA, L"sha1RSA", CALG_SHA1, L"SHA1", L"RSA", rsa_extra),
    S(szOID_RSA_SHA256RSA, L"sha256RSA", CALG_SHA_256, L"SHA256", L"RSA", rsa_extra),
    S(szOID_RSA_SHA384RSA, L"sha384RSA", CALG_SHA_384, L"SHA384", L"RSA", rsa_extra),
    S(szOID_RSA_SHA512RSA, L"sha512RSA", CALG_SHA_512, L"SHA512", L"RSA", rsa_extra),
    S(szOID_RSA_MD5RSA, L"md5RSA", CALG_MD5, L"MD5", L"RSA", rsa_extra),
    S(szOID_OIWSEC_sha1RSASign, L"sha1RSA", CALG_SHA1, L"SHA1", L"RSA", rsa_extra),
    S(szOID_RSA_SSA_PSS, L"RSASSA-PSS", CALG_OID_INFO_CNG_ONLY, L"CryptOIDInfoHashParameters", L"RSA", rsa_extra),
    S(szOID_X957_SHA1DSA, L"sha1DSA", CALG_SHA1, L"SHA1", L"DSA", dsa_extra),
    S(szOID_ECDSA_SHA1, L"sha1ECDSA", CALG_SHA1, L"SHA1", L"ECDSA", ec_extra),
    S(szOID_ECDSA_SHA256, L"sha256ECDSA", CALG_SHA_256, L"SHA256", L"ECDSA", ec_extra),
    S(szOID_ECDSA_SHA384, L"sha384ECDSA", CALG_SHA_384, L"SHA384", L"ECDSA", ec_extra),
    S(szOID_ECDSA_SHA512, L"sha512ECDSA", CALG_SHA_512, L"SHA512", L"ECDSA", ec_extra),
    O(RDN_ATTR, szOID_COMMON_NAME, L"CN", 0, NULL, NULL),
    O(RDN_ATTR, szOID_LOCALITY_NAME, L"L", 0, NULL, NULL),
    O(RDN_ATTR, szOID_ORGANIZATION_NAME, L"O", 0, NULL, NULL),
    O(RDN_ATTR, szOID_ORGANIZATIONAL_UNIT_NAME, L"OU", 0, NULL, NULL),
    O(RDN_ATTR, szOID_RSA_emailAddr, L"E", 0, NULL, NULL),
    O(RDN_ATTR, szOID_COUNTRY_NAME, L"C", 0, NULL, NULL),
    O(RDN_ATTR, szOID_STATE_OR_PROVINCE_NAME, L"S", 0, NULL, NULL),
    O(RDN_ATTR, szOID_STREET_ADDRESS, L"STREET", 0, NULL, NULL),
    O(RDN_ATTR, szOID_TITLE, L"T", 0, NULL, NULL),
    O(RDN_ATTR, szOID_GIVEN_NAME, L"G", 0, NULL, NULL),
    O(RDN_ATTR, szOID_INITIALS, L"I", 0, NULL, NULL),
    O(RDN_ATTR, szOID_SUR_NAME, L"SN", 0, NULL, NULL),
    O(RDN_ATTR, szOID_DOMAIN_COMPONENT, L"DC", 0, NULL, NULL),
    O(RDN_ATTR, szOID_DEVICE_SERIAL_NUMBER, L"SERIALNUMBER", 0, NULL, NULL),
    O(RDN_ATTR, szOID_DESCRIPTION, L"Description", 0, NULL, NULL),
    O(RDN_ATTR, szOID_POSTAL_CODE, L"PostalCode", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_AUTHORITY_KEY_IDENTIFIER2, L"Authority Key Identifier", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_SUBJECT_KEY_IDENTIFIER, L"Subject Key Identifier", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_KEY_USAGE, L"Key Usage", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_SUBJECT_ALT_NAME2, L"Subject Alternative Name", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_ISSUER_ALT_NAME2, L"Issuer Alternative Name", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_BASIC_CONSTRAINTS2, L"Basic Constraints", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_ENHANCED_KEY_USAGE, L"Enhanced Key Usage", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_CRL_DIST_POINTS, L"CRL Distribution Points", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_CERT_POLICIES, L"Certificate Policies", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_NAME_CONSTRAINTS, L"Name Constraints", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_AUTHORITY_INFO_ACCESS, L"Authority Information Access", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_RSA_SMIMECapabilities, L"SMIME Capabilities", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_RSA_signingTime, L"Signing Time", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_RSA_messageDigest, L"Message Digest", 0, NULL, NULL),
    O(EXT_OR_ATTR, szOID_RSA_contentType, L"Content Type", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_SERVER_AUTH, L"Server Authentication", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_CLIENT_AUTH, L"Client Authentication", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_CODE_SIGNING, L"Code Signing", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_EMAIL_PROTECTION, L"Secure Email", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_TIMESTAMP_SIGNING, L"Time Stamping", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_PKIX_KP_OCSP_SIGNING, L"OCSP Signing", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_KP_EFS, L"Encrypting File System", 0, NULL, NULL),
    O(ENHKEY_USAGE, szOID_KP_SMARTCARD_LOGON, L"Smart Card Logon", 0, NULL, NULL),
    O(POLICY, szOID_ANY_CERT_POLICY, L"All issuance policies", 0, NULL, NULL),
};
#define INFOS (sizeof infos / sizeof *infos)

static bool matches(const CRYPT_OID_INFO *info, DWORD type, void *key)
{
    const DWORD *numbers = key;

    switch (type & CRYPT_OID_INFO_OID_KEY_FLAGS_MASK ? type & 0xffff : type) {
    case CRYPT_OID_INFO_OID_KEY:
        return !strcmp(info->pszOID, key);
    case CRYPT_OID_INFO_NAME_KEY:
        return !wide_compare_nocase(info->pwszName, key);
    case CRYPT_OID_INFO_ALGID_KEY:
        return info->dwGroupId <= CRYPT_LAST_ALG_OID_GROUP_ID && info->Algid == *numbers;
    case CRYPT_OID_INFO_SIGN_KEY:
        return info->dwGroupId == CRYPT_SIGN_ALG_OID_GROUP_ID && info->Algid == numbers[0] &&
               *(const DWORD *)info->ExtraInfo.pbData == numbers[1];
    case CRYPT_OID_INFO_CNG_ALGID_KEY:
        return info->pwszCNGAlgid && info->dwGroupId != CRYPT_SIGN_ALG_OID_GROUP_ID &&
               !wide_compare_nocase(info->pwszCNGAlgid, key);
    case CRYPT_OID_INFO_CNG_SIGN_KEY: {
        const WCHAR *const *names = key;

        return info->dwGroupId == CRYPT_SIGN_ALG_OID_GROUP_ID && !wide_compare_nocase(info->pwszCNGAlgid, names[0]) &&
               (!names[1] || !wide_compare_nocase(info->pwszCNGExtraAlgid, names[1]));
    }
    }
    return false;
}

PCCRYPT_OID_INFO WINAPI CryptFindOIDInfo(DWORD type, void *key, DWORD group)
{
    group &= ~(DWORD)CRYPT_OID_DISABLE_SEARCH_DS_FLAG & 0xffff;
    for (size_t i = 0; i < INFOS && key; i++)
        if ((!group || infos[i].dwGroupId == group) && matches(&infos[i], type, key))
            return &infos[i];
    return NULL;
}

BOOL WINAPI CryptEnumOIDInfo(DWORD group, DWORD flags, void *argument, PFN_CRYPT_ENUM_OID_INFO callback)
{
    (void)flags;
    for (size_t i = 0; i < INFOS; i++)
        if ((!group || infos[i].dwGroupId == group) && !guest_call(callback, GUEST(&infos[i]), GUEST(argument), 0, 0))
            return FALSE;
    return TRUE;
}

DWORD WINAPI CertOIDToAlgId(LPCSTR oid)
{
    for (size_t i = 0; i < INFOS && oid; i++)
        if (infos[i].dwGroupId <= CRYPT_LAST_ALG_OID_GROUP_ID && !strcmp(infos[i].pszOID, oid))
            return infos[i].Algid < CALG_OID_INFO_PARAMETERS ? infos[i].Algid : 0;
    return 0;
}

LPCSTR WINAPI CertAlgIdToOID(DWORD algorithm)
{
    for (size_t i = 0; i < INFOS; i++)
        if (infos[i].dwGroupId <= CRYPT_PUBKEY_ALG_OID_GROUP_ID && infos[i].Algid == algorithm)
            return infos[i].pszOID;
    return NULL;
}

LPCWSTR WINAPI CryptFindLocalizedName(LPCWSTR name)
{
    static const struct {
        const WCHAR *name, *text;
    } names[] = {
        {L"My", L"Personal"},
        {L"Root", L"Trusted Root Certification Authorities"},
        {L"CA", L"Intermediate Certification Authorities"},
        {L"AuthRoot", L"Third-Party Root Certification Authorities"},
        {L"Trust", L"Enterprise Trust"},
        {L"TrustedPeople", L"Trusted People"},
        {L"TrustedPublisher", L"Trusted Publishers"},
        {L"Disallowed", L"Untrusted Certificates"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names && name; i++)
        if (!wide_compare_nocase(name, names[i].name))
            return names[i].text;
    return NULL;
}
