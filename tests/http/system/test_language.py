"""Titles follow Accept-Language; codes never change."""
import pytest


def title(api, language):
    headers = [] if language is None else [("Accept-Language", language)]
    answer = api.call("GET", "/api/credits", headers=headers)
    assert answer.code == "unauthorized"
    return answer.json["title"]


@pytest.mark.parametrize("language", [
    "zh-CN", "zh-cn", "zh", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans-CN",
    "en;q=0.1, zh-CN;q=0.9", "fr, zh-CN;q=0.5"])
def test_chinese(api, language):
    assert title(api, language) == "请先登录"


@pytest.mark.parametrize("language", [
    None, "", "en", "en-GB,en;q=0.9", "fr", "*", "en, zh-CN;q=0.5",
    "zh-CN;q=0, en", "zh;q=0", ";;;", "q=1", "x" * 2000])
def test_english(api, language):
    assert title(api, language) == "Sign in first"


def test_a_refusal_of_the_database_is_translated_too(api, token):
    answer = api.post("/api/credits/consume", token,
                      {"amount": 101, "reason": "r"}, "k",
                      headers=[("Accept-Language", "zh-CN")])
    assert answer.code == "insufficient_credits"
    assert answer.json["title"] == "积分不足"
