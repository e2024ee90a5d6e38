"""POST /api/checkin gives credits once a day."""
from support.api import new_key
from support.shapes import AMOUNT_MAX
from support.storm import post_request, statuses, storm


def check_in(api, who, key=None, **body):
    return api.post("/api/checkin", who, body or None, key)


def test_gives_the_reward(api, user, token):
    answer = check_in(api, token)
    assert answer.status == 201
    checkin, transaction = (answer.json[n] for n in (
        "checkin", "transaction"))
    assert (checkin["streak"], checkin["credits"]) == (1, 5)
    assert checkin["transaction_id"] == transaction["id"]
    assert transaction["kind"] == "checkin"
    assert transaction["amount"] == 5
    assert transaction["reference"] == {"type": "checkin",
                                        "id": checkin["date"]}
    assert answer.json["bonus_transaction"] is None
    assert answer.json["wallet"]["balance"] == 105
    assert api.get("/api/users/me", token).json["stats"][
        "checkin_count"] == 1


def test_a_second_time_is_told_the_first(api, token):
    first = check_in(api, token).json["checkin"]
    answer = check_in(api, token)
    assert (answer.status, answer.code) == (409, "already_checked_in")
    assert answer.json["checkin"] == first
    assert api.get("/api/credits", token).json["balance"] == 105


def test_a_key_replays(api, token):
    key = new_key()
    first = check_in(api, token, key)
    again = check_in(api, token, key)
    assert (again.status, again.body) == (201, first.body)
    assert again.header("idempotent-replayed") == "true"
    assert check_in(api, token, new_key()).status == 409


def test_a_key_of_another_request(api, token):
    key = new_key()
    api.consume(token, 1, key)
    answer = check_in(api, token, key)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_an_answer_no_longer_kept(api, stack, user, token):
    key = new_key()
    check_in(api, token, key)
    stack.rows("update florin.idempotency_keys set body = null"
               " where user_id = %s", user)
    answer = check_in(api, token, key)
    assert (answer.status, answer.code) == (409, "already_done")


def test_many_at_once_give_one_reward(api, user, token):
    answers = storm(api, [post_request(api, "/api/checkin", token, None)
                          for _ in range(32)])
    assert statuses(answers) == {201: 1, 409: 31}
    assert {a.code for a in answers if a.status == 409} == {
        "already_checked_in"}
    assert api.balance(user) == 105


def test_a_week_ends_with_a_bonus(api, stack, user):
    for day in range(1, 8):
        stack.dev("clock", "1 day")
        told = check_in(api, api.service, user_id=user).json
        assert told["checkin"]["streak"] == day
    assert told["checkin"]["credits"] == 25
    assert told["bonus_transaction"]["kind"] == "checkin_bonus"
    assert told["bonus_transaction"]["amount"] == 20
    assert told["wallet"]["balance"] == 100 + 7 * 5 + 20
    again = check_in(api, api.service, user_id=user)
    assert again.json["checkin"]["credits"] == 25


def test_a_day_left_out_begins_the_streak_anew(api, stack, user, token):
    check_in(api, token)
    stack.dev("clock", "2 days")
    assert check_in(api, token).json["checkin"]["streak"] == 1


def test_a_balance_too_large(api, user):
    api.grant(user, AMOUNT_MAX - 102)
    answer = check_in(api, api.as_user(user))
    assert (answer.status, answer.code) == (422, "balance_limit")


def test_an_unknown_user(api):
    answer = check_in(api, api.as_user("nobody-ci"))
    assert (answer.status, answer.code) == (404, "user_not_found")


def test_takes_no_members(api, token):
    answer = check_in(api, token, date="2026-01-01")
    assert answer.status == 400
    assert answer.json["errors"][0]["field"] == "date"
