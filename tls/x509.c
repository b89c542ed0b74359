/*
 * x509.c: the host's roots, and what one certificate says of another.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "tls.h"

static struct tls_data *roots;
static size_t root_count;

static bool root_add(gnutls_x509_crt_t certificate)
{
    gnutls_datum_t der;
    struct tls_data *longer = realloc(roots, (root_count + 1) * sizeof *roots);

    if (!longer)
        return false;
    roots = longer;
    if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) < 0)
        return false;
    if (data_take(&der, &roots[root_count]))
        root_count++;
    return true;
}

/* $SSL_CERT_FILE, as with most programs of the host, or what the distribution gave GnuTLS. */
static void roots_load(void)
{
    gnutls_x509_trust_list_t list;
    gnutls_x509_trust_list_iter_t place = NULL;
    gnutls_x509_crt_t certificate;
    const char *file = getenv("SSL_CERT_FILE");

    if (gnutls_x509_trust_list_init(&list, 0) < 0)
        return;
    if (!file || !*file || gnutls_x509_trust_list_add_trust_file(list, file, NULL, GNUTLS_X509_FMT_PEM, 0, 0) < 0)
        gnutls_x509_trust_list_add_system_trust(list, 0, 0);
    while (gnutls_x509_trust_list_iter_get_ca(list, &place, &certificate) == 0) {
        root_add(certificate);
        gnutls_x509_crt_deinit(certificate);
    }
    gnutls_x509_trust_list_iter_deinit(place);
    gnutls_x509_trust_list_deinit(list, 1);
}

size_t host_roots(struct tls_data **certificates)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, roots_load);
    *certificates = roots;
    return root_count;
}

static gnutls_x509_crt_t certificate_open(struct tls_blob blob)
{
    gnutls_x509_crt_t certificate;
    gnutls_datum_t der = datum(blob);

    if (gnutls_x509_crt_init(&certificate) < 0)
        return NULL;
    if (gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER) < 0) {
        gnutls_x509_crt_deinit(certificate);
        return NULL;
    }
    return certificate;
}

unsigned certificate_issued(struct tls_blob certificate, struct tls_blob issuer)
{
    gnutls_x509_crt_t subject = certificate_open(certificate), parent = certificate_open(issuer);
    unsigned status = 0, issues = 0;

    if (!subject || !parent ||
        gnutls_x509_crt_verify(subject, &parent, 1,
                               GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT |
                                   GNUTLS_VERIFY_DO_NOT_ALLOW_SAME | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1,
                               &status) < 0)
        issues = TLS_ISSUE_SIGNATURE;
    if (status & (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND))
        issues |= TLS_ISSUE_SIGNATURE;
    if (status & GNUTLS_CERT_SIGNER_NOT_CA)
        issues |= TLS_ISSUE_NOT_CA;
    if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
        issues |= TLS_ISSUE_WEAK;
    if (status & GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE)
        issues |= TLS_ISSUE_CONSTRAINTS;
    if (subject)
        gnutls_x509_crt_deinit(subject);
    if (parent)
        gnutls_x509_crt_deinit(parent);
    return issues;
}

bool crl_issued(struct tls_blob blob, struct tls_blob issuer)
{
    gnutls_x509_crt_t parent = certificate_open(issuer);
    gnutls_x509_crl_t crl;
    gnutls_datum_t der = datum(blob);
    unsigned status = GNUTLS_CERT_SIGNATURE_FAILURE;
    bool good;

    if (!parent)
        return false;
    good = gnutls_x509_crl_init(&crl) == 0;
    if (good) {
        good = gnutls_x509_crl_import(crl, &der, GNUTLS_X509_FMT_DER) == 0 &&
               gnutls_x509_crl_verify(crl, &parent, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status) == 0 &&
               !(status & (GNUTLS_CERT_SIGNATURE_FAILURE | GNUTLS_CERT_SIGNER_NOT_FOUND));
        gnutls_x509_crl_deinit(crl);
    }
    gnutls_x509_crt_deinit(parent);
    return good;
}

bool request_signed(struct tls_blob blob)
{
    gnutls_x509_crq_t request;
    gnutls_datum_t der = datum(blob);
    bool good;

    if (gnutls_x509_crq_init(&request) < 0)
        return false;
    good = gnutls_x509_crq_import(request, &der, GNUTLS_X509_FMT_DER) == 0 && gnutls_x509_crq_verify(request, 0) == 0;
    gnutls_x509_crq_deinit(request);
    return good;
}

bool host_matches(struct tls_blob blob, const char *host)
{
    gnutls_x509_crt_t certificate = certificate_open(blob);
    bool matches = certificate && gnutls_x509_crt_check_hostname(certificate, host);

    if (certificate)
        gnutls_x509_crt_deinit(certificate);
    return matches;
}
