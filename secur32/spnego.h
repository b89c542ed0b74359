/*
 * spnego.h: tokens of SPNEGO (RFC 4178, MS-SPNG).
 */
#ifndef SECUR32_SPNEGO_H
#define SECUR32_SPNEGO_H

#include "secur32/writer.h"

enum spnego_state { SPNEGO_COMPLETED, SPNEGO_INCOMPLETE, SPNEGO_REJECT, SPNEGO_REQUEST_MIC, SPNEGO_NO_STATE };
enum { SPNEGO_MOST_MECHANISMS = 16 };

struct spnego_token {
    bool init;                                       /* NegTokenInit, or else NegTokenResp */
    struct bytes list;                               /* the mechanisms' list, as its MIC takes it */
    struct bytes mechanisms[SPNEGO_MOST_MECHANISMS]; /* OIDs' contents; in a response the chosen one */
    size_t count;
    enum spnego_state state;
    struct bytes token, mic; /* data NULL: none */
};

/* false: damaged, or no such token.  What it has points into the message. */
bool spnego_read(struct bytes message, struct spnego_token *token);
/* `list` is what spnego_list_write made. */
void spnego_init_write(struct writer *writer, struct bytes list, struct bytes token);
/* The first token of a server that speaks first. */
void spnego_hint_write(struct writer *writer, struct bytes list);
void spnego_response_write(struct writer *writer, enum spnego_state state, struct bytes mechanism, struct bytes token,
                           struct bytes mic);
void spnego_list_write(struct writer *writer, const struct bytes *mechanisms, size_t count);
/* The mechanism of a token that stands alone (RFC 2743 section 3.1); data NULL: none. */
struct bytes gss_mechanism(struct bytes message);

#endif
