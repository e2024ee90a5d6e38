"""A thousand askers of one wallet; one key asked many times."""
from support.api import new_key
from support.storm import consume_request, get_request, statuses, storm

ASKERS = 1000
CREDITS = 100
SAME_KEY = 64


def ledger(stack, user):
    return stack.rows(
        "select seq, kind, amount, balance_after, reference_id"
        " from florin.credit_transactions where user_id = %s order by seq",
        user)


def test_a_wallet_of_100_serves_exactly_100_of_1000(api, stack):
    user = api.new_user(CREDITS)
    token = api.as_user(user)
    before = len(ledger(stack, user))
    answers = storm(api, [
        consume_request(api, token, new_key(), amount=1, reason="race")
        for _ in range(ASKERS)])
    assert statuses(answers) == {200: CREDITS, 402: ASKERS - CREDITS}
    rows = ledger(stack, user)[before:]
    assert [row["balance_after"] for row in rows] == list(
        reversed(range(CREDITS)))


def test_each_of_1000_saw_a_balance_of_its_own(api):
    user = api.new_user(ASKERS)
    token = api.as_user(user)
    answers = storm(api, [
        consume_request(api, token, new_key(), amount=1, reason="race")
        for _ in range(ASKERS)])
    assert statuses(answers) == {200: ASKERS}
    balances = {answer.json["wallet"]["balance"] for answer in answers}
    assert balances == set(range(ASKERS))


def test_64_clients_with_one_key_make_one_row(api, stack):
    user = api.new_user(CREDITS)
    token, key = api.as_user(user), new_key()
    before = len(ledger(stack, user))
    answers = storm(api, [
        consume_request(api, token, key, amount=7, reason="one")
        for _ in range(SAME_KEY)])
    assert statuses(answers) == {200: SAME_KEY}
    assert len({answer.body for answer in answers}) == 1
    first = [a for a in answers if a.header("idempotent-replayed") is None]
    assert len(first) == 1
    assert len(ledger(stack, user)) == before + 1


def test_one_key_and_two_requests(api):
    """One of the two wins the key; each of the other kind is 422."""
    user = api.new_user(CREDITS)
    token, key = api.as_user(user), new_key()
    answers = storm(api, [
        consume_request(api, token, key, amount=1 + n % 2, reason="r")
        for n in range(SAME_KEY)])
    assert statuses(answers) == {200: SAME_KEY // 2, 422: SAME_KEY // 2}
    assert len({a.body for a in answers if a.status == 200}) == 1


def test_reads_during_writes_fit_the_ledger(api, stack):
    user = api.new_user(CREDITS)
    token = api.as_user(user)
    write = [consume_request(api, token, new_key(), amount=1, reason="r")
             for _ in range(100)]
    read = [get_request(api, "/api/credits", token) for _ in range(100)]
    mixed = [request for pair in zip(write, read) for request in pair]
    wallets = [answer.json for answer in storm(api, mixed)[1::2]]
    after = {row["seq"]: row["balance_after"] for row in ledger(stack, user)}
    for wallet in wallets:
        assert wallet["balance"] == after[wallet["version"]]
        assert wallet["balance"] == sum(
            grant["remaining"] for grant in wallet["grants"])
