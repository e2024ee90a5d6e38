"""Notices that Stripe's own npm package signed are taken as ours are."""
import json
import shutil
import subprocess
import time

import pytest

from support.payments import (
    order, send_stripe, session_of, stripe_event, stripe_signature)
from support.stack import TREE

COMPLETED = "checkout.session.completed"


@pytest.fixture(scope="module", name="sign")
def signer_of_stripe(tmp_path_factory):
    """sign(secret, body, at): a header made by the package `stripe`."""
    place = tmp_path_factory.mktemp("stripe")
    for file in (TREE / "tests/support/stripe-sign").iterdir():
        if file.is_file():
            shutil.copy(file, place)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund",
                    "--loglevel=error"], cwd=place, check=True, timeout=120,
                   stdin=subprocess.DEVNULL)
    with subprocess.Popen(["node", "sign.js"], cwd=place, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          bufsize=1) as node:
        def sign(secret, body, at=None):
            node.stdin.write(json.dumps({
                "payload": body.decode(), "secret": secret.decode(),
                "timestamp": int(time.time()) if at is None else at}) + "\n")
            return node.stdout.readline().strip()

        yield sign
        node.stdin.close()


def test_it_signs_as_this_suite_does(api, sign):
    body = stripe_event("a.type", {"text": "积分 \u2713"})
    secret = api.stack.stripe_secret
    assert sign(secret, body, 1492774577) == stripe_signature(
        secret, body, 1492774577)


def test_a_payment(api, user, sign):
    body = stripe_event(COMPLETED, session_of(order(api, user)))
    header = sign(api.stack.stripe_secret, body)
    answer = send_stripe(api, body, signature=header)
    assert (answer.status, answer.json["outcome"]) == (200, "completed")
    assert api.balance(user) == 200


def test_one_byte_changed(api, user, sign):
    body = stripe_event(COMPLETED, session_of(order(api, user)))
    header = sign(api.stack.stripe_secret, body)
    for place in range(0, len(body), len(body) // 20):
        other = body[:place] + bytes([body[place] ^ 1]) + body[place + 1:]
        answer = send_stripe(api, other, signature=header)
        assert (answer.status, answer.code) == (400, "invalid_request")
    assert api.balance(user) == 100


def test_too_old(api, user, sign):
    body = stripe_event(COMPLETED, session_of(order(api, user)))
    header = sign(api.stack.stripe_secret, body, int(time.time()) - 301)
    assert send_stripe(api, body, signature=header).status == 400
    assert api.balance(user) == 100


def test_another_secret(api, user, sign):
    body = stripe_event(COMPLETED, session_of(order(api, user)))
    header = sign(b"whsec_other", body)
    assert send_stripe(api, body, signature=header).status == 400
    assert api.balance(user) == 100
