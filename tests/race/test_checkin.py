"""Check-ins at once, and around the site's midnight."""
import datetime

from support.storm import post_request, statuses, storm

AT_ONCE = 30
ZONE = "Asia/Shanghai"


def check_ins(stack, user):
    return stack.rows(
        "select c.date, c.streak, t.effective_at, t.amount"
        " from florin.daily_checkins c join florin.credit_transactions t"
        " on t.user_id = c.user_id and t.seq = c.transaction_id"
        " where c.user_id = %s order by c.date", user)


def to_midnight(stack, seconds):
    """Move the test clock to so long before the zone's next midnight."""
    stack.rows(
        "select florin.advance_clock((date_trunc('day', florin.clock()"
        " at time zone %s) + interval '1 day') at time zone %s"
        " - florin.clock() - make_interval(secs => %s))", ZONE, ZONE, seconds)


def set_zone(stack, zone):
    stack.rows("update florin.settings set value = to_jsonb(%s::text)"
               " where name = 'timezone'", zone)


def test_at_once_one_is_rewarded(api, stack):
    user = api.new_user()
    request = post_request(api, "/api/checkin", api.as_user(user), None)
    assert statuses(storm(api, [request] * AT_ONCE)) == {
        201: 1, 409: AT_ONCE - 1}
    assert len(check_ins(stack, user)) == 1
    assert api.balance(user) == 55


def test_across_midnight_each_day_is_rewarded_once(api, stack):
    users = [api.new_user() for _ in range(3)]
    requests = [post_request(api, "/api/checkin", api.as_user(user), None)
                for user in users for _ in range(AT_ONCE // 3)]
    set_zone(stack, ZONE)
    try:
        to_midnight(stack, 1.0)
        answers = []
        while len({a.json["checkin"]["date"] for a in answers}) < 2:
            answers += storm(api, requests)
        answers += storm(api, requests)
        assert statuses(answers)[201] == 2 * len(users)
        assert statuses(answers) == {
            201: 2 * len(users), 409: len(answers) - 2 * len(users)}
    finally:
        set_zone(stack, "UTC")
    for user in users:
        first, second = check_ins(stack, user)
        assert second["date"] - first["date"] == datetime.timedelta(1)
        assert (first["streak"], second["streak"]) == (1, 2)
        midnight = stack.value(
            "select %s::date::timestamp at time zone %s", second["date"],
            ZONE)
        assert first["effective_at"] < midnight <= second["effective_at"]
