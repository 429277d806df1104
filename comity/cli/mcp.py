"""``comity mcp``: read-only tools over a record for language-model clients, over standard input and output."""

from __future__ import annotations

from typing import Annotated

import typer

from comity.cli.options import RecordOption


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="mcp")(mcp)


def mcp(
    record: RecordOption = None,
    demo: Annotated[bool, typer.Option("--demo", help="Over a record made from the examples.")] = False,
) -> None:
    """Serve read-only tools (search events, relation, key moments, evidence, pledges) to a language-model client."""
    from comity.cli.serve import demo_record
    from comity.mcp import make_server
    from comity.record.store import default_path
    from comity.web.desk import Desk
    from comity.web.settings import from_environment

    folder = demo_record() if demo else record if record is not None else default_path()
    desk = Desk(from_environment({"record": folder, "threads": 2}))
    try:
        make_server(desk).run()
    finally:
        desk.close()
