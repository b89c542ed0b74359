/*
 * gsspeer: the other end of a security context by the host's GSS-API, for tests/host/sspi.sh.
 *
 *   gsspeer client|server ntlm|spnego|krb5 [USER@DOMAIN] [TARGET]
 *
 * Tokens go over standard input and output, a line each: a letter and hexadecimal digits.  T: of the handshake; when it
 * is done the client asks with a sealed message (W) and a signature (M), and the server answers in the same way.  What
 * was heard goes to standard error.
 */
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 65536

static gss_OID_desc ntlm = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"}, spnego = {6, "\x2b\x06\x01\x05\x05\x02"},
                    krb5 = {9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"};

static void check(const char *what, OM_uint32 major, OM_uint32 minor)
{
    OM_uint32 more = 0, ignored;
    gss_buffer_desc text;

    if (!GSS_ERROR(major))
        return;
    gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
    fprintf(stderr, "%s: %.*s", what, (int)text.length, (char *)text.value);
    gss_display_status(&ignored, minor, GSS_C_MECH_CODE, GSS_C_NO_OID, &more, &text);
    fprintf(stderr, " (%.*s)\n", (int)text.length, (char *)text.value);
    exit(1);
}

static void line_put(char letter, gss_buffer_t token)
{
    putchar(letter);
    for (size_t i = 0; i < token->length; i++)
        printf("%02x", ((unsigned char *)token->value)[i]);
    putchar('\n');
    fflush(stdout);
}

static void line_get(char letter, gss_buffer_t token)
{
    static char line[2 * MOST + 2];
    static unsigned char bytes[MOST];
    unsigned value;

    if (!fgets(line, sizeof line, stdin) || line[0] != letter) {
        fprintf(stderr, "the peer said nothing more\n");
        exit(1);
    }
    token->length = 0;
    token->value = bytes;
    for (char *at = line + 1; sscanf(at, "%2x", &value) == 1; at += 2)
        bytes[token->length++] = (unsigned char)value;
}

static gss_name_t name_of(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)text};
    gss_name_t name;
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, type, &name);

    check("gss_import_name", major, minor);
    return name;
}

static gss_cred_id_t credentials_get(bool server, gss_OID mechanism, gss_OID inner, const char *user)
{
    gss_OID_set_desc one = {1, mechanism}, allowed = {1, inner};
    gss_name_t name = *user ? name_of(user, GSS_C_NT_USER_NAME) : GSS_C_NO_NAME;
    gss_cred_id_t credentials;
    OM_uint32 minor, major = gss_acquire_cred(&minor, name, 0, &one, server ? GSS_C_ACCEPT : GSS_C_INITIATE,
                                              &credentials, NULL, NULL);

    check("gss_acquire_cred", major, minor);
    if (mechanism == &spnego)
        check("gss_set_neg_mechs", gss_set_neg_mechs(&minor, credentials, &allowed), minor);
    return credentials;
}

static void seal_put(gss_ctx_id_t context, const char *text)
{
    gss_buffer_desc plain = {strlen(text), (void *)text}, sealed;
    OM_uint32 minor, major = gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &plain, NULL, &sealed);

    check("gss_wrap", major, minor);
    line_put('W', &sealed);
    major = gss_get_mic(&minor, context, GSS_C_QOP_DEFAULT, &plain, &sealed);
    check("gss_get_mic", major, minor);
    line_put('M', &sealed);
}

static void seal_get(gss_ctx_id_t context)
{
    gss_buffer_desc token, plain;
    OM_uint32 minor, major;
    int sealed = 0;

    line_get('W', &token);
    major = gss_unwrap(&minor, context, &token, &plain, &sealed, NULL);
    check("gss_unwrap", major, minor);
    fprintf(stderr, "heard %.*s%s\n", (int)plain.length, (char *)plain.value, sealed ? "" : " in the clear");
    line_get('M', &token);
    major = gss_verify_mic(&minor, context, &plain, &token, NULL);
    check("gss_verify_mic", major, minor);
}

int main(int argc, char **argv)
{
    bool server = argc > 2 && !strcmp(argv[1], "server");
    gss_OID mechanism = argc < 3                         ? NULL
                        : !strcmp(argv[2], "ntlm")       ? &ntlm
                        : !strncmp(argv[2], "spnego", 6) ? &spnego
                                                         : &krb5;
    gss_OID inner = argc > 2 && !strcmp(argv[2], "spnego-krb5") ? &krb5 : &ntlm;
    const char *user = argc > 3 ? argv[3] : "", *target = argc > 4 ? argv[4] : "HTTP@localhost";
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc in = {0}, out = {0};
    gss_name_t peer = GSS_C_NO_NAME;
    OM_uint32 major = GSS_S_CONTINUE_NEEDED, minor, flags = 0;

    if (!mechanism)
        return 2;
    gss_cred_id_t credentials = credentials_get(server, mechanism, inner, user);
    gss_name_t name = server ? GSS_C_NO_NAME : name_of(target, GSS_C_NT_HOSTBASED_SERVICE);
    for (bool first = true; major == GSS_S_CONTINUE_NEEDED; first = false) {
        if (server || !first)
            line_get('T', &in);
        if (server)
            major = gss_accept_sec_context(&minor, &context, credentials, &in, GSS_C_NO_CHANNEL_BINDINGS, &peer, NULL,
                                           &out, &flags, NULL, NULL);
        else
            major = gss_init_sec_context(&minor, credentials, &context, name, mechanism,
                                         GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG |
                                             (inner == &krb5 || mechanism == &krb5 ? GSS_C_MUTUAL_FLAG : 0),
                                         0, GSS_C_NO_CHANNEL_BINDINGS, &in, NULL, &out, &flags, NULL);
        if (out.length)
            line_put('T', &out);
        check(server ? "gss_accept_sec_context" : "gss_init_sec_context", major, minor);
        gss_release_buffer(&minor, &out);
    }
    if (server) {
        gss_buffer_desc text;

        check("gss_display_name", gss_display_name(&minor, peer, &text, NULL), minor);
        fprintf(stderr, "peer %.*s\n", (int)text.length, (char *)text.value);
        seal_get(context);
        seal_put(context, "the answer");
    } else {
        seal_put(context, "a question");
        seal_get(context);
    }
    return 0;
}
