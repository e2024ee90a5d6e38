"""Orders, and payment providers as they sign what they send.

Stripe's signature is also made by its own package (support/stripe-sign);
this one is the same in less time.
"""
import base64
import datetime
import hashlib
import hmac
import json
import secrets
import time
import urllib.parse
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

WEBHOOKS = "/api/payments/webhooks/"
APP_ID, SELLER_ID = "2021000000000001", "2088000000000001"
MCHID, APPID, SERIAL = "1900000001", "wx0000000000000001", "PUB_KEY_ID_01"
CERTIFICATE = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"


def new_id(prefix):
    return f"{prefix}_{uuid.uuid4().hex}"


# Orders.

def add_package(stack, package_id, credits=100, amount=990, **more):
    """A package for sale; what is there already is made anew."""
    row = {"package_id": package_id, "title": "a package", "credits": credits,
           "amount": amount, "currency": "CNY", "bonus_credits": 0,
           "member_bonus_credits": 0, "expires_after_days": None,
           "min_plan": None, "available": True, **more}
    names, values = ", ".join(row), list(row.values())
    marks = ", ".join(["%s"] * len(row))
    stack.rows(f"insert into florin.credit_packages ({names})"
               f" values ({marks}) on conflict (package_id) do update set"
               f" ({names}) = ({marks})", *values, *values)
    return package_id


def order(api, user_id, package_id="starter", provider="stripe", **more):
    """A new order of a package."""
    answer = api.write("payments/orders", api.as_user(user_id),
                       package_id=package_id, provider=provider, **more)
    assert answer.status == 201, answer
    return answer.json["order"]


def complete(api, made, reference=None, key=None, who=None, **more):
    body = dict(user_id=made["user_id"], amount=made["amount"],
                currency=made["currency"],
                provider_reference=reference or new_id("pi"))
    return api.write(f"payments/orders/{made['id']}/complete",
                     who or api.service, key, **{**body, **more})


def paid_order(api, user_id, package_id="starter", **more):
    """An order that is paid; as it was answered."""
    made = order(api, user_id, package_id)
    answer = complete(api, made, **more)
    assert answer.status == 200, answer
    return answer.json["order"]


def refund(api, made, key=None, who=None, reason="sorry", **more):
    return api.write(f"payments/orders/{made['id']}/refund",
                     who or api.service, key, user_id=made["user_id"],
                     reason=reason, **more)


def seen(api, made):
    """The order as its user sees it now."""
    return api.get(f"/api/payments/orders/{made['id']}",
                   api.as_user(made["user_id"])).json


def mismatch(api, user_id, made=None, reference=None):
    """The alert that less money than the order's price has raised."""
    answer = complete(api, made or order(api, user_id), reference, amount=1)
    assert answer.code == "payment_mismatch", answer
    return api.get("/api/admin/alerts", api.admin, user_id=user_id,
                   detector="payment_mismatch").json["data"][0]["id"]


def alerts(stack, user_id):
    """{detector: how often} of a user."""
    return {row["detector"]: int(row["sum"]) for row in stack.rows(
        "select detector, sum(count) from florin.alerts"
        " where user_id = %s group by detector", user_id)}


# Stripe.

