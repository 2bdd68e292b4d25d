"""Settings, read once from the environment. Nothing else in the product looks at `os.environ`."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

_PRIVATE = 0o700
_SOCKET_PATH_LIMIT = 107
_DEMO_LANGUAGES = ("pl", "en")


@dataclass(frozen=True)
class Settings:
    """Where this installation lives and what it talks to."""

    home: Path
    """Folder of everything that is written: database, files, logs, keys."""
    database_url: str
    redis_url: str
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    socket_port: int = 8081
    """Where browsers reach the socket process; cookies are shared by all ports of a host."""
    socket_url: str | None = None
    """Its public origin behind a load balancer, such as https://splot.example.com."""
    web_processes: int = 2
    https: bool = False
    """Behind TLS: cookies are marked Secure."""
    proxies: int = 0
    """How many proxies stand before the web processes; so many entries of X-Forwarded-For are believed."""
    demo: bool | None = None
    """Whether an empty database gets demo data; None: ask."""
    admin_password: str | None = field(default=None, repr=False)
    """Of the first admin; None: one is made and printed once."""
    demo_password: str | None = field(default=None, repr=False)
    """Of all the demo's users; None: one is made and printed once."""
    demo_language: str = "pl"
    """Language that the demo is written in."""
    testing: bool = False
    upload_limit: int = 25 * 2**20
    """Bytes of one file on a case."""
    import_limit: int = 256 * 2**20
    """Bytes of one import file."""

    @property
    def files(self) -> Path:
        """Folder of stored files."""
        return self.home / "files"

    @property
    def embeds_database(self) -> bool:
        """Whether PostgreSQL is ours to start."""
        return self.database_url == _psycopg(_embedded_database(self.home))

    @property
    def embeds_redis(self) -> bool:
        """Whether Redis is ours to start."""
        return self.redis_url == _embedded_redis(self.home)

    def socket_origin(self, host: str) -> str:
        """Origin (`http://…`, `https://…`) that a page served under the name `host` opens its socket to."""
        return self.socket_url or f"{'https' if self.https else 'http'}://{host}:{self.socket_port}"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Settings of this process. Without DATABASE_URL / REDIS_URL: the embedded servers under SPLOT_HOME."""
    home = Path(environ.get("SPLOT_HOME") or "var").resolve()
    port = int(environ.get("SPLOT_PORT") or 8080)
    return Settings(
        home=home,
        database_url=_psycopg(environ.get("DATABASE_URL") or _embedded_database(home)),
        redis_url=environ.get("REDIS_URL") or _embedded_redis(home),
        secret_key=environ.get("SPLOT_SECRET_KEY") or _kept_secret(home / "keys" / "secret"),
        host=environ.get("SPLOT_HOST") or "127.0.0.1",
        port=port,
        socket_port=int(environ.get("SPLOT_SOCKET_PORT") or port + 1),
        socket_url=environ.get("SPLOT_SOCKET_URL") or None,
        web_processes=int(environ.get("SPLOT_WEB_PROCESSES") or 2),
        https=environ.get("SPLOT_HTTPS") == "1",
        proxies=int(environ.get("SPLOT_PROXIES") or 0),
        demo={"0": False, "1": True}.get(environ.get("DEMO", "")),
        admin_password=environ.get("SPLOT_ADMIN_PASSWORD") or None,
        demo_password=environ.get("SPLOT_DEMO_PASSWORD") or None,
        demo_language=_demo_language(environ.get("DEMO_LANGUAGE") or "pl"),
    )


def _demo_language(code: str) -> str:
    if code not in _DEMO_LANGUAGES:
        message = f"DEMO_LANGUAGE is one of {', '.join(_DEMO_LANGUAGES)}, not {code}"
        raise ValueError(message)
    return code


def socket_folder(home: Path, server: str) -> Path:
    """Private folder of the socket of an embedded server ("postgres" or "redis"): the folder of its data.

    A socket's path may have 107 bytes. Under a deeper home it is a folder of the temporary ones instead.
    """
    folder = home / server
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= _SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"splot-{digest}-{server}"


def _embedded_database(home: Path) -> str:
    return f"postgresql://splot@/splot?host={quote(str(socket_folder(home, 'postgres')), safe='')}"


def _embedded_redis(home: Path) -> str:
    return f"unix://{quote(str(socket_folder(home, 'redis')))}/redis.sock"


def _psycopg(url: str) -> str:
    """The same database through psycopg 3, whatever prefix the user's platform writes."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    message = f"DATABASE_URL must name a PostgreSQL database, not {url.split(':', 1)[0]}"
    raise ValueError(message)


def _kept_secret(path: Path) -> str:
    """The key of this home, made at the first start and readable by its owner alone."""
    if not path.exists():
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        # It gets its name when it is whole; when another process was first, theirs holds.
        with suppress(FileExistsError):
            os.link(written, path)
        Path(written).unlink()
    return path.read_text()
