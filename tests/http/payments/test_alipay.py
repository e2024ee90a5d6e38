"""POST /api/payments/webhooks/alipay: asynchronous notices, RSA2; the answer
is the word `success` or `fail`, nothing else."""
import pytest

from support.payments import (
    alerts, alipay_form, new_id, order, seen, send_alipay)


@pytest.fixture(name="keys")
def keys_of_alipay(api):
    return api.payment_keys


@pytest.fixture(name="made")
def pending_order(api, user):
    return order(api, user, provider="alipay")


def is_success(answer):
    assert answer.status == 200
    assert answer.header("content-type") == "text/plain"
    assert answer.body in (b"success", b"fail")
    return answer.body == b"success"


@pytest.mark.parametrize("with_type", [False, True])
@pytest.mark.parametrize("status", ["TRADE_SUCCESS", "TRADE_FINISHED"])
def test_a_payment(api, user, keys, made, with_type, status):
    body = alipay_form(keys, made, with_type, trade_status=status,
                       trade_no=new_id("t"))
    assert is_success(send_alipay(api, body))
    assert is_success(send_alipay(api, body))
    assert seen(api, made)["status"] == "paid"
    assert api.balance(user) == 200


def test_a_payment_and_its_end_are_one(api, user, keys, made):
    trade = new_id("t")
    for status in ("TRADE_SUCCESS", "TRADE_FINISHED"):
        assert is_success(send_alipay(api, alipay_form(
            keys, made, trade_status=status, trade_no=trade)))
    assert api.balance(user) == 200


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_CLOSED", "X"])
def test_what_is_no_payment(api, user, keys, made, status):
    assert is_success(send_alipay(api, alipay_form(
        keys, made, trade_status=status)))
    assert api.balance(user) == 100


@pytest.mark.parametrize("amount, good", [
    ("9.90", True), ("9.9", True), ("9.91", False), ("990", False),
    ("9.900", False), ("9,90", False), ("-9.90", False), ("", False),
    ("9.", False), ("1e1", False), ("0009.90", True)])
def test_the_amount_is_a_decimal(api, user, keys, made, amount, good):
    answer = send_alipay(api, alipay_form(keys, made, total_amount=amount))
    assert is_success(answer) is good
    assert api.balance(user) == (200 if good else 100)


def test_another_amount_is_an_alert(api, stack, user, keys, made):
    send_alipay(api, alipay_form(keys, made, total_amount="9.89"))
    assert alerts(stack, user) == {"payment_mismatch": 1}


def test_an_unknown_order(api, keys, made):
    assert not is_success(send_alipay(api, alipay_form(
        keys, {**made, "id": "none"})))


def test_an_order_of_another_provider(api, user, keys):
    made = order(api, user)
    assert not is_success(send_alipay(api, alipay_form(keys, made)))
    assert api.balance(user) == 100


def test_a_second_payment(api, stack, user, keys, made):
    for _ in range(2):
        assert is_success(send_alipay(api, alipay_form(keys, made)))
    assert alerts(stack, user) == {"unmatched_payment": 1}
    assert api.balance(user) == 200


@pytest.mark.parametrize("more", [
    {"app_id": "2021000000000009"}, {"seller_id": "2088000000000009"},
    {"app_id": None}, {"seller_id": None}, {"notify_id": None},
    {"trade_no": None}, {"out_trade_no": None}, {"total_amount": None},
    {"trade_status": None}, {"notify_id": "n" * 256}])
def test_signed_and_yet_not_for_us(api, user, keys, made, more):
    assert not is_success(send_alipay(api, alipay_form(keys, made, **more)))
    assert api.balance(user) == 100


@pytest.mark.parametrize("spoil", [
    {"total_amount": "0.01"}, {"out_trade_no": "x"}, {"extra": "1"},
    {"sign": ""}, {"sign": "AAAA"}, {"sign": "!"}, {"sign_type": "RSA"},
    {"sign_type": "rsa2"}, {"subject": "积分 100 1 & more"}])
def test_changed_after_it_was_signed(api, user, keys, made, spoil):
    assert not is_success(send_alipay(api, alipay_form(
        keys, made, spoil=spoil)))
    assert api.balance(user) == 100


def test_another_key(api, user, keys, made):
    assert not is_success(send_alipay(api, alipay_form(
        keys, made, other=True)))
    assert api.balance(user) == 100


def test_a_name_twice(api, user, keys, made):
    body = alipay_form(keys, made)
    for more in (b"&total_amount=9.90", b"&out_trade_no=x", b"&", b"&x",
                 b"&=1", b"&a=%", b"&a=%00", b"&a=%ff", b"\x00"):
        assert not is_success(send_alipay(api, body + more))
    assert api.balance(user) == 100


@pytest.mark.parametrize("body", [b"", b"&", b"{}", b"a=1", b"a=1&" * 200])
def test_no_form(api, body):
    assert not is_success(send_alipay(api, body))


def test_refunds_by_their_sum(api, user, keys, made):
    trade = new_id("t")
    send_alipay(api, alipay_form(keys, made, trade_no=trade))
    part = alipay_form(keys, made, trade_no=trade, refund_fee="4.95",
                       gmt_refund="2026-11-20 10:00:00.123")
    assert is_success(send_alipay(api, part))
    assert is_success(send_alipay(api, part))
    assert api.balance(user) == 150
    assert is_success(send_alipay(api, alipay_form(
        keys, made, trade_no=trade, refund_fee="9.90",
        trade_status="TRADE_CLOSED")))
    assert seen(api, made)["status"] == "refunded"
    assert api.balance(user) == 100
