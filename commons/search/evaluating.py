"""`flask search evaluate`."""

from __future__ import annotations

import sys

import click

from commons.cli import progress
from commons.search.commands import group
from commons.search.judging import NoIndex, evaluate, evaluations, keep

__all__ = ["evaluate_command"]


@group.command("evaluate")
def evaluate_command() -> None:
    """Measures the search by the queries that this community judged, and keeps the figures with their date."""
    with progress("queries") as bar:
        try:
            figures = evaluate(bar.step)
        except NoIndex:
            raise click.ClickException(
                "the index is broken or missing. Make it again with: flask search rebuild"
            ) from None
    if figures is None:
        click.echo("No search has been judged yet: moderators judge searches on their pages.")
        sys.exit(1)
    before = next(iter(evaluations(1)), None)
    keep(figures)
    click.echo(
        f"queries {figures.queries:,} · nDCG@10 {figures.ndcg:.3f} · success@10 {figures.success:.3f} · "
        f"MRR {figures.mrr:.3f} · {bar.seconds:.1f} s"
    )
    if before:
        click.echo(
            f"since {before.at:%Y-%m-%d}: nDCG@10 {figures.ndcg - before.ndcg:+.3f} · "
            f"success@10 {figures.success - before.success:+.3f} · MRR {figures.mrr - before.mrr:+.3f}"
        )
