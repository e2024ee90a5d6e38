"""Members whose months come, and what each month must have given."""

MONTHS = 2


def make_members(api, count):
    """Half by the month with what is to come, half by the year."""
    users = [api.new_user(1000) for _ in range(count)]
    for number, user in enumerate(users):
        if number % 2:
            api.make_member(user, "lite", "yearly")
        else:
            for _ in range(MONTHS + 2):
                api.make_member(user, "lite")
    return users


def rows_of(stack, user, since):
    return stack.rows(
        "select kind, amount, effective_at"
        " from florin.credit_transactions where user_id = %s and seq > %s"
        " and kind in ('reset', 'membership', 'expire') order by seq",
        user, since)


def check_months(stack, user, version):
    """Each month that came since `version`, soon after the start, gave its
    quota, once, at its first moment."""
    rows = rows_of(stack, user, version)
    resets = [row for row in rows if row["kind"] == "reset"]
    moments = [row["effective_at"] for row in resets]
    expected = [row["month"] for row in stack.rows(
        "select month from florin.memberships, generate_series("
        " date_trunc('month', started_at) + interval '1 month',"
        " florin.clock(), interval '1 month') month where user_id = %s",
        user)]
    assert len(expected) >= MONTHS
    assert moments == expected
    assert all(row["amount"] == 100 for row in resets)
    assert all(row["kind"] != "membership" for row in rows)


def versions(api, users):
    return {user: api.get("/api/credits", api.as_user(user)).json["version"]
            for user in users}


def due(stack):
    return stack.value("select count(*) from florin.wallets"
                       " where next_due_at <= florin.clock()")
