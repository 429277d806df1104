"""Arguments and options that several commands take, each told in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WhoArgument = Annotated[
    list[str] | None,
    typer.Argument(help="An actor, or a pair: Russia, RUS-USA, Russia China; a leader (Putin) stands for the state."),
]
PairArgument = Annotated[list[str], typer.Argument(help='Two actors: RUS CHN, RUS-CHN, "Russia and China", Putin Xi.')]
RecordOption = Annotated[
    Path | None, typer.Option("--record", help="Folder of the record (default: COMITY_RECORD, else record/).")
]
TypeOption = Annotated[list[str] | None, typer.Option(help="PLOVER type, several with commas.")]
StatusOption = Annotated[list[str] | None, typer.Option(help="occurred, announced, possible, negated.")]
SinceOption = Annotated[str | None, typer.Option(help="First day: 2021-12-15, 2021-12 or 2021.")]
UntilOption = Annotated[str | None, typer.Option(help="Last day.")]
ConfidenceOption = Annotated[float | None, typer.Option(min=0, max=1, help="Least confidence, 0 to 1.")]
DirectedOption = Annotated[bool, typer.Option("--directed", help="Only from the first of a pair to the second.")]
LimitOption = Annotated[int | None, typer.Option(min=0, help="At most so many, the newest; 0 is all.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
JsonSummaryOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]
ActorsOption = Annotated[Path | None, typer.Option(help="CSV or TOML file with actors of your own.")]
LanguageOption = Annotated[
    bool, typer.Option("--any-language", help="Read texts that do not look English.")
]
