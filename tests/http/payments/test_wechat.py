"""POST /api/payments/webhooks/wechat: WeChat Pay, API v3."""
import json
import secrets
import time

import pytest

from support import payments
from support.payments import (
    CERTIFICATE, MCHID, alerts, order, seen, send_wechat, wechat_body,
    wechat_headers, wechat_refund, wechat_trade)


@pytest.fixture(name="keys")
def keys_of_wechat(api):
    return api.payment_keys


@pytest.fixture(name="made")
def pending_order(api, user):
    return order(api, user, provider="wechat")


@pytest.fixture(name="trade")
def trade_of_order(made):
    return wechat_trade(made)


def is_success(answer):
    if answer.status == 200:
        assert answer.json == {"code": "SUCCESS"}
        return True
    assert 400 <= answer.status < 500
    assert answer.header("content-type") == "application/json"
    assert answer.json["code"] == "FAIL" and answer.json["message"]
    return False


def test_a_payment(api, user, keys, made, trade):
    body = wechat_body(keys, trade)
    assert is_success(send_wechat(api, keys, body))
    assert is_success(send_wechat(api, keys, body))
    told = seen(api, made)
    assert told["status"] == "paid"
    assert told["provider_reference"] == trade["transaction_id"]
    assert api.balance(user) == 200


def test_a_platform_certificate(api, user, keys, trade):
    assert is_success(send_wechat(
        api, keys, wechat_body(keys, trade), serial=CERTIFICATE))
    assert api.balance(user) == 200


@pytest.mark.parametrize("change", [
    {"amount": {"total": 989, "currency": "CNY"}},
    {"amount": {"total": 990, "currency": "USD"}}])
def test_another_amount_or_currency(api, stack, user, keys, trade, change):
    answer = send_wechat(api, keys, wechat_body(keys, {**trade, **change}))
    assert answer.status == 422
    assert not is_success(answer)
    assert alerts(stack, user) == {"payment_mismatch": 1}
    assert api.balance(user) == 100


def test_an_unknown_order(api, keys, trade):
    answer = send_wechat(api, keys, wechat_body(
        keys, {**trade, "out_trade_no": "none"}))
    assert answer.status == 404
    assert not is_success(answer)


def test_an_order_of_another_provider(api, user, keys):
    trade = wechat_trade(order(api, user))
    assert not is_success(send_wechat(api, keys, wechat_body(keys, trade)))
    assert api.balance(user) == 100


def test_a_second_payment(api, stack, user, keys, made):
    for _ in range(2):
        assert is_success(send_wechat(
            api, keys, wechat_body(keys, wechat_trade(made))))
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == 200


@pytest.mark.parametrize("change", [
    {"mchid": "1900000009"}, {"appid": "wx9"}, {"mchid": None},
    {"transaction_id": None}, {"out_trade_no": None}, {"amount": None},
    {"amount": {"total": "990", "currency": "CNY"}},
    {"amount": {"total": 990}}])
def test_signed_and_yet_not_for_us(api, user, keys, trade, change):
    answer = send_wechat(api, keys, wechat_body(keys, {**trade, **change}))
    assert not is_success(answer)
    assert api.balance(user) == 100


@pytest.mark.parametrize("kind, change", [
    ("TRANSACTION.SUCCESS", {"trade_state": "REFUND"}),
    ("TRANSACTION.SUCCESS", {"trade_state": None}), ("X.Y", {})])
def test_what_is_no_payment(api, user, keys, trade, kind, change):
    body = wechat_body(keys, {**trade, **change}, kind)
    assert is_success(send_wechat(api, keys, body))
    assert api.balance(user) == 100