def stripe_signature(secret, body, at=None):
    at = int(time.time()) if at is None else at
    mac = hmac.new(secret, b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def stripe_event(event_type, obj, event_id=None):
    """The bytes of an event, as Stripe lays it out."""
    return json.dumps({
        "id": event_id or new_id("evt"), "object": "event",
        "api_version": "2025-08-27.basil", "created": int(time.time()),
        "livemode": False, "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type, "data": {"object": obj}}, indent=2).encode()


def session_of(made, **more):
    """The checkout session that paid an order."""
    return {"id": new_id("cs_test"), "object": "checkout.session",
            "amount_total": made["amount"], "payment_status": "paid",
            "currency": made["currency"].lower(), "mode": "payment",
            "payment_intent": new_id("pi"), "subscription": None,
            "invoice": None, "metadata": {"florin_order_id": made["id"]},
            "payment_method_options": {"card": {"a": {"b": {"c": {"d": {
                "e": {"f": [[[[1.5]]]]}}}}}}}, **more}


def send_stripe(api, body, secret=None, signature=None):
    signature = signature or stripe_signature(
        secret or api.stack.stripe_secret, body)
    return api.call("POST", WEBHOOKS + "stripe", None, body, headers=[
        ("Stripe-Signature", signature)])


def tell_stripe(api, event_type, obj, event_id=None):
    return send_stripe(api, stripe_event(event_type, obj, event_id))


# Alipay.

class Keys:
    """The keys of one run: a provider's, and somebody else's."""

    def __init__(self):
        self.private = rsa.generate_private_key(65537, 2048)
        self.other = rsa.generate_private_key(65537, 2048)
        self.api_v3 = secrets.token_hex(16).encode()

    def public_pem(self):
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo)

    def certificate_pem(self):
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay")])
        now = datetime.datetime.utcnow()
        return x509.CertificateBuilder(
            name, name, self.private.public_key(), 7, now,
            now + datetime.timedelta(days=1)).sign(
                self.private, hashes.SHA256()).public_bytes(
                    serialization.Encoding.PEM)

    def sign(self, data, other=False):
        key = self.other if other else self.private
        return base64.b64encode(key.sign(
            data, padding.PKCS1v15(), hashes.SHA256())).decode()


def alipay_form(keys, made, with_type=False, other=False, spoil=None,
                **more):
    """The body of a notice; `spoil` changes it after it was signed."""
    units, cents = divmod(made["amount"], 100)
    form = {"notify_id": new_id("n"), "notify_type": "trade_status_sync",
            "app_id": APP_ID, "seller_id": SELLER_ID, "charset": "utf-8",
            "out_trade_no": made["id"], "trade_no": new_id("t"),
            "trade_status": "TRADE_SUCCESS", "subject": "积分 100+1 & more",
            "total_amount": f"{units}.{cents:02}", "body": "", **more}
    form = {name: value for name, value in form.items() if value is not None}
    signed = dict(form, sign_type="RSA2") if with_type else form
    text = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    form.update(sign=keys.sign(text.encode(), other), sign_type="RSA2")
    form.update(spoil or {})
    return urllib.parse.urlencode(form).encode()


def send_alipay(api, body):
    return api.call("POST", WEBHOOKS + "alipay", None, body, headers=[
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")])


# WeChat Pay.

def wechat_trade(made, **more):
    return {"mchid": MCHID, "appid": APPID, "out_trade_no": made["id"],
            "transaction_id": new_id("w")[:32], "trade_type": "JSAPI",
            "trade_state": "SUCCESS", "payer": {"openid": "o1"},
            "amount": {"total": made["amount"], "payer_total": 1,
                       "currency": "CNY"}, **more}


def wechat_refund(made, trade, amount, **more):
    return {"mchid": MCHID, "out_trade_no": made["id"],
            "transaction_id": trade["transaction_id"],
            "refund_id": new_id("r")[:32], "refund_status": "SUCCESS",
            "amount": {"total": made["amount"], "refund": amount}, **more}


def wechat_body(keys, resource, event_type="TRANSACTION.SUCCESS", **more):
    nonce = secrets.token_hex(6)
    sealed = AESGCM(keys.api_v3).encrypt(
        nonce.encode(), json.dumps(resource).encode(), b"transaction")
    return json.dumps({
        "id": new_id("e"), "create_time": "2026-11-20T13:29:35+08:00",
        "event_type": event_type, "resource_type": "encrypt-resource",
        "resource": {"algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
                     "ciphertext": base64.b64encode(sealed).decode(),
                     "associated_data": "transaction", **more}}).encode()


def wechat_headers(keys, body, at=None, serial=SERIAL, other=False):
    at, nonce = str(at or int(time.time())), secrets.token_hex(16)
    signature = keys.sign(f"{at}\n{nonce}\n".encode() + body + b"\n", other)
    return {"Wechatpay-Timestamp": at, "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signature, "Wechatpay-Serial": serial}


def send_wechat(api, keys, body, **more):
    """`more` replaces headers, or how they are made."""
    made = {name: more.pop(name) for name in ("at", "serial", "other")
            if name in more}
    headers = {**wechat_headers(keys, body, **made), **more}
    return api.call("POST", WEBHOOKS + "wechat", None, body, headers=[
        ("Content-Type", "application/json"), *headers.items()])


def configure(stack, keys):
    """The text of florin.conf for Alipay and WeChat Pay, with its files."""
    files = {"alipay.pem": keys.public_pem(), "wechat.key": keys.api_v3,
             "wechat.pem": keys.public_pem(),
             "wechat-certificate.pem": keys.certificate_pem()}
    for name, text in files.items():
        (stack.dir / name).write_bytes(text)
        (stack.dir / name).chmod(0o644)
    return f"""
        provider alipay {{
            app_id = "{APP_ID}"
            seller_id = "{SELLER_ID}"
            public_key_file = "{stack.dir}/alipay.pem"
        }}
        provider wechat {{
            mchid = "{MCHID}"
            appid = "{APPID}"
            api_v3_key_file = "{stack.dir}/wechat.key"
            public_keys = {{"{SERIAL}={stack.dir}/wechat.pem",
                "{CERTIFICATE}={stack.dir}/wechat-certificate.pem"}}
        }}
    """
