/*
 * Replies: the JSON text that PostgreSQL made, or problem+json (RFC 9457).
 */
#ifndef FLORIN_REPLY_H
#define FLORIN_REPLY_H

#include "errors.h"

struct buf;
struct request;
struct call;

/* Reply with a JSON text (kept, not copied). */
void reply_json(struct request *r, int status, const char *body);

/* Reply with plain text (kept, not copied). */
void reply_text(struct request *r, const char *content_type, const char *body);

/* Reply with a problem.  `detail` may be NULL (then the title stands there);
 * `extras`, if not NULL, is a JSON object whose members are added. */
void reply_problem(struct request *r, enum err err, const char *detail,
    const char *extras);

/* Add the problem's JSON text to `out`.  Returns err. */
enum err reply_problem_text(struct buf *out, const struct request *r,
    enum err err, const char *detail, const char *extras);

/* What a finished call came to, ERR_NONE if it was answered.  Logs what is a
 * fault of ours. */
enum err reply_outcome(const struct call *call);

/* Reply with what a finished call says. */
enum err reply_call(struct request *r, const struct call *call);

/* The ETag of a user's revision: out needs 64 bytes. */
void reply_etag(char *out, const char *user_id, long long revision);

/* The highest revision that If-None-Match names for this user, -1 if none. */
long long reply_known_revision(const char *if_none_match, const char *user_id);

void reply_header(struct request *r, const char *name, const char *value);

#endif
