"""A strict JSON corpus: each malformed body gets its exact 4xx."""
import pytest

GOOD = b'{"amount": 1, "reason": "r"}'

# name: (body, fields of errors[] or None where only 400 is promised)
MALFORMED = {
    "empty object": (b"{}", {"amount", "reason"}),
    "empty": (b"", None),
    "a long name twice": (b'{"%s": 1, "%s": 2}' % (b"x" * 300, b"x" * 300),
                          {"body"}),
    "blank": (b"  \n", None),
    "null": (b"null", None),
    "true": (b"true", None),
    "number": (b"1", None),
    "text": (b'"x"', None),
    "list": (b"[]", None),
    "list of the object": (b"[" + GOOD + b"]", None),
    "cut after the brace": (b"{", None),
    "cut in a name": (b'{"amo', None),
    "cut after a name": (b'{"amount"', None),
    "cut after the colon": (b'{"amount":', None),
    "cut in a number": (b'{"amount": 1', None),
    "cut in a text": (b'{"amount": 1, "reason": "r', None),
    "cut in an escape": (b'{"amount": 1, "reason": "r\\', None),
    "no colon": (b'{"amount" 1, "reason": "r"}', None),
    "two colons": (b'{"amount":: 1, "reason": "r"}', None),
    "no comma": (b'{"amount": 1 "reason": "r"}', None),
    "two commas": (b'{"amount": 1,, "reason": "r"}', None),
    "leading comma": (b'{, "amount": 1, "reason": "r"}', None),
    "trailing comma": (b'{"amount": 1, "reason": "r",}', None),
    "trailing brace": (GOOD + b"}", None),
    "trailing text": (GOOD + b" x", None),
    "trailing object": (GOOD + GOOD, None),
    "trailing NUL": (GOOD + b"\0", None),
    "leading NUL": (b"\0" + GOOD, None),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD, None),
    "UTF-16": (GOOD.decode().encode("utf-16"), None),
    "UTF-16 without mark": (GOOD.decode().encode("utf-16-le"), None),
    "UTF-32": (GOOD.decode().encode("utf-32"), None),
    "single quotes": (b"{'amount': 1, 'reason': 'r'}", None),
    "bare name": (b'{amount: 1, "reason": "r"}', None),
    "comment": (b'{"amount": 1, /* x */ "reason": "r"}', None),
    "line comment": (b'{"amount": 1, "reason": "r"} // x', None),
    "hash comment": (b'# x\n{"amount": 1, "reason": "r"}', None),
    "number as name": (b'{1: 1, "reason": "r"}', None),
    "NaN": (b'{"amount": NaN, "reason": "r"}', None),
    "Infinity": (b'{"amount": Infinity, "reason": "r"}', None),
    "-Infinity": (b'{"amount": -Infinity, "reason": "r"}', None),
    "capital True": (b'{"amount": True, "reason": "r"}', None),
    "leading zero": (b'{"amount": 01, "reason": "r"}', None),
    "leading plus": (b'{"amount": +1, "reason": "r"}', None),
    "leading dot": (b'{"amount": .1, "reason": "r"}', None),
    "trailing dot": (b'{"amount": 1., "reason": "r"}', None),
    "hex": (b'{"amount": 0x10, "reason": "r"}', None),
    "octal": (b'{"amount": 0o17, "reason": "r"}', None),
    "underscore": (b'{"amount": 1_000, "reason": "r"}', None),
    "empty exponent": (b'{"amount": 1e, "reason": "r"}', None),
    "two minuses": (b'{"amount": --1, "reason": "r"}', None),
    "minus alone": (b'{"amount": -, "reason": "r"}', None),
    "fraction": (b'{"amount": 1.0, "reason": "r"}', {"amount"}),
    "half": (b'{"amount": 0.5, "reason": "r"}', {"amount"}),
    "exponent": (b'{"amount": 1e2, "reason": "r"}', {"amount"}),
    "negative exponent": (b'{"amount": 100e-2, "reason": "r"}', {"amount"}),
    "huge exponent": (b'{"amount": 1e999, "reason": "r"}', None),
    "minus zero": (b'{"amount": -0, "reason": "r"}', {"amount"}),
    "2^53": (b'{"amount": 9007199254740992, "reason": "r"}', {"amount"}),
    "2^63": (b'{"amount": 9223372036854775808, "reason": "r"}', None),
    "2^64 + 1": (b'{"amount": 18446744073709551617, "reason": "r"}', None),
    "-2^63 - 1": (b'{"amount": -9223372036854775809, "reason": "r"}', None),
    "a thousand digits": (
        b'{"amount": ' + b"1" * 1000 + b', "reason": "r"}', None),
    "doubled amount": (
        b'{"amount": 1, "amount": 1, "reason": "r"}', None),
    "doubled after escapes": (
        b'{"amount": 1, "amoun\\u0074": 2, "reason": "r"}', None),
    "doubled in a nested object": (
        b'{"amount": 1, "reason": "r", "x": {"a": 1, "a": 1}}', None),
    "NUL in a name": (b'{"amount\\u0000x": 1, "reason": "r"}', None),
    "NUL in a text": (b'{"amount": 1, "reason": "a\\u0000b"}', None),
    "NUL alone": (b'{"amount": 1, "reason": "\\u0000"}', None),
    "raw NUL in a text": (b'{"amount": 1, "reason": "a\0b"}', None),
    "raw newline": (b'{"amount": 1, "reason": "a\nb"}', None),
    "raw tab": (b'{"amount": 1, "reason": "a\tb"}', None),
    "raw escape": (b'{"amount": 1, "reason": "a\x1bb"}', None),
    "unknown escape": (b'{"amount": 1, "reason": "\\x41"}', None),
    "single-quote escape": (b'{"amount": 1, "reason": "\\\'"}', None),
    "short unicode escape": (b'{"amount": 1, "reason": "\\u41"}', None),
    "unicode escape of no hex": (
        b'{"amount": 1, "reason": "\\u00zz"}', None),
    "high surrogate alone": (b'{"amount": 1, "reason": "\\ud800"}', None),
    "low surrogate alone": (b'{"amount": 1, "reason": "\\udc00"}', None),
    "surrogates reversed": (
        b'{"amount": 1, "reason": "\\udc00\\ud800"}', None),
    "two high surrogates": (
        b'{"amount": 1, "reason": "\\ud800\\ud800"}', None),
    "surrogate in UTF-8": (
        b'{"amount": 1, "reason": "\xed\xa0\x80"}', None),
    "overlong slash": (b'{"amount": 1, "reason": "\xc0\xaf"}', None),
    "overlong NUL": (b'{"amount": 1, "reason": "\xc0\x80"}', None),
    "overlong of three": (b'{"amount": 1, "reason": "\xe0\x80\xaf"}', None),
    "above U+10FFFF": (b'{"amount": 1, "reason": "\xf4\x90\x80\x80"}', None),
    "five-byte UTF-8": (
        b'{"amount": 1, "reason": "\xf8\x88\x80\x80\x80"}', None),
    "Latin-1": (b'{"amount": 1, "reason": "\xe4"}', None),
    "continuation alone": (b'{"amount": 1, "reason": "\x80"}', None),
    "cut UTF-8": (b'{"amount": 1, "reason": "\xe2\x82"}', None),
    "bad UTF-8 in a name": (b'{"\xff": 1}', None),
    "nested too deep": (
        b'{"amount": 1, "reason": ' + b"[" * 9 + b"]" * 9 + b"}", None),
    "nested for ever": (b"[" * 100_000, None),
    "objects for ever": (b'{"a":' * 30_000, None),
    "form": (b"amount=1&reason=r", None),
    "XML": (b"<amount>1</amount>", None),
    "vertical tab as blank": (b"\x0b" + GOOD, None),
    "no-break space as blank": (b"\xc2\xa0" + GOOD, None),
    "amount a text": (b'{"amount": "1", "reason": "r"}', {"amount"}),
    "amount an object": (b'{"amount": {}, "reason": "r"}', {"amount"}),
    "amount null": (b'{"amount": null, "reason": "r"}', {"amount"}),
    "reason a list": (b'{"amount": 1, "reason": ["r"]}', {"reason"}),
    "unknown member": (
        b'{"amount": 1, "reason": "r", "x": 1}', {"x"}),
    "unknown null member": (
        b'{"amount": 1, "reason": "r", "x": null}', {"x"}),
    "empty name": (b'{"amount": 1, "reason": "r", "": 1}', {""}),
    "name in capitals": (b'{"Amount": 1, "reason": "r"}',
                         {"Amount", "amount"}),
    "name with a blank": (b'{"amount ": 1, "reason": "r"}',
                          {"amount ", "amount"}),
    "__proto__": (b'{"amount": 1, "reason": "r", "__proto__": {}}',
                  {"__proto__"}),
    "a member from the database": (
        b'{"amount": 1, "reason": "r", "caller": "admin:x"}', {"caller"}),
}


