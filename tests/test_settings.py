"""Settings: what is right is typed, what is wrong stops the start with one sentence naming it."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from sms_service.settings import NAMES, SettingsError, load_settings

ACCOUNT = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32}
PRODUCTION = {
    "SMS_SERVICE_ENV": "production",
    "DATABASE_URL": "postgres://u:hushpw@db/sms",
    "SECRET_KEY": "hush" * 8,
    "DATA_KEYS": Fernet.generate_key().decode(),
    "LOOKUP_KEYS": "1:" + "hush" * 8,
    "METRICS_TOKEN": "hush" * 8,
    **ACCOUNT,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "a home"


def local(home: Path, **given: str) -> dict[str, str]:
    return {"SMS_SERVICE_HOME": str(home), **given}


def refusal(env: dict[str, str], dotenv: Path = Path("/nonexistent")) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(env, dotenv)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert re.fullmatch(r"[^.].*\.", sentence)
    return sentence


def test_a_local_home_needs_nothing(home: Path) -> None:
    settings = load_settings(local(home), home / ".env")
    assert settings.database_url == f"sqlite:///{home}/sms_service.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.twilio_api_url == "http://127.0.0.1:8001"
    assert settings.local_twilio
    assert settings.on_sqlite
    assert settings.demo_password


def test_the_ports_move_the_addresses(home: Path) -> None:
    settings = load_settings(local(home, PORT="9000", SIMULATOR_PORT="9001"), home / ".env")
    assert settings.public_url == "http://127.0.0.1:9000"
    assert settings.twilio_api_url == "http://127.0.0.1:9001"


def test_secrets_are_made_once_and_kept_for_us_alone(home: Path) -> None:
    first = load_settings(local(home), home / ".env")
    assert load_settings(local(home), home / ".env") == first
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert load_settings(local(home / "other"), home / ".env").secret_key != first.secret_key


def test_processes_that_start_together_make_the_same_secrets(home: Path) -> None:
    code = (
        "from sms_service.settings import load_settings;made = load_settings(); print(made.secret_key, made.data_keys)"
    )
    env = {**os.environ, **local(home)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=env, cwd=home.parent, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate()[0] for process in started]
    assert len(set(said)) == 1
    assert said[0]


def test_a_home_of_an_older_version_gets_its_missing_secrets(home: Path) -> None:
    before = load_settings(local(home), home / ".env")
    text = (home / "secrets.json").read_text()
    (home / "secrets.json").write_text(re.sub(r'"METRICS_TOKEN": "[^"]*",\s*', "", text))
    after = load_settings(local(home), home / ".env")
    assert after.data_keys == before.data_keys
    assert after.metrics_token != before.metrics_token


@pytest.mark.parametrize("damage", ["not json", "[]", "\xff"])
def test_damaged_secrets_are_named_and_never_replaced(home: Path, damage: str) -> None:
    home.mkdir()
    (home / "secrets.json").write_bytes(damage.encode("latin-1"))
    assert "secrets.json is damaged" in refusal(local(home))
    assert (home / "secrets.json").read_bytes() == damage.encode("latin-1")


def test_an_unwritable_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(local(tmp_path / "file" / "home")).startswith("SMS_SERVICE_HOME: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("SIMULATOR_PORT", "8000"),
        ("SMS_SERVICE_ENV", "prod"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "localhost:6379"),
        ("PUBLIC_URL", "example.org"),
        ("PUBLIC_URL", "ftp://example.org"),
        ("PUBLIC_URL", "https://example.org/?a=b"),
        ("PUBLIC_URL", "https://example.org:port"),
        ("PUBLIC_URL", "https://ñandú.org"),
        ("TWILIO_API_URL", "http://example.org"),
        ("TWILIO_API_URL", "https://example.org/path"),
        ("TWILIO_MESSAGING_SERVICE_SID", "MG1"),
        ("SECRET_KEY", "short"),
        ("DATA_KEYS", "not a key"),
        ("DATA_KEYS", ","),
        ("LOOKUP_KEYS", "1:short"),
        ("LOOKUP_KEYS", "0:" + "k" * 32),
        ("LOOKUP_KEYS", "1:" + "k" * 32 + ",1:" + "j" * 32),
        ("LOOKUP_KEYS", ","),
        ("ALERT_URL", "nowhere"),
        ("ALERT_PHONE", "202-555-0100"),
        ("HEARTBEAT_URL", "nowhere"),
        ("METRICS_TOKEN", "short"),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(home: Path, name: str, value: str) -> None:
    sentence = refusal(local(home, **{name: value}))
    assert sentence.startswith(name)
    if len(value) > 5 and name.endswith(("KEY", "KEYS", "TOKEN")):
        assert value not in sentence


def test_a_bad_account_is_named(home: Path) -> None:
    assert refusal(local(home, **{**ACCOUNT, "TWILIO_ACCOUNT_SID": "x"})).startswith("TWILIO_ACCOUNT_SID")


@pytest.mark.parametrize("missing", ACCOUNT)
def test_half_an_account_is_an_error_even_at_home(home: Path, missing: str) -> None:
    env = {name: value for name, value in local(home, **ACCOUNT).items() if name != missing}
    assert refusal(env).startswith(missing)


def test_an_account_means_the_real_twilio(home: Path) -> None:
    settings = load_settings(local(home, **ACCOUNT), home / ".env")
    assert settings.twilio_api_url == "https://api.twilio.com"
    assert not settings.local_twilio


@pytest.mark.parametrize("name", ["TWILIO_REGION", "TWILIO_ACOUNT_SID", "SMS_SERVICE_HOEM"])
def test_an_unknown_name_of_ours_in_the_environment_is_named(home: Path, name: str) -> None:
    assert name in refusal(local(home, **{name: "x"}))


def test_a_near_miss_is_pointed_out(home: Path) -> None:
    assert "did you mean SMS_SERVICE_HOME?" in refusal({"SMS_SERVICE_HOEM": str(home)})


def test_other_names_in_the_environment_are_none_of_our_business(home: Path) -> None:
    load_settings(local(home, PATH="/bin", LANG="C"), home / ".env")


def test_any_unknown_name_in_dotenv_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PROT=8000\n")
    assert "PROT (did you mean PORT?)" in refusal(local(home), tmp_path / ".env")


def test_dotenv_is_read_and_the_environment_wins(home: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nPORT=9000\nSIMULATOR_PORT=9001\nALERT_PHONE=\n")
    settings = load_settings(local(home, PORT="9100", SIMULATOR_PORT=""), tmp_path / ".env")
    assert (settings.port, settings.simulator_port, settings.alert_phone) == (9100, 9001, None)


def test_keys_in_dotenv_are_lists_with_commas(home: Path, tmp_path: Path) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    (tmp_path / ".env").write_text(f"DATA_KEYS={','.join(keys)}\nLOOKUP_KEYS='2:{'a' * 16}, 7:{'b' * 16}'\n")
    settings = load_settings(local(home), tmp_path / ".env")
    assert settings.data_keys == tuple(keys)
    assert settings.lookup_keys == {2: "a" * 16, 7: "b" * 16}


@pytest.mark.parametrize("content", [b"PORT=9000\n'half\n", b"\xff\xfe"])
def test_a_dotenv_that_cannot_be_read_is_named(home: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    assert ".env" in refusal(local(home), tmp_path / ".env")


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name not in {"SMS_SERVICE_ENV", "DATABASE_URL"}])
def test_production_makes_no_secret_up(missing: str) -> None:
    assert refusal({n: v for n, v in PRODUCTION.items() if n != missing}).startswith(missing)


def test_production_has_no_demo_and_makes_no_home(tmp_path: Path) -> None:
    settings = load_settings({**PRODUCTION, "SMS_SERVICE_HOME": str(tmp_path / "home")}, tmp_path / ".env")
    assert settings.demo_password is None
    assert not (tmp_path / "home").exists()


def test_production_refuses_the_test_clock() -> None:
    assert refusal({**PRODUCTION, "SMS_SERVICE_TEST_CLOCK": "/tmp/x"}).startswith("SMS_SERVICE_TEST_CLOCK")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_through_psycopg(home: Path, scheme: str) -> None:
    settings = load_settings(local(home, DATABASE_URL=f"{scheme}://u@h/d"), home / ".env")
    assert settings.database_url == "postgresql+psycopg://u@h/d"
    assert not settings.on_sqlite


def test_a_missing_redis_is_named_when_it_is_asked_for(home: Path) -> None:
    settings = load_settings(local(home), home / ".env")
    with pytest.raises(SettingsError, match=r"^REDIS_URL is not set .*\.$"):
        _ = settings.redis_url


def test_redis_is_where_up_made_it_unless_said_otherwise(home: Path, tmp_path: Path) -> None:
    settings = load_settings(local(home), home / ".env")
    (tmp_path / "real.sock").touch()
    (home / "redis.sock").symlink_to(tmp_path / "real.sock")
    assert settings.redis_url == f"unix://{tmp_path}/real.sock"
    given = load_settings(local(home, REDIS_URL="redis://elsewhere/1"), home / ".env")
    assert given.redis_url == "redis://elsewhere/1"


def test_tokens_and_keys_rotate(home: Path) -> None:
    keys = ",".join(Fernet.generate_key().decode() for _ in range(2))
    env = local(
        home,
        TWILIO_AUTH_TOKEN_PREVIOUS="o" * 32,
        DATA_KEYS=keys,
        LOOKUP_KEYS=f"{'a' * 16}, 7:{'b' * 16}",
        **ACCOUNT,
    )
    settings = load_settings(env, home / ".env")
    assert settings.twilio_tokens == ("t" * 32, "o" * 32)
    assert ",".join(settings.data_keys) == keys
    assert settings.lookup_keys == {1: "a" * 16, 7: "b" * 16}
    assert settings.lookup_key_no == 1, "the first is in use"


def test_printing_the_settings_shows_no_secret() -> None:
    env = {**PRODUCTION, "REDIS_URL": "redis://:hushpw@h", "ALERT_PHONE": "+12025550133"}
    shown = f"{load_settings(env, Path('/nonexistent'))!r}{load_settings(env, Path('/nonexistent'))}"
    for secret in ("hush", "2025550133", PRODUCTION["DATA_KEYS"], "t" * 32, "0" * 32):
        assert secret not in shown


def test_settings_cannot_be_changed_afterwards(home: Path) -> None:
    settings = load_settings(local(home), home / ".env")
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_every_setting_has_a_name_a_person_can_set() -> None:
    assert all(name.isupper() for name in NAMES)
    assert "DEMO_PASSWORD" not in NAMES
