"""The command line: parse, call, print. All work is done elsewhere.

Exit codes: 0 done, 1 some articles or files failed, 2 wrong usage or nothing could be written, 3 a defect of Concord.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import PipelineError
from pipeline.schema import MENTION_LABELS

if TYPE_CHECKING:
    from pipeline.plan import Plan
    from pipeline.run import Progress, Summary
    from pipeline.settings import Settings


class _Commands(click.Group):
    """The one place where a PipelineError becomes one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            click.echo(f"concord: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            click.echo(f"concord: {error}; nothing was published, the tables are as they were", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo(
                "concord: interrupted; finished articles are kept, run the same command again to go on", err=True
            )
            ctx.exit(130)


_folder = click.Path(path_type=Path)
_day = click.DateTime(["%Y-%m-%d"])
_settings = click.option("--settings", "settings_file", type=_folder, help="TOML file with one table per stage.")
_model = click.option("--model", default="", help="A spaCy pipeline, by folder or name, in place of the shipped one.")
_outputs = click.option(
    "--output", "-o", type=_folder, default=Path("outputs"), show_default=True, help="Folder of the tables."
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="concord-news", prog_name="concord")
@click.option("--verbose", is_flag=True, help="Log what each step does.")
def main(verbose: bool) -> None:
    """Turn a folder of news reports into typed Parquet tables."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(name)s: %(message)s")


@main.command()
@click.argument("corpus", type=_folder)
@_outputs
@click.option(
    "--workers",
    "-j",
    type=click.IntRange(1),
    default=None,
    help="Processes to work with.  [default: one per core, at most 8]",
)
@_model
@_settings
@click.option("--force", is_flag=True, help="Make every row anew, stale or not.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="Work on at most so many new or stale articles; the rest wait for the next run.",
)
@click.option(
    "--kb", type=_folder, help="A knowledge base: JSON lines of id, label, aliases, description, or Wikidata's."
)
@click.pass_context
def extract(
    ctx: click.Context,
    corpus: Path,
    output: Path,
    workers: int | None,
    model: str,
    settings_file: Path | None,
    force: bool,
    limit: int | None,
    kb: Path | None,
) -> None:
    """Read the articles in CORPUS (a folder, or one file) and write the tables.

    Run it again after adding, changing or removing articles: only those are worked on.
    """
    from pipeline.run import run

    settings = _with_model(settings_file, model)
    count = workers or min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    with _progress() as progress:
        summary = run(
            corpus, output, settings, workers=count, force=force, limit=limit, knowledge=kb, progress=progress
        )
    _tell(summary, output)
    ctx.exit(summary.exit_code)


@main.command()
@click.argument("corpus", type=_folder)
@_outputs
@_model
@_settings
def status(corpus: Path, output: Path, model: str, settings_file: Path | None) -> None:
    """Say what is new, changed or removed in CORPUS since the last run, without running."""
    from pipeline.plan import make_plan
    from pipeline.store import Store

    plan = make_plan(corpus, Store(output), _with_model(settings_file, model))
    _tell_plan(plan)


@main.command()
@click.argument("article")
@_outputs
@click.option("--dates", is_flag=True, help="List the time expressions: value, what each is counted from, rule.")
@click.option(
    "--quantities", is_flag=True, help="List the numbers: value and bounds, what is counted, what befell them."
)
def show(article: str, output: Path, dates: bool, quantities: bool) -> None:
    """Show ARTICLE with its names, dates, numbers and quotes marked.

    ARTICLE is an article_id or its beginning, or a part of a path or title.
    """
    from rich.console import Console

    from pipeline.report.show import show as show_article

    show_article(output, article, Console(), dates=dates, quantities=quantities)


@main.command()
@click.argument("outputs", type=_folder)
@click.option("--entity", help="Only sentences that name this entity: a name, or an entity_id.")
@click.option("--from", "first", type=_day, help="Only what is told of this day or later (YYYY-MM-DD).")
@click.option("--until", "last", type=_day, help="Only what is told of this day or earlier (YYYY-MM-DD).")
def timeline(outputs: Path, entity: str | None, first: dt.datetime | None, last: dt.datetime | None) -> None:
    """Print the dated sentences of all articles in OUTPUTS, in the order of what they tell."""
    from rich.console import Console

    from pipeline.report.timeline import print_timeline

    print_timeline(outputs, entity, first.date() if first else None, last.date() if last else None, Console())


@main.command()
@click.argument("name")
@_outputs
def explain(name: str, output: Path) -> None:
    """Say why the names of one entity are one, what it was kept apart from, and what is not sure.

    NAME is a name, an entity_id, or the id of a mention, of a quote (its speaker) or of a link.
    """
    from rich.console import Console

    from pipeline.report.explain import print_entity

    print_entity(output, name, Console())


@main.command()
@click.argument("outputs", type=_folder)
@click.option("--label", type=click.Choice(MENTION_LABELS, case_sensitive=False), help="Only names of this kind.")
@click.option("--top", type=click.IntRange(1), help="Only so many, from the first.")
@click.option("--article", help="Only names of this article (as `show` takes it); its own mentions are counted.")
@click.option("--like", "text", help="Only names that hold this text, or may be another way of writing it.")
def who(outputs: Path, label: str | None, top: int | None, article: str | None, text: str | None) -> None:
    """List who and what is named in OUTPUTS, by number of articles, then of mentions.

    A table on a terminal; elsewhere a header and a line each, separated by tabs.
    """
    from rich.console import Console

    from pipeline.report.who import print_who

    print_who(outputs, Console(), label=label, top=top, article=article, text=text)


@main.command()
@click.argument("outputs", type=_folder)
@click.option("--top", type=click.IntRange(1), default=50, show_default=True, help="So many rows at the most.")
@click.option("--to", type=_folder, help="A new file to write them to; an existing one is never overwritten.")
def review(outputs: Path, top: int, to: Path | None) -> None:
    """Write the least certain links and entities in OUTPUTS as CSV, for a person to decide.

    The columns are those of corrections.csv, with the decision left empty. A row with a decision filled in belongs into
    corrections.csv in the folder of the articles; the next run follows it.
    """
    from pipeline.report.review import write_review

    click.echo(write_review(outputs, top, to))


@main.command("link-names")
def link_names() -> None:
    """Link names that others have found.

    Reads JSON lines {article, label, names} from standard input and prints one id per line: names of one bearer
    have one id. The rules are those that link the names of a corpus.
    """
    from pipeline.link.strings import link_lines

    for identifier in link_lines(sys.stdin):
        click.echo(identifier)


@main.command("match-names")
@click.option("--why", is_flag=True, help="Add the verdict and the reason.")
def match_names(why: bool) -> None:
    """Compare pairs of names.

    Reads lines name<TAB>name<TAB>label from standard input and prints one score from 0 to 1 per line: from 0.5 on
    the two may be one bearer.
    """
    from pipeline.link.strings import match_lines

    for line in match_lines(sys.stdin, why=why):
        click.echo(line)


@main.command()
@click.argument("table", required=False)
@click.option(
    "--check", "checked", type=_folder, help="Exit 1 if the generated parts of this Markdown file are out of date."
)
@click.option("--update", "updated", type=_folder, help="Renew the generated parts of this Markdown file.")
@click.pass_context
def schema(ctx: click.Context, table: str | None, checked: Path | None, updated: Path | None) -> None:
    """Print the codebook: every column of TABLE (or of all tables) with its type and meaning."""
    from pipeline.report.codebook import check_document, codebook, update_document

    if checked:
        stale = check_document(checked)
        for block in stale:
            click.echo(f"{checked}: {block}; run `concord schema --update {checked}`", err=True)
        ctx.exit(1 if stale else 0)
    if updated:
        update_document(updated)
        return
    click.echo(codebook(table))


@main.command()
@click.argument("gold", type=_folder)
@click.argument("outputs", type=_folder)
@click.option(
    "--misses", "missed", help="Print what differs, of one kind: published, zones, mentions, entities, dates, ..."
)
@click.option("--floor", type=_folder, help="A TOML file with the least that must be reached: exit 1 where it is not.")
@click.option("--rules", "rules_file", type=_folder, help="Write what each zone rule got right to this CSV file.")
@click.option("--against", type=_folder, help="An earlier output folder: print what was won and lost since.")
@click.pass_context
def evaluate(
    ctx: click.Context,
    gold: Path,
    outputs: Path,
    missed: str | None,
    floor: Path | None,
    rules_file: Path | None,
    against: Path | None,
) -> None:
    """Score the tables in OUTPUTS against the hand-made GOLD (a folder of JSON files, or one)."""
    from pipeline.evaluate import below, compare, write_rules
    from pipeline.evaluate import evaluate as score

    report = score(gold, outputs)
    for line in report.misses(missed) if missed else report.lines():
        click.echo(line)
    if rules_file:
        write_rules(report, rules_file)
    if against:
        for line in compare(against, outputs):
            click.echo(line)
    short = below(report, floor) if floor else []
    for line in short:
        click.echo(f"below the floor: {line}", err=True)
    ctx.exit(1 if short else 0)


def _with_model(settings_file: Path | None, model: str) -> Settings:
    import dataclasses

    from pipeline.settings import Settings

    settings = Settings.load(settings_file)
    if not model:
        return settings
    return dataclasses.replace(settings, extract=dataclasses.replace(settings.extract, model=model))


class _progress:  # noqa: N801  used like a function
    """A bar with rate and time left on a terminal; a plain line every tenth of the way elsewhere."""

    def __enter__(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._started, self._told = time.monotonic(), 0
        self._bar: Any = None
        if sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task("articles", total=None, rate="")
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def _step(self, done: int, total: int) -> None:
        rate = f"{done / max(time.monotonic() - self._started, 1e-6):.1f} articles/s" if done else ""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total, rate=rate)
        elif total and (done in {0, total} or done * 10 // total > self._told):
            self._told = done * 10 // total
            click.echo(f"articles {done}/{total} {rate}".rstrip(), err=True)


def _tell(summary: Summary, output: Path) -> None:
    """The summary of a run, in plain lines."""
    parts = [
        f"{summary.new} new",
        f"{summary.changed} changed",
        f"{summary.removed} removed",
        f"{summary.unchanged} unchanged",
    ]
    if summary.remade:
        parts[-1] += f" ({summary.remade} made anew)"
    if summary.waiting:
        parts.append(f"{summary.waiting} waiting for the next run")
    click.echo(f"Articles: {', '.join(parts)}, {summary.failed} failed.")
    click.echo(
        ("Rows:     " if summary.published else "Nothing new. Rows: ")
        + ", ".join(f"{n} {t}" for t, n in summary.rows.items() if n)
    )
    if summary.open_dates:
        click.echo(f"Dates:    {summary.open_dates} left open in articles without a publication date.")
    if summary.corrections:
        decided = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in summary.corrections.items())
        click.echo(f"Decisions: {decided} (stage corrections in {output}/issues.parquet).")
    warned = [f"{count} {code}" for (severity, code), count in summary.issues.items() if severity == "warning"]
    if warned:
        click.echo(f"Warnings: {', '.join(warned)} (see {output}/issues.parquet).")
    for line in summary.errors[:20]:
        click.echo(f"Failed:   {line}", err=True)
    if len(summary.errors) > 20:
        click.echo(f"Failed:   and {len(summary.errors) - 20} more (see {output}/issues.parquet).", err=True)
    click.echo(f"Tables:   {output}/*.parquet")


def _tell_plan(plan: Plan) -> None:
    remade = plan.stale & plan.unchanged
    for word, articles in (("new", plan.new), ("changed", plan.changed), ("to make anew", remade)):
        for path in sorted(plan.paths[a][0] for a in articles):
            click.echo(f"{word}: {path}")
    for article in sorted(plan.removed):
        click.echo(f"removed: {article}")
    click.echo(
        f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.removed)} removed, {len(plan.unchanged)} unchanged"
        f" ({len(remade)} to make anew), {plan.failed_places} cannot be read."
    )


if __name__ == "__main__":
    main()
