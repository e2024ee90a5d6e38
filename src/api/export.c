/*
 * A page of CSV: the function answers {csv, next_cursor}; the text becomes
 * the body, the cursor a Link to the next page with the same filters.
 */
#include "export.h"

#include <string.h>

#include "../db.h"
#include "../dispatch.h"
#include "../json_scan.h"
#include "../reply.h"
#include "../request.h"

static enum err
start_export(struct request *r)
{
	dispatch_values(r, request_calls(r, 1));
	return ERR_NONE;
}

static void
add_param(struct buf *link, const char *name, const char *value)
{
	buf_printf(link, "%s%s=", strchr(link->data, '?') ? "&" : "?", name);
	buf_add_percent(link, value);
}

static void
link_next(struct request *r, const char *cursor)
{
	struct buf link = { 0 };

	buf_printf(&link, "<%s", r->route->path);
	if (r->who.role != ROLE_USER)
		add_param(&link, "user_id", r->user_id);
	for (size_t i = 0; r->route->fields[i].name != NULL; i++)
		if (r->values[i] != NULL &&
		    strcmp(r->route->fields[i].name, "cursor") != 0)
			add_param(&link, r->route->fields[i].name,
			    r->values[i]);
	add_param(&link, "cursor", cursor);
	buf_adds(&link, ">; rel=\"next\"");
	reply_header(r, "Link", link.data);
	buf_free(&link);
}

static enum err
finish_export(struct request *r)
{
	const struct call *call = &r->calls[0];
	enum err err = reply_call(r, call);
	struct json_slice body = { call->body, call->body_len };
	char *csv, cursor[32];

	if (err != ERR_NONE)
		return err;
	csv = arena_alloc(&r->arena, body.len + 1);
	json_unquote(json_member(body, "csv"), csv, body.len + 1);
	reply_text(r,
	    request_value(r, "cursor") == NULL
		? "text/csv; charset=utf-8; header=present"
		: "text/csv; charset=utf-8; header=absent",
	    csv);
	reply_header(r, "Content-Disposition",
	    "attachment; filename=\"transactions.csv\"");
	if (json_unquote(json_member(body, "next_cursor"), cursor,
		sizeof(cursor)))
		link_next(r, cursor);
	return ERR_NONE;
}

const struct handler handle_export = { start_export, finish_export };
