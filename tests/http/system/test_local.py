"""/livez /readyz /metrics /status /ping: for the host itself."""
import re

import pytest

from support import nemesis
from support.client import wait_ready

STATUS_KEYS = [  # php-fpm's, in its order
    "pool", "process manager", "start time", "start since", "accepted conn",
    "listen queue", "max listen queue", "listen queue len",
    "idle processes", "active processes", "total processes",
    "max active processes", "max children reached", "slow requests"]
SAMPLE = re.compile(
    r'[a-z_:][a-z0-9_:]*(\{([a-z_]+="(\\.|[^"\\])*",?)*\})?'
    r' [-+]?(\d+(\.\d+)?([eE][-+]?\d+)?|Inf|NaN)', re.I)


def test_livez(api):
    answer = api.get("/livez")
    assert answer.status == 200


def test_readyz_says_schema_and_test_mode(api):
    answer = api.get("/readyz")
    assert answer.status == 200
    assert answer.json["schema_version"] >= 1
    assert answer.json["test_mode"] is True


def test_readyz_without_a_database(api, stack):
    """The last word comes soon, and livez stays."""
    with nemesis.database_down(stack):
        answer = api.get("/readyz")
        alive = api.get("/livez")
    wait_ready(stack.url)
    assert (answer.status, answer.code) == (503, "unavailable")
    assert alive.status == 200


def test_ping(api):
    answer = api.get("/ping")
    assert (answer.status, answer.body.strip()) == (200, b"pong")
    assert answer.header("content-type").startswith("text/plain")


def test_status_is_php_fpm_s_text(api):
    answer = api.get("/status")
    assert answer.header("content-type").startswith("text/plain")
    keys = [line.partition(":")[0] for line in
            answer.body.decode().splitlines()]
    assert keys[:len(STATUS_KEYS)] == STATUS_KEYS


def test_status_as_json(api):
    answer = api.call("GET", "/status?json")
    assert answer.header("content-type") == "application/json"
    assert set(STATUS_KEYS) <= set(answer.json)
    assert answer.json["total processes"] >= 1
    assert answer.json["accepted conn"] >= 1


def test_status_counts_requests(api, token):
    before = api.call("GET", "/status?json").json["accepted conn"]
    for _ in range(5):
        api.get("/api/credits", token)
    after = api.call("GET", "/status?json").json["accepted conn"]
    assert after >= before + 5


def samples(api):
    text = api.get("/metrics").body.decode()
    return [line for line in text.splitlines()
            if line and not line.startswith("#")]


def test_metrics_are_prometheus_text(api):
    answer = api.get("/metrics")
    assert answer.header("content-type").startswith(
        "text/plain; version=0.0.4")
    assert answer.body.endswith(b"\n")
    for line in samples(api):
        assert SAMPLE.fullmatch(line), line


def test_each_metric_has_help_and_type(api):
    text = api.get("/metrics").body.decode()
    typed = set(re.findall(r"^# TYPE (\S+) \w+$", text, re.M))
    helped = set(re.findall(r"^# HELP (\S+) .+$", text, re.M))
    assert typed == helped
    for line in samples(api):
        name = re.match(r"[\w:]+", line)[0]
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        assert name in typed or base in typed, line


def total(api):
    """All that counts requests, summed."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in samples(api)
               if re.match(r"florin_\w*requests_total", line))


def test_metrics_count_requests(api, token):
    before = total(api)
    for _ in range(5):
        api.get("/api/credits", token)
    assert total(api) >= before + 5


def test_metrics_name_no_user(api, user, token):
    api.get(f"/api/users/{user}", token)
    assert user not in api.get("/metrics").body.decode()


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics",
                                  "/status", "/ping"])
def test_only_get_and_head(api, path):
    assert api.call("HEAD", path).status == 200
    assert api.call("POST", path).status == 405
