"""What a database can say besides an answer: a conflict, a failure, a word of
its own.  Functions are broken in a database of the test's own."""
import contextlib
import re

import pytest

from support import fastcgi
from support.master import Master, in_database, other_database
from support.stack import wait_until

PLANS = "/api/membership/plans"
LIST_PLANS = """
    create or replace function florin_api.list_plans(
        caller text, user_id text, "limit" bigint, cursor text)
    returns florin.answer language plpgsql security definer
    set search_path = florin, pg_temp as $$
    begin
        DO;
        return row(200, '{"data":[],"has_more":false,"next_cursor":null}',
            false, null)::florin.answer;
    end $$"""


@contextlib.contextmanager
def broken(stack, *queries):
    """A master on a database of which this was asked first."""
    with other_database(stack) as name, \
            Master(stack, database=name, jobs=True) as master:
        in_database(stack, name, "create sequence florin.tries;"
                    " grant usage on sequence florin.tries to public")
        for query in queries:
            in_database(stack, name, query)
        master.start()
        master.wait_ready()
        yield master, name


def plans(api, master):
    return fastcgi.ask(master.socket, [
        ("REQUEST_METHOD", "GET"), ("PATH_INFO", PLANS),
        ("HTTP_AUTHORIZATION", f"Bearer {api.as_user('x')}")])


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_conflict_is_tried_again_and_again_but_not_for_ever(
        stack, api, sqlstate):
    """Three times in all; then nothing was done."""
    query = LIST_PLANS.replace(
        "DO", "if nextval('florin.tries') % 3 <> 0 then"
        f" raise sqlstate '{sqlstate}'; end if")
    with broken(stack, query) as (master, name):
        assert plans(api, master).status == 200
        in_database(stack, name, query.replace("% 3", "% 1000"))
        answer = plans(api, master)
    assert answer.status == 503 and b'"unavailable"' in answer.body
    assert int(answer.headers["retry-after"]) >= 1


def test_an_answer_that_is_none(stack, api):
    """A function that returns nothing is our fault, and told as that."""
    query = LIST_PLANS.replace("DO", "return null")
    with broken(stack, query) as (master, _):
        answer = plans(api, master)
    assert answer.status == 500 and b'"internal"' in answer.body


def test_what_the_database_remarks_is_logged(stack, api):
    query = LIST_PLANS.replace("DO", "raise warning 'mind the gap'")
    with broken(stack, query) as (master, _):
        assert plans(api, master).status == 200
        master.wait_log("mind the gap")


def test_a_wallet_that_cannot_be_settled_hinders_no_other(stack):
    """The jobs say so, count it and go on with the next."""
    with broken(stack) as (master, name):
        for user in ("a", "b"):
            in_database(stack, name, "select florin_api.register_user("
                        f"'service:s', '{user}', null, null, null, null,"
                        " null, null)")
        in_database(stack, name, """
            create or replace function florin_jobs.settle_wallet(user_id text)
            returns boolean language plpgsql security definer
            set search_path = florin, pg_temp as $$
            begin
                if user_id = 'a' then raise 'no luck'; end if;
                return settle_user(user_id);
            end $$""")
        in_database(stack, name, "update florin.wallets"
                    " set next_due_at = now() - interval '1 minute'")
        master.wait_log("jobs: cannot settle a")
        wait_until(lambda: due(stack, name) == "a", 10, "b is settled")
        text = fastcgi.get(master.socket, "/metrics").body.decode()
    assert re.search(r"^florin_jobs_settle_failures_total [1-9]", text, re.M)


def due(stack, name):
    return in_database(
        stack, name, "select string_agg(user_id, ' ' order by user_id) from"
        " florin.wallets where next_due_at < now()")


def test_a_job_that_fails_is_counted(stack):
    with broken(stack, """
            create or replace function florin_jobs.expire_orders(
                caller text, "limit" bigint)
            returns florin.answer language plpgsql security definer
            set search_path = florin, pg_temp as $$
            begin raise 'no luck'; end $$""") as (master, _):
        master.wait_log("expire_orders")
        text = fastcgi.get(master.socket, "/metrics").body.decode()
    assert re.search(r'^florin_jobs_failures_total{job="expire_orders"} [1-9]',
                     text, re.M)
