/*
 * asn_types.c: wincrypt.h's structures as tables: which item of the encoding is which member.
 */
#include "crypt32/asn.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* A member; with flags; with a BOOL that says that it is there; with a value if it is left out. */
#define F(structure, member, type)                                                                                     \
    {                                                                                                                  \
        &type, offsetof(structure, member), 0, 0, 0, 0                                                                 \
    }
#define FO(structure, member, type)                                                                                    \
    {                                                                                                                  \
        &type, offsetof(structure, member), ASN_OPTIONAL, 0, 0, 0                                                      \
    }
#define FD(structure, member, type, value)                                                                             \
    {                                                                                                                  \
        &type, offsetof(structure, member), ASN_OPTIONAL, 0, 0, value                                                  \
    }
#define FI(structure, member, type, tag)                                                                               \
    {                                                                                                                  \
        &type, offsetof(structure, member), ASN_OPTIONAL | ASN_IMPLICIT, tag, 0, 0                                     \
    }
#define FE(structure, member, type, tag)                                                                               \
    {                                                                                                                  \
        &type, offsetof(structure, member), ASN_OPTIONAL | ASN_EXPLICIT, tag, 0, 0                                     \
    }
#define FP(structure, member, type, flags, tag, there)                                                                 \
    {                                                                                                                  \
        &type, offsetof(structure, member), ASN_OPTIONAL | flags, tag, offsetof(structure, there), 0                   \
    }
