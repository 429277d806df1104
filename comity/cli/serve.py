"""``comity serve``: the page and the API of a record, on this machine or for a team."""

from __future__ import annotations

import shlex
import socket
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.cli.options import RecordOption
from comity.cli.show import note
from comity.errors import BadUsage, BadUser, CannotServe

if TYPE_CHECKING:
    from comity.web.settings import Settings


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="serve")(serve)


def serve(
    record: RecordOption = None,
    port: Annotated[int | None, typer.Option(help="Port (8377); 0 takes a free one.", min=0, max=65535)] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Serve a record made from the examples.")] = False,
    team: Annotated[bool, typer.Option("--team", help="Users with roles must log in.")] = False,
    users: Annotated[Path | None, typer.Option(help="File of users (default: beside the record).")] = None,
    add_user: Annotated[str | None, typer.Option(help="Add this user, or change role and password; then end.")] = None,
    remove_user: Annotated[str | None, typer.Option(help="Remove this user; then end.")] = None,
    list_users: Annotated[bool, typer.Option("--list-users", help="List the users; then end.")] = False,
    role: Annotated[str, typer.Option(help="Role of --add-user: reader, reviewer or admin.")] = "reader",
    no_password: Annotated[
        bool, typer.Option("--no-password", help="--add-user for one whom a proxy lets in.")
    ] = False,
    trust_header: Annotated[
        str | None, typer.Option(help="Header in which a reverse proxy names the user, with --team.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name under which the server may be asked.")
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="The server is reached by HTTPS, through a proxy.")] = False,
) -> None:
    """Show a record in the browser, with an API under /api.  Limits: see docs/serve.md."""
    from comity.record.store import default_path
    from comity.web.settings import from_environment

    if demo and record is not None:
        raise BadUsage("--demo has a record of its own", fix="leave out --record or --demo")
    folder = demo_record() if demo else record if record is not None else default_path()
    settings = from_environment(
        {
            "record": folder, "port": port, "host": host, "team": team or None, "users": users,
            "trust_header": trust_header, "allow_hosts": tuple(allow_host) if allow_host else None,
            "https": https or None, "warm": True,
        }
    )  # fmt: skip
    if add_user is not None or remove_user is not None or list_users:
        administer(settings, add_user, remove_user, role, no_password)
        return
    checked(settings)
    run(settings, open)


def administer(settings: Settings, add: str | None, remove: str | None, role: str, no_password: bool) -> None:
    """Add, remove and list users."""
    from comity.web.users import FIRST_DAYS, Users
    from comity.web.who import ROLES

    if role not in ROLES:  # before a password is asked for
        raise BadUser(f"there is no role '{role}'", fix=f"use {', '.join(ROLES)}")
    users = Users(settings.users_file)
    try:
        if add is not None:
            password = None if no_password else asked_password()
            made = users.add(add, role, password)
            note(f"{made.name} has the role {made.role} now, in {settings.users_file}.")
            if password is not None:
                note(f"The password is for the first login, within {FIRST_DAYS} days; then it must be changed.")
        if remove is not None:
            users.remove(remove)
            note(f"{remove} is removed.")
        if add is None and remove is None:
            if not users.all():
                note(nobody(settings))
            for one in users.all():
                typer.echo(f"{one.name}\t{one.role}\t{'password' if one.password else 'by proxy'}")
    finally:
        users.close()


def asked_password() -> str:
    """The first password of a user: as typed twice or as a pipe gives it, else a random one, which is shown."""
    from comity.web.passwords import first

    if sys.stdin.isatty():
        given = typer.prompt(
            "First password (Enter for a random one)", default="", show_default=False, hide_input=True,
            confirmation_prompt=True,
        )  # fmt: skip
    else:
        given = sys.stdin.readline().strip()
    if given:
        return str(given)
    made = first()
    typer.echo(made)
    return made


def checked(settings: Settings) -> None:
    """Refuse to show a record to a network without users.  Raises `CannotServe`."""
    if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.team:
        raise CannotServe(
            f"on {settings.host} everybody in the network could read and change the record",
            fix="add --team, or leave out --host",
        )
    if settings.trust_header and not settings.team:
        raise CannotServe("--trust-header names users, and there are none", fix="add --team")


def run(settings: Settings, open_page: bool) -> None:
    """Listen until interrupted.  Raises `CannotServe` where the port is taken."""
    import uvicorn

    from comity.web.app import make_app

    listener = listening(settings.host, settings.port)
    with listener:
        app = make_app(settings)
        address = f"http://{shown(settings.host)}:{listener.getsockname()[1]}/"
        note(f"Comity shows {settings.record} at {address}   (end with Ctrl-C)")
        if settings.team and (missing := nobody(settings)):
            note(missing)
        if open_page:
            webbrowser.open(address)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, proxy_headers=False, timeout_keep_alive=30,
            h11_max_incomplete_event_size=64 * 1024, limit_concurrency=1000,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


def nobody(settings: Settings) -> str:
    """What to say where no user can log in yet, or none who may administer."""
    from comity.web.users import Users

    users = Users(settings.users_file)
    try:
        roles = {one.role for one in users.all()}
    finally:
        users.close()
    if "admin" in roles:
        return ""
    told = "There is no admin yet" if roles else "There are no users yet, so nobody can log in"
    proxy = " --no-password" if settings.trust_header else ""
    record = shlex.quote(str(settings.record))
    file = "" if settings.users is None else f" --users {shlex.quote(str(settings.users))}"
    return f"{told}.  The first one: comity serve --record {record}{file} --add-user NAME --role admin{proxy}"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.  Raises `CannotServe`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise CannotServe(
            f"cannot listen on {host}:{port}: {error.strerror or error}", fix="choose another --port; 0 is a free one"
        ) from None


def shown(host: str) -> str:
    """A host in an address."""
    return f"[{host}]" if ":" in host else host


def demo_record() -> Path:
    """The record of the examples, made where it is not there yet."""
    from comity.web.demo import demo_record as made

    return made(note)
