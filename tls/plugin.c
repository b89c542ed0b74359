/*
 * plugin.c: the table through which crypt32/ and secur32/ use GnuTLS.
 *
 * Layer: a plug-in under ntdll.
 */
#include <stdlib.h>
#include "tls.h"

static void release(void *data)
{
    free(data);
}

__attribute__((visibility("default"))) const struct tls_plugin tls_plugin_table = {
    .release = release,
    .roots = host_roots,
    .digest = digest,
    .issued = certificate_issued,
    .crl_issued = crl_issued,
    .request_signed = request_signed,
    .host_matches = host_matches,
    .verify = key_verify,
    .verify_digest = key_verify_digest,
    .sign = key_sign,
    .public_key = key_public,
    .key_bits = key_bits,
    .generate = key_generate,
    .key_decrypt = key_decrypt,
    .pfx_read = pfx_read,
    .pfx_release = pfx_release,
    .pfx_write = pfx_write,
    .pfx_is = pfx_is,
    .open = session_open,
    .close = session_close,
    .give = session_give,
    .handshake = session_handshake,
    .rehandshake = session_rehandshake,
    .decrypt = session_decrypt,
    .encrypt = session_encrypt,
    .shutdown = session_shutdown,
    .alert = session_alert,
    .output = session_output,
    .info = session_info,
    .save = session_save,
    .peer = session_peer,
    .client_asked = session_client_asked,
    .server_name = session_server_name,
    .binding = session_binding,
    .export_key = session_export,
};