#define SEQUENCE(name, structure, ...)                                                                                 \
    static const struct asn_field name##_fields[] = {__VA_ARGS__};                                                     \
    const struct asn_type name = {ASN_SEQUENCE, DER_SEQUENCE, sizeof(structure), COUNT(name##_fields), name##_fields}
#define LOCAL_SEQUENCE(name, structure, ...)                                                                           \
    static const struct asn_field name##_fields[] = {__VA_ARGS__};                                                     \
    static const struct asn_type name = {ASN_SEQUENCE, DER_SEQUENCE, sizeof(structure), COUNT(name##_fields),          \
                                         name##_fields}
#define LIST(name, what) const struct asn_type name = {ASN_LIST, DER_SEQUENCE, 16, .element = &what}
#define LOCAL_LIST(name, what) static const struct asn_type name = {ASN_LIST, DER_SEQUENCE, 16, .element = &what}
#define LOCAL_SET(name, what) static const struct asn_type name = {ASN_LIST, DER_SET, 16, .element = &what}
#define SET(name, what) const struct asn_type name = {ASN_LIST, DER_SET, 16, .element = &what}

/* A LIST is a DWORD and then a pointer. */
_Static_assert(offsetof(CERT_INFO, rgExtension) - offsetof(CERT_INFO, cExtension) == 8 &&
                   offsetof(CRL_INFO, rgCRLEntry) - offsetof(CRL_INFO, cCRLEntry) == 8,
               "layout of a list");

const struct asn_type asn_integer = {ASN_INT, DER_INTEGER, 4};
const struct asn_type asn_big_integer = {ASN_BIG, DER_INTEGER, sizeof(CRYPT_INTEGER_BLOB)};
static const struct asn_type big_uint = {ASN_BIG_UINT, DER_INTEGER, sizeof(CRYPT_INTEGER_BLOB)};
static const struct asn_type enumerated = {ASN_INT, DER_ENUM, 4};
static const struct asn_type boolean = {ASN_BOOL, DER_BOOLEAN, 4};
static const struct asn_type oid = {ASN_OID, DER_OID, sizeof(LPSTR)};
const struct asn_type asn_octets = {ASN_OCTETS, DER_OCTETS, sizeof(CRYPT_DATA_BLOB)};
static const struct asn_type bits = {ASN_BITS, DER_BITS, sizeof(CRYPT_BIT_BLOB)};
static const struct asn_type any = {ASN_ANY, 0, sizeof(CRYPT_DATA_BLOB)};
const struct asn_type asn_time = {ASN_TIME, DER_UTC_TIME, sizeof(FILETIME)};
LIST(asn_any_list, any);
LOCAL_SET(any_set, any);

/* Names. */
LOCAL_SET(rdn, asn_rdn_attribute);
LOCAL_SET(rdn_wide, asn_rdn_attribute_wide);
LIST(asn_name, rdn);
LIST(asn_unicode_name, rdn_wide);
LIST(asn_alt_name, asn_alt_entry);

/* Certificates. */
SEQUENCE(asn_public_key, CERT_PUBLIC_KEY_INFO, F(CERT_PUBLIC_KEY_INFO, Algorithm, asn_algorithm),
         F(CERT_PUBLIC_KEY_INFO, PublicKey, bits));
LOCAL_SEQUENCE(extension, CERT_EXTENSION, F(CERT_EXTENSION, pszObjId, oid), FD(CERT_EXTENSION, fCritical, boolean, 0),
               F(CERT_EXTENSION, Value, asn_octets));
LIST(asn_extensions, extension);
static const struct asn_field validity_fields[] = {{&asn_time, 0, 0, 0, 0, 0}, {&asn_time, 8, 0, 0, 0, 0}};
static const struct asn_type validity = {ASN_SEQUENCE, DER_SEQUENCE, 16, 2, validity_fields};
_Static_assert(offsetof(CERT_INFO, NotAfter) - offsetof(CERT_INFO, NotBefore) == 8, "layout of a validity");
SEQUENCE(asn_cert_info, CERT_INFO, FE(CERT_INFO, dwVersion, asn_integer, 0),
         F(CERT_INFO, SerialNumber, asn_big_integer), F(CERT_INFO, SignatureAlgorithm, asn_algorithm),
         F(CERT_INFO, Issuer, any), F(CERT_INFO, NotBefore, validity), F(CERT_INFO, Subject, any),
         F(CERT_INFO, SubjectPublicKeyInfo, asn_public_key), FI(CERT_INFO, IssuerUniqueId, bits, 1),
         FI(CERT_INFO, SubjectUniqueId, bits, 2), FE(CERT_INFO, cExtension, asn_extensions, 3));
SEQUENCE(asn_signed, CERT_SIGNED_CONTENT_INFO, F(CERT_SIGNED_CONTENT_INFO, ToBeSigned, any),
         F(CERT_SIGNED_CONTENT_INFO, SignatureAlgorithm, asn_algorithm),
         F(CERT_SIGNED_CONTENT_INFO, Signature, asn_signature_bits));
SEQUENCE(asn_attribute, CRYPT_ATTRIBUTE, F(CRYPT_ATTRIBUTE, pszObjId, oid), F(CRYPT_ATTRIBUTE, cValue, any_set));
SET(asn_attributes, asn_attribute);
SEQUENCE(asn_request_info, CERT_REQUEST_INFO, F(CERT_REQUEST_INFO, dwVersion, asn_integer),
         F(CERT_REQUEST_INFO, Subject, any), F(CERT_REQUEST_INFO, SubjectPublicKeyInfo, asn_public_key),
         {&asn_attributes, offsetof(CERT_REQUEST_INFO, cAttribute), ASN_IMPLICIT, 0, 0, 0});

/* Lists of what is revoked. */
LOCAL_SEQUENCE(crl_entry, CRL_ENTRY, F(CRL_ENTRY, SerialNumber, asn_big_integer),
               F(CRL_ENTRY, RevocationDate, asn_time), FO(CRL_ENTRY, cExtension, asn_extensions));
LOCAL_LIST(crl_entries, crl_entry);
SEQUENCE(asn_crl_info, CRL_INFO, FO(CRL_INFO, dwVersion, asn_integer), F(CRL_INFO, SignatureAlgorithm, asn_algorithm),
         F(CRL_INFO, Issuer, any), F(CRL_INFO, ThisUpdate, asn_time), FO(CRL_INFO, NextUpdate, asn_time),
         FO(CRL_INFO, cCRLEntry, crl_entries), FE(CRL_INFO, cExtension, asn_extensions, 0));

/* Extensions. */
LOCAL_SEQUENCE(key_id, CERT_AUTHORITY_KEY_ID_INFO, FI(CERT_AUTHORITY_KEY_ID_INFO, KeyId, asn_octets, 0),
               FI(CERT_AUTHORITY_KEY_ID_INFO, CertIssuer, asn_directory_name, 1),
               FI(CERT_AUTHORITY_KEY_ID_INFO, CertSerialNumber, asn_big_integer, 2));
SEQUENCE(asn_authority_key2, CERT_AUTHORITY_KEY_ID2_INFO, FI(CERT_AUTHORITY_KEY_ID2_INFO, KeyId, asn_octets, 0),
         FI(CERT_AUTHORITY_KEY_ID2_INFO, AuthorityCertIssuer, asn_alt_name, 1),
         FI(CERT_AUTHORITY_KEY_ID2_INFO, AuthorityCertSerialNumber, asn_big_integer, 2));
LOCAL_SEQUENCE(access_description, CERT_ACCESS_DESCRIPTION, F(CERT_ACCESS_DESCRIPTION, pszAccessMethod, oid),
               F(CERT_ACCESS_DESCRIPTION, AccessLocation, asn_alt_entry));
LIST(asn_authority_access, access_description);
LIST(asn_usages, oid);
SEQUENCE(asn_basic_constraints2, CERT_BASIC_CONSTRAINTS2_INFO, FD(CERT_BASIC_CONSTRAINTS2_INFO, fCA, boolean, 0),
         FP(CERT_BASIC_CONSTRAINTS2_INFO, dwPathLenConstraint, asn_integer, 0, 0, fPathLenConstraint));
LOCAL_LIST(subtree_names, any);
SEQUENCE(asn_basic_constraints, CERT_BASIC_CONSTRAINTS_INFO, F(CERT_BASIC_CONSTRAINTS_INFO, SubjectType, bits),
         FP(CERT_BASIC_CONSTRAINTS_INFO, dwPathLenConstraint, asn_integer, 0, 0, fPathLenConstraint),
         FO(CERT_BASIC_CONSTRAINTS_INFO, cSubtreesConstraint, subtree_names));
LOCAL_SEQUENCE(policy_qualifier, CERT_POLICY_QUALIFIER_INFO, F(CERT_POLICY_QUALIFIER_INFO, pszPolicyQualifierId, oid),
               FO(CERT_POLICY_QUALIFIER_INFO, Qualifier, any));
LOCAL_LIST(policy_qualifiers, policy_qualifier);
LOCAL_SEQUENCE(policy, CERT_POLICY_INFO, F(CERT_POLICY_INFO, pszPolicyIdentifier, oid),
               FO(CERT_POLICY_INFO, cPolicyQualifier, policy_qualifiers));
LIST(asn_policies, policy);
LOCAL_SEQUENCE(policy_mapping, CERT_POLICY_MAPPING, F(CERT_POLICY_MAPPING, pszIssuerDomainPolicy, oid),
               F(CERT_POLICY_MAPPING, pszSubjectDomainPolicy, oid));
LOCAL_LIST(policy_mappings, policy_mapping);
LOCAL_SEQUENCE(policy_constraints, CERT_POLICY_CONSTRAINTS_INFO,
               FP(CERT_POLICY_CONSTRAINTS_INFO, dwRequireExplicitPolicySkipCerts, asn_integer, ASN_IMPLICIT, 0,
                  fRequireExplicitPolicy),
               FP(CERT_POLICY_CONSTRAINTS_INFO, dwInhibitPolicyMappingSkipCerts, asn_integer, ASN_IMPLICIT, 1,
                  fInhibitPolicyMapping));
LOCAL_SEQUENCE(dist_point, CRL_DIST_POINT, FE(CRL_DIST_POINT, DistPointName, asn_dist_point_name, 0),
               FI(CRL_DIST_POINT, ReasonFlags, bits, 1), FI(CRL_DIST_POINT, CRLIssuer, asn_alt_name, 2));
LIST(asn_crl_points, dist_point);
LOCAL_SEQUENCE(issuing_point, CRL_ISSUING_DIST_POINT, FE(CRL_ISSUING_DIST_POINT, DistPointName, asn_dist_point_name, 0),
               FI(CRL_ISSUING_DIST_POINT, fOnlyContainsUserCerts, boolean, 1),
               FI(CRL_ISSUING_DIST_POINT, fOnlyContainsCACerts, boolean, 2),
               FI(CRL_ISSUING_DIST_POINT, OnlySomeReasonFlags, bits, 3),
               FI(CRL_ISSUING_DIST_POINT, fIndirectCRL, boolean, 4));
LOCAL_SEQUENCE(subtree, CERT_GENERAL_SUBTREE, F(CERT_GENERAL_SUBTREE, Base, asn_alt_entry),
               FI(CERT_GENERAL_SUBTREE, dwMinimum, asn_integer, 0),
               FP(CERT_GENERAL_SUBTREE, dwMaximum, asn_integer, ASN_IMPLICIT, 1, fMaximum));
LOCAL_LIST(subtrees, subtree);
SEQUENCE(asn_name_constraints, CERT_NAME_CONSTRAINTS_INFO,
         FI(CERT_NAME_CONSTRAINTS_INFO, cPermittedSubtree, subtrees, 0),
         FI(CERT_NAME_CONSTRAINTS_INFO, cExcludedSubtree, subtrees, 1));
LOCAL_SEQUENCE(template_extension, CERT_TEMPLATE_EXT, F(CERT_TEMPLATE_EXT, pszObjId, oid),
               F(CERT_TEMPLATE_EXT, dwMajorVersion, asn_integer),
               FP(CERT_TEMPLATE_EXT, dwMinorVersion, asn_integer, 0, 0, fMinorVersion));

/* Keys and algorithms. */
LOCAL_SEQUENCE(dss_parameters, CERT_DSS_PARAMETERS, F(CERT_DSS_PARAMETERS, p, big_uint),
               F(CERT_DSS_PARAMETERS, q, big_uint), F(CERT_DSS_PARAMETERS, g, big_uint));
LOCAL_SEQUENCE(ecc_signature, CERT_ECC_SIGNATURE, F(CERT_ECC_SIGNATURE, r, big_uint),
               F(CERT_ECC_SIGNATURE, s, big_uint));
static const struct asn_type attributes_pointed = {ASN_POINTER, DER_SET, 8, .element = &asn_attributes};
SEQUENCE(asn_private_key, CRYPT_PRIVATE_KEY_INFO, F(CRYPT_PRIVATE_KEY_INFO, Version, asn_integer),
         F(CRYPT_PRIVATE_KEY_INFO, Algorithm, asn_algorithm), F(CRYPT_PRIVATE_KEY_INFO, PrivateKey, asn_octets),
         FI(CRYPT_PRIVATE_KEY_INFO, pAttributes, attributes_pointed, 0));
LOCAL_SEQUENCE(sealed_key, CRYPT_ENCRYPTED_PRIVATE_KEY_INFO,
               F(CRYPT_ENCRYPTED_PRIVATE_KEY_INFO, EncryptionAlgorithm, asn_algorithm),
               F(CRYPT_ENCRYPTED_PRIVATE_KEY_INFO, EncryptedPrivateKey, asn_octets));
LOCAL_SEQUENCE(ecc_private_key, CRYPT_ECC_PRIVATE_KEY_INFO, F(CRYPT_ECC_PRIVATE_KEY_INFO, dwVersion, asn_integer),
               F(CRYPT_ECC_PRIVATE_KEY_INFO, PrivateKey, asn_octets),
               FE(CRYPT_ECC_PRIVATE_KEY_INFO, szCurveOid, oid, 0), FE(CRYPT_ECC_PRIVATE_KEY_INFO, PublicKey, bits, 1));
LOCAL_SEQUENCE(capability, CRYPT_SMIME_CAPABILITY, F(CRYPT_SMIME_CAPABILITY, pszObjId, oid),
               FO(CRYPT_SMIME_CAPABILITY, Parameters, any));
LOCAL_LIST(capabilities, capability);

/* Messages. */
SEQUENCE(asn_content_info, CRYPT_CONTENT_INFO, F(CRYPT_CONTENT_INFO, pszObjId, oid),
         FE(CRYPT_CONTENT_INFO, Content, any, 0));
LOCAL_SEQUENCE(content_sequence, CRYPT_CONTENT_INFO_SEQUENCE_OF_ANY,
               F(CRYPT_CONTENT_INFO_SEQUENCE_OF_ANY, pszObjId, oid),
               FE(CRYPT_CONTENT_INFO_SEQUENCE_OF_ANY, cValue, asn_any_list, 0));

static const struct asn_field signer_id_fields[] = {
    {&any, 0, 0, 0, 0, 0},
    {&asn_big_integer, offsetof(CMSG_SIGNER_INFO, SerialNumber) - offsetof(CMSG_SIGNER_INFO, Issuer), 0, 0, 0, 0}};
static const struct asn_type signer_id = {ASN_SEQUENCE, DER_SEQUENCE, 32, 2, signer_id_fields};
LOCAL_SEQUENCE(signer_info, CMSG_SIGNER_INFO, F(CMSG_SIGNER_INFO, dwVersion, asn_integer),
               F(CMSG_SIGNER_INFO, Issuer, signer_id), F(CMSG_SIGNER_INFO, HashAlgorithm, asn_algorithm),
               FI(CMSG_SIGNER_INFO, AuthAttrs, asn_attributes, 0),
               F(CMSG_SIGNER_INFO, HashEncryptionAlgorithm, asn_algorithm),
               F(CMSG_SIGNER_INFO, EncryptedHash, asn_octets), FI(CMSG_SIGNER_INFO, UnauthAttrs, asn_attributes, 1));

/* Trust lists. */
LOCAL_SEQUENCE(ctl_entry, CTL_ENTRY, F(CTL_ENTRY, SubjectIdentifier, asn_octets),
               FO(CTL_ENTRY, cAttribute, asn_attributes));
LOCAL_LIST(ctl_entries, ctl_entry);
SEQUENCE(asn_ctl_info, CTL_INFO, FD(CTL_INFO, dwVersion, asn_integer, CTL_V1), F(CTL_INFO, SubjectUsage, asn_usages),
         FO(CTL_INFO, ListIdentifier, asn_octets), FO(CTL_INFO, SequenceNumber, asn_big_integer),
         F(CTL_INFO, ThisUpdate, asn_time), FO(CTL_INFO, NextUpdate, asn_time),
         F(CTL_INFO, SubjectAlgorithm, asn_algorithm), FO(CTL_INFO, cCTLEntry, ctl_entries),
         FE(CTL_INFO, cExtension, asn_extensions, 0));

/* Time stamps (RFC 3161). */
static const struct asn_field imprint_fields[] = {
    {&asn_algorithm, 0, 0, 0, 0, 0},
    {&asn_octets, offsetof(CRYPT_TIMESTAMP_INFO, HashedMessage) - offsetof(CRYPT_TIMESTAMP_INFO, HashAlgorithm), 0, 0,
     0, 0}};
static const struct asn_type imprint = {ASN_SEQUENCE, DER_SEQUENCE, 40, 2, imprint_fields};
_Static_assert(offsetof(CRYPT_TIMESTAMP_REQUEST, HashedMessage) - offsetof(CRYPT_TIMESTAMP_REQUEST, HashAlgorithm) ==
                   offsetof(CRYPT_TIMESTAMP_INFO, HashedMessage) - offsetof(CRYPT_TIMESTAMP_INFO, HashAlgorithm),
               "layout of an imprint");
LOCAL_SEQUENCE(accuracy, CRYPT_TIMESTAMP_ACCURACY, FO(CRYPT_TIMESTAMP_ACCURACY, dwSeconds, asn_integer),
               FI(CRYPT_TIMESTAMP_ACCURACY, dwMillis, asn_integer, 0),
               FI(CRYPT_TIMESTAMP_ACCURACY, dwMicros, asn_integer, 1));
static const struct asn_type accuracy_pointed = {ASN_POINTER, DER_SEQUENCE, 8, .element = &accuracy};
SEQUENCE(asn_timestamp, CRYPT_TIMESTAMP_INFO, F(CRYPT_TIMESTAMP_INFO, dwVersion, asn_integer),
         F(CRYPT_TIMESTAMP_INFO, pszTSAPolicyId, oid), F(CRYPT_TIMESTAMP_INFO, HashAlgorithm, imprint),
         F(CRYPT_TIMESTAMP_INFO, SerialNumber, asn_big_integer), F(CRYPT_TIMESTAMP_INFO, ftTime, asn_time),
         FO(CRYPT_TIMESTAMP_INFO, pvAccuracy, accuracy_pointed), FD(CRYPT_TIMESTAMP_INFO, fOrdering, boolean, 0),
         FO(CRYPT_TIMESTAMP_INFO, Nonce, asn_big_integer), FE(CRYPT_TIMESTAMP_INFO, Tsa, any, 0),
         FI(CRYPT_TIMESTAMP_INFO, cExtension, asn_extensions, 1));
LOCAL_SEQUENCE(timestamp_request, CRYPT_TIMESTAMP_REQUEST, F(CRYPT_TIMESTAMP_REQUEST, dwVersion, asn_integer),
               F(CRYPT_TIMESTAMP_REQUEST, HashAlgorithm, imprint), FO(CRYPT_TIMESTAMP_REQUEST, pszTSAPolicyId, oid),
               FO(CRYPT_TIMESTAMP_REQUEST, Nonce, asn_big_integer), FD(CRYPT_TIMESTAMP_REQUEST, fCertReq, boolean, 0),
               FI(CRYPT_TIMESTAMP_REQUEST, cExtension, asn_extensions, 0));

static const struct {
    LPCSTR number; /* of wincrypt.h */
    const char *oid;
    const struct asn_type *type;
} types[] = {
    {X509_CERT, NULL, &asn_signed},
    {X509_CERT_TO_BE_SIGNED, NULL, &asn_cert_info},
    {X509_CERT_CRL_TO_BE_SIGNED, NULL, &asn_crl_info},
    {X509_CERT_REQUEST_TO_BE_SIGNED, NULL, &asn_request_info},
    {X509_EXTENSIONS, szOID_RSA_certExtensions, &asn_extensions},
    {NULL, szOID_CERT_EXTENSIONS, &asn_extensions},
    {X509_NAME_VALUE, NULL, &asn_name_value},
    {X509_NAME, NULL, &asn_name},
    {X509_PUBLIC_KEY_INFO, NULL, &asn_public_key},
    {X509_AUTHORITY_KEY_ID, szOID_AUTHORITY_KEY_IDENTIFIER, &key_id},
    {X509_ALTERNATE_NAME, szOID_SUBJECT_ALT_NAME, &asn_alt_name},
    {NULL, szOID_ISSUER_ALT_NAME, &asn_alt_name},
    {NULL, szOID_SUBJECT_ALT_NAME2, &asn_alt_name},
    {NULL, szOID_ISSUER_ALT_NAME2, &asn_alt_name},
    {X509_BASIC_CONSTRAINTS, szOID_BASIC_CONSTRAINTS, &asn_basic_constraints},
    {X509_KEY_USAGE, szOID_KEY_USAGE, &bits},
    {X509_BASIC_CONSTRAINTS2, szOID_BASIC_CONSTRAINTS2, &asn_basic_constraints2},
    {X509_CERT_POLICIES, szOID_CERT_POLICIES, &asn_policies},
    {NULL, szOID_APPLICATION_CERT_POLICIES, &asn_policies},
    {PKCS_UTC_TIME, NULL, &asn_time},
    {RSA_CSP_PUBLICKEYBLOB, szOID_RSA_RSA, &asn_rsa_blob},
    {X509_UNICODE_NAME, NULL, &asn_unicode_name},
    {PKCS_ATTRIBUTE, NULL, &asn_attribute},
    {PKCS_CONTENT_INFO_SEQUENCE_OF_ANY, NULL, &content_sequence},
    {X509_UNICODE_NAME_VALUE, NULL, &asn_unicode_name_value},
    {NULL, szOID_ENROLL_CERTTYPE_EXTENSION, &asn_unicode_name_value},
    {X509_OCTET_STRING, szOID_SUBJECT_KEY_IDENTIFIER, &asn_octets},
    {X509_BITS, NULL, &bits},
    {X509_INTEGER, NULL, &asn_integer},
    {X509_MULTI_BYTE_INTEGER, szOID_CRL_NUMBER, &asn_big_integer},
    {X509_ENUMERATED, szOID_CRL_REASON_CODE, &enumerated},
    {X509_CHOICE_OF_TIME, szOID_RSA_signingTime, &asn_time_value},
    {X509_AUTHORITY_KEY_ID2, szOID_AUTHORITY_KEY_IDENTIFIER2, &asn_authority_key2},
    {X509_AUTHORITY_INFO_ACCESS, szOID_AUTHORITY_INFO_ACCESS, &asn_authority_access},
    {NULL, szOID_SUBJECT_INFO_ACCESS, &asn_authority_access},
    {PKCS_CONTENT_INFO, NULL, &asn_content_info},
    {X509_SEQUENCE_OF_ANY, NULL, &asn_any_list},
    {X509_CRL_DIST_POINTS, szOID_CRL_DIST_POINTS, &asn_crl_points},
    {NULL, szOID_FRESHEST_CRL, &asn_crl_points},
    {X509_ENHANCED_KEY_USAGE, szOID_ENHANCED_KEY_USAGE, &asn_usages},
    {X509_MULTI_BYTE_UINT, NULL, &big_uint},
    {X509_DSS_PARAMETERS, NULL, &dss_parameters},
    {PKCS_SMIME_CAPABILITIES, szOID_RSA_SMIMECapabilities, &capabilities},
    {PKCS_PRIVATE_KEY_INFO, NULL, &asn_private_key},
    {PKCS_ENCRYPTED_PRIVATE_KEY_INFO, NULL, &sealed_key},
    {X509_ECC_SIGNATURE, NULL, &ecc_signature},
    {PKCS_ATTRIBUTES, NULL, &asn_attributes},
    {X509_ISSUING_DIST_POINT, szOID_ISSUING_DIST_POINT, &issuing_point},
    {X509_NAME_CONSTRAINTS, szOID_NAME_CONSTRAINTS, &asn_name_constraints},
    {X509_POLICY_MAPPINGS, szOID_POLICY_MAPPINGS, &policy_mappings},
    {X509_POLICY_CONSTRAINTS, szOID_POLICY_CONSTRAINTS, &policy_constraints},
    {X509_CERTIFICATE_TEMPLATE, szOID_CERTIFICATE_TEMPLATE, &template_extension},
    {CNG_RSA_PUBLIC_KEY_BLOB, NULL, &asn_rsa_cng},
    {X509_OBJECT_IDENTIFIER, szOID_ECC_PUBLIC_KEY, &asn_oid},
    {X509_ALGORITHM_IDENTIFIER, NULL, &asn_algorithm},
    {X509_ECC_PRIVATE_KEY, NULL, &ecc_private_key},
    {PKCS7_SIGNER_INFO, NULL, &signer_info},
    {PKCS_CTL, szOID_CTL, &asn_ctl_info},
    {TIMESTAMP_REQUEST, NULL, &timestamp_request},
    {TIMESTAMP_INFO, NULL, &asn_timestamp},
};

const struct asn_type *asn_type_find(LPCSTR structure)
{
    bool number = (ULONG_PTR)structure <= 0xffff;

    for (size_t i = 0; i < COUNT(types); i++)
        if (number ? structure && types[i].number == structure : types[i].oid && !strcmp(types[i].oid, structure))
            return types[i].type;
    return NULL;
}
