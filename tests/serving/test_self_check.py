"""What an operator sets wrongly is refused at the start, in words that say what to do."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.serving.self_check import SelfCheckError, check_settings, close_to_others
from bot.serving.settings import Settings, read_settings, secret_of

SECRET = "4f1d0c7b9a2e8365d0f94ab7c2e6183b"


def refused(root: Path, host: str = "127.0.0.1", **environment: str) -> str:
    with pytest.raises(SelfCheckError) as caught:
        check_settings(host, root, environment)
    said = str(caught.value)
    assert said.startswith("Waymark was not started, because ")
    assert SECRET not in said
    assert "Traceback" not in said
    return said


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_nothing_set_is_safe(tmp_path: Path) -> None:
    settings = check_settings("127.0.0.1", tmp_path, {})
    assert settings == Settings(settings.secret)
    assert len(settings.secret) >= 64
    # the secret that was made is there the next time
    assert check_settings("127.0.0.1", tmp_path, {}) == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [("WAYMARK_KEEP_UNANSWERED", "maybe"), ("WAYMARK_LOG", "xml"), ("WAYMARK_LOG", "yes")],
)
def test_a_word_that_a_setting_does_not_know_is_refused(
    tmp_path: Path, name: str, value: str
) -> None:
    said = refused(tmp_path, **{name: value})
    assert f"{name} is “" in said
    assert "unset it" in said


@pytest.mark.parametrize("value", ["", "json", " JSON "])
def test_the_words_that_it_knows_pass(tmp_path: Path, value: str) -> None:
    check_settings("127.0.0.1", tmp_path, {"WAYMARK_LOG": value, "WAYMARK_KEEP_UNANSWERED": "no"})


def test_everything_set_well_is_read(tmp_path: Path) -> None:
    settings = check_settings(
        "0.0.0.0",
        tmp_path,
        {
            "WAYMARK_SECRET": SECRET,
            "WAYMARK_ORIGINS": "https://www.example.org",
            "WAYMARK_PUBLIC_URL": "https://guide.example.org/",
            "WAYMARK_PROXIES": "1",
            "WAYMARK_REST_KEY_FILE": str(write(tmp_path / "key", f"{SECRET}\n", 0o640)),
            "WAYMARK_DATABASE_URL": "postgresql://waymark@db/waymark",
        },
    )
    assert settings.secret == SECRET.encode()
    assert settings.rest_key == SECRET.encode()
    assert settings.origins == {"https://www.example.org"}
    assert settings.public_url == "https://guide.example.org"
    assert settings.is_encrypted
    assert settings.proxies == 1


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    settings, _ = read_settings(
        tmp_path, {"WAYMARK_SECRET": SECRET, "WAYMARK_REST_KEY": SECRET[::-1]}
    )
    assert SECRET not in repr(settings)
    assert SECRET[::-1] not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WAYMARK_SECRET", "short", "shorter than 32"),
        ("WAYMARK_SECRET", "", "shorter than 32"),
        ("WAYMARK_SECRET", "s" * 64, "placeholder that anyone could guess"),
        ("WAYMARK_SECRET", "change-me-0123456789abcdefghijklmnop", "placeholder"),
        ("WAYMARK_SECRET", "an example secret for the documentation", "placeholder"),
        ("WAYMARK_REST_KEY", "password0123456789012345678901234567", "placeholder"),
        ("WAYMARK_ORIGINS", "*", "any site in the world"),
        ("WAYMARK_ORIGINS", "https://ok.example *", "any site in the world"),
        ("WAYMARK_ORIGINS", "http://www.example.org", "not encrypted"),
        ("WAYMARK_PROXIES", "many", "number of reverse proxies"),
        ("WAYMARK_PROXIES", "-1", "number of reverse proxies"),
        ("WAYMARK_PROXIES", "99", "number of reverse proxies"),
        ("WAYMARK_PUBLIC_URL", "guide.example.org", "with https and without a path"),
        ("WAYMARK_PUBLIC_URL", "https://guide.example.org/chat", "without a path"),
        ("WAYMARK_DATABASE_URL", "sqlite://", "in memory"),
        ("WAYMARK_DATABASE_URL", "sqlite:///:memory:", "in memory"),
        ("WAYMARK_DATABASE_URL", "sqlite:///file:x?mode=memory&uri=true", "in memory"),
        ("WAYMARK_SECRET_FILE", "/no/such/file", "cannot be read"),
    ],
)
def test_an_unsafe_setting_is_named_with_what_to_do(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    message = refused(tmp_path, **{name: value})
    assert name in message
    assert said in message
    assert "one setting must be changed" in message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    message = refused(
        tmp_path, WAYMARK_SECRET="x", WAYMARK_ORIGINS="*", WAYMARK_DATABASE_URL="sqlite://"
    )
    assert "3 settings must be changed" in message
    assert len(re.findall("^  • ", message, re.MULTILINE)) == 3


def test_a_secret_that_everyone_can_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "secret.txt", SECRET, 0o644)
    assert "Every user of this machine can read" in refused(tmp_path, WAYMARK_SECRET_FILE=str(path))
    path.chmod(0o640)
    assert secret_of("WAYMARK_SECRET", {"WAYMARK_SECRET_FILE": str(path)}) == SECRET.encode()


def test_the_secret_of_its_own_that_everyone_could_read_is_refused(tmp_path: Path) -> None:
    check_settings("127.0.0.1", tmp_path, {})
    path = tmp_path / "var" / "secret"
    path.chmod(0o644)
    message = refused(tmp_path)
    assert "Every user of this machine can read" in message
    assert "Delete it" in message
    path.unlink()
    check_settings("127.0.0.1", tmp_path, {})


def test_a_secret_and_its_file_are_not_both_set(tmp_path: Path) -> None:
    message = refused(tmp_path, WAYMARK_SECRET=SECRET, WAYMARK_SECRET_FILE=str(tmp_path / "x"))
    assert "Keep one of them" in message


def test_the_folder_of_data_is_closed_to_others_and_that_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert close_to_others(folder) == []  # it is not there yet
    check_settings("127.0.0.1", tmp_path, {})
    assert close_to_others(folder) == []
    write(folder / "waymark.db", "", 0o644)
    write(folder / "waymark.db-wal", "", 0o640)
    folder.chmod(0o755)
    said = close_to_others(folder)
    assert len(said) == 3
    assert f"{folder} was open to other users of this machine. It is closed now." in said
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert close_to_others(folder) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "guide.example.org"])
def test_other_machines_are_let_in_only_behind_tls(tmp_path: Path, host: str) -> None:
    assert "without encryption" in refused(tmp_path, host)
    for name, value in (
        ("WAYMARK_PUBLIC_URL", "https://guide.example.org"),
        ("WAYMARK_PROXIES", "1"),
    ):
        check_settings(host, tmp_path, {name: value})
    assert "without encryption" in refused(
        tmp_path, host, WAYMARK_PUBLIC_URL="http://guide.example.org"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_needs_no_tls(tmp_path: Path, host: str) -> None:
    check_settings(host, tmp_path, {})


@pytest.mark.parametrize("name", ["rest", "callback", "socketio", "rasa"])
def test_rasas_open_channels_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "credentials.yml").write_text(f"{name}:\nbot.channels.keyed.KeyedInput: {{}}\n")
    message = refused(tmp_path)
    assert f"“{name}”" in message
    assert "WAYMARK_REST_KEY" in message


def test_the_projects_own_credentials_are_safe(tmp_path: Path) -> None:
    own = Path(__file__).parents[2] / "credentials.yml"
    (tmp_path / "credentials.yml").write_text(own.read_text("utf-8"), "utf-8")
    check_settings("127.0.0.1", tmp_path, {})


@pytest.mark.parametrize("text", ["{", "a: b: c", "\x00"])
def test_credentials_that_cannot_be_read_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials.yml").write_text(text)
    assert "credentials.yml cannot be read" in refused(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null"])
def test_credentials_without_a_channel_are_safe(tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials.yml").write_text(text)
    check_settings("127.0.0.1", tmp_path, {})


@given(
    st.dictionaries(
        st.sampled_from(
            ["WAYMARK_SECRET", "WAYMARK_ORIGINS", "WAYMARK_PROXIES", "WAYMARK_PUBLIC_URL"]
        ),
        st.text(max_size=60),
    )
)
def test_whatever_is_set_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> None:
    root = tmp_path_factory.getbasetemp() / "any"
    settings, problems = read_settings(root, environment)
    assert (settings is None) == bool(problems)
    assert all(one.endswith((".", "org", "hex 32", "example.org")) for one in problems)


def test_several_workers_need_one_database_and_one_secret(tmp_path: Path) -> None:
    address = "redis://:a-password@redis.example:6379/0"
    said = refused(tmp_path, WAYMARK_REDIS_URL=address)
    assert "WAYMARK_DATABASE_URL" in said
    assert "WAYMARK_SECRET" in said
    assert "a-password" not in said
    common = {
        "WAYMARK_SECRET": SECRET,
        "WAYMARK_DATABASE_URL": "postgresql://waymark@db/waymark",
    }
    settings = check_settings("127.0.0.1", tmp_path, {**common, "WAYMARK_REDIS_URL": address})
    assert settings.redis == address
    assert "a-password" not in repr(settings)
    path = str(write(tmp_path / "redis", f"{address}\n"))
    settings = check_settings("127.0.0.1", tmp_path, {**common, "WAYMARK_REDIS_URL_FILE": path})
    assert settings.redis == address


@pytest.mark.parametrize("address", ["redis", "http://redis.example", "redis://", "redis://a:b:c"])
def test_an_address_that_is_not_one_of_redis_is_refused(tmp_path: Path, address: str) -> None:
    said = refused(
        tmp_path,
        WAYMARK_REDIS_URL=address,
        WAYMARK_SECRET=SECRET,
        WAYMARK_DATABASE_URL="postgresql://waymark@db/waymark",
    )
    assert "WAYMARK_REDIS_URL is not an address of Redis" in said