def test_one_byte_of_the_body(api, user, keys, trade):
    body = wechat_body(keys, trade)
    assert is_success(send_wechat(api, keys, body))
    for place in (1, len(body) // 2, len(body) - 2):
        other = bytearray(body)
        other[place] ^= 1
        answer = send_wechat(api, keys, bytes(other),
                             **wechat_headers(keys, body))
        assert not is_success(answer)
    assert api.balance(user) == 200


@pytest.mark.parametrize("more", [
    {"other": True}, {"serial": "PUB_KEY_ID_02"}, {"serial": ""},
    {"serial": "PUB_KEY_ID_0"}, {"at": 1}, {"Wechatpay-Nonce": "x"},
    {"Wechatpay-Timestamp": "9999999999"}, {"Wechatpay-Signature": ""},
    {"Wechatpay-Signature": "AAAA"}, {"Wechatpay-Timestamp": ""}])
def test_another_signature(api, user, keys, trade, more):
    answer = send_wechat(api, keys, wechat_body(keys, trade), **more)
    assert not is_success(answer)
    assert api.balance(user) == 100


@pytest.mark.parametrize("age", [301, -310])
def test_another_time(api, user, keys, trade, age):
    answer = send_wechat(api, keys, wechat_body(keys, trade),
                         at=int(time.time()) - age)
    assert not is_success(answer)


def test_a_probe_fails_quietly(api, stack, keys, trade):
    before = stack.log_text().count("a notice was refused")
    answer = send_wechat(api, keys, wechat_body(keys, trade), **{
        "Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + "A" * 40})
    assert not is_success(answer)
    assert stack.log_text().count("a notice was refused") == before


@pytest.mark.parametrize("more", [
    {"algorithm": "AES"}, {"nonce": "short"}, {"nonce": "0" * 12},
    {"associated_data": "other"}, {"ciphertext": "AAAA"},
    {"ciphertext": "!"}, {"ciphertext": None}, {"nonce": None}])
def test_a_resource_that_does_not_open(api, user, keys, trade, more):
    assert not is_success(send_wechat(
        api, keys, wechat_body(keys, trade, **more)))
    assert api.balance(user) == 100


def test_another_api_key(api, user, keys, trade):
    class Stranger:
        api_v3 = secrets.token_hex(16).encode()

    assert not is_success(send_wechat(
        api, keys, wechat_body(Stranger, trade)))
    assert api.balance(user) == 100


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"{", b'{"id":"e","event_type":"x"}',
    b'{"id":"e","event_type":"x","resource":5}'])
def test_signed_and_yet_no_notice(api, keys, body):
    assert not is_success(send_wechat(api, keys, body))


def test_a_resource_without_associated_data(api, user, keys, trade):
    nonce = secrets.token_hex(6)
    sealed = payments.AESGCM(keys.api_v3).encrypt(
        nonce.encode(), json.dumps(trade).encode(), b"")
    body = json.dumps({
        "id": payments.new_id("e"), "event_type": "TRANSACTION.SUCCESS",
        "resource": {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
                     "ciphertext": payments.base64.b64encode(
                         sealed).decode()}}).encode()
    assert is_success(send_wechat(api, keys, body))
    assert api.balance(user) == 200


def test_refunds_add_up(api, user, keys, made, trade):
    send_wechat(api, keys, wechat_body(keys, trade))
    first = wechat_body(keys, wechat_refund(made, trade, 495),
                        "REFUND.SUCCESS")
    for _ in range(2):
        assert is_success(send_wechat(api, keys, first))
    assert api.balance(user) == 150
    assert is_success(send_wechat(api, keys, wechat_body(
        keys, wechat_refund(made, trade, 495), "REFUND.SUCCESS")))
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 100


def test_a_refund_of_another_merchant(api, user, keys, made, trade):
    send_wechat(api, keys, wechat_body(keys, trade))
    answer = send_wechat(api, keys, wechat_body(
        keys, {**wechat_refund(made, trade, 990), "mchid": MCHID + "9"},
        "REFUND.SUCCESS"))
    assert not is_success(answer)
    assert api.balance(user) == 200
