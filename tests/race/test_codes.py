"""One code and fifty users at the same moment."""
from support.api import new_key
from support.storm import post_request, statuses, storm

USERS = 50


def test_one_code_is_redeemed_by_one_of_50(api, stack):
    made = api.post("/api/admin/codes", api.admin,
                    {"count": 1, "credits": 7, "reason": "a race"})
    (code,) = made.json["codes"]
    users = [api.new_user() for _ in range(USERS)]
    answers = storm(api, [
        post_request(api, "/api/codes/redeem", api.as_user(user), new_key(),
                     code=code) for user in users])
    assert statuses(answers) == {200: 1, 409: USERS - 1}
    assert {a.code for a in answers if a.status == 409} == {"code_used"}
    assert stack.value(
        "select count(*) from florin.credit_transactions"
        " where kind = 'code' and user_id = any(%s)", users) == 1