@pytest.fixture(scope="module", name="spender")
def token_of_spender(api):
    return api.as_user(api.new_user(1000))


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(api, spender, name):
    body, fields = MALFORMED[name]
    answer = api.post("/api/credits/consume", spender, body, "k-" + name[:9]
                      .replace(" ", "_"))
    assert (answer.status, answer.code) == (400, "invalid_request")
    if fields is not None:
        assert {e["field"] for e in answer.json["errors"]} == fields


def test_malformed_bodies_spend_nothing(api, spender):
    for body, _ in MALFORMED.values():
        api.post("/api/credits/consume", spender, body, "one-key")
    assert api.get("/api/credits", spender).json["balance"] == 1000


WELL_FORMED = {
    "blanks": b' \t\r\n{ "amount" : 1 ,\n"reason" : "r" }\n ',
    "escaped names": b'{"\\u0061mount": 1, "reason": "r"}',
    "escapes": b'{"amount": 1, "reason": "\\"\\\\\\/\\b\\f\\n\\r\\t"}',
    "surrogate pair": b'{"amount": 1, "reason": "\\ud83d\\ude00"}',
    "raw emoji": '{"amount": 1, "reason": "😀"}'.encode(),
    "DEL and C1": '{"amount": 1, "reason": "\x7f\u0085"}'.encode(),
    "noncharacter": '{"amount": 1, "reason": "\uffff"}'.encode(),
    "mark inside": '{"amount": 1, "reason": "\ufeff"}'.encode(),
}


@pytest.mark.parametrize("name", WELL_FORMED)
def test_well_formed(api, user, token, name):
    body = WELL_FORMED[name]
    answer = api.post("/api/credits/consume", token, body, "k")
    assert answer.status == 200
    assert api.balance(user) == 99
