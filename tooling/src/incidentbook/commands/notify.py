"""`notify`: tells people, through their channels, what happened and what is due."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from incidentbook.commands.caveats import print_caveats
from incidentbook.commands.session import Session

if TYPE_CHECKING:
    from incidentbook.history import Event
    from incidentbook.notices.notify.messages import Wording
    from incidentbook.notices.notify.news import News
    from incidentbook.notices.notify.telling import Telling
    from incidentbook.taxonomy.settings.notifications import Channel


@click.command(
    epilog="""\b
Examples:
  incidentbook notify HEAD~1..HEAD --dry-run
  incidentbook notify --due
  incidentbook notify v1.0..HEAD --digest"""
)
@click.argument("range_", required=False, metavar="[BASE..HEAD]")
@click.option("--due", is_flag=True, help="Tell what is at risk, breached or overdue now.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent to whom; nothing is sent or written.")
@click.option("--digest", is_flag=True, help="Tell the channels with a `digest`, in one message each.")
@click.option(
    "--resend-unknown",
    is_flag=True,
    help="Send again what an interrupted run may have sent already.",
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Text unless said."
)
@click.pass_obj
def command(
    session: Session, range_: str | None, *, due: bool, dry_run: bool, digest: bool, resend_unknown: bool,
    format_: str,
) -> int:  # fmt: skip
    """Tell people what happened between two commits, what is due now, or both.

    schema/notifications.yml says who is told what through which channel; addresses come from the
    environment. Nothing is sent twice: a ledger, which is a Git ref of its own, has an entry before each
    message is sent and one after. It is fetched from the remote and pushed to it, where there is one.

    Exits with 0 where everything was sent, with 1 where a channel failed, nobody knows whether a message
    arrived, or schema/notifications.yml has errors, and with 2 where the tool could not go on or could not
    push what it sent to the ledger.
    """
    if not due and not range_:
        raise click.UsageError("Name what is to be told: BASE..HEAD, --due, or both.")
    return run(
        session, range_, due=due, dry_run=dry_run, digest=digest, resend_unknown=resend_unknown,
        format_=format_,
    )  # fmt: skip


def run(
    session: Session,
    range_: str | None = None,
    *,
    due: bool = False,
    dry_run: bool = False,
    digest: bool = False,
    resend_unknown: bool = False,
    format_: str = "text",
) -> int:
    """Tell, and print what became of it; 1 where somebody has to look."""
    from incidentbook.archive import load_entries  # noqa: PLC0415
    from incidentbook.notices.notify.planning import deliveries  # noqa: PLC0415
    from incidentbook.notices.notify.senders import open_channel  # noqa: PLC0415
    from incidentbook.notices.notify.sound import errors_in_settings  # noqa: PLC0415

    errors = errors_in_settings(session.archive)
    happened = _events(session, range_) if range_ else ()
    load_entries(session.archive)
    print_caveats(session.archive)
    found = deliveries(session.archive, happened, session.now if due else None)
    telling = _telling(session, digest=digest, again=resend_unknown, is_dry=dry_run)
    if dry_run:
        report = telling.preview(found)
    else:
        report = telling.run(found, lambda one: open_channel(one, os.environ, telling.timeout))
    for fault in report.faults:
        click.echo(f"incidentbook: {fault}", err=True)
    if format_ == "json":
        from incidentbook.reports.notify.json import notify_as_json  # noqa: PLC0415

        click.echo(notify_as_json(report, dry_run=dry_run, now=session.now))
    else:
        from incidentbook.reports.notify.text import notify_as_text  # noqa: PLC0415

        click.echo(notify_as_text(report, dry_run=dry_run))
    if report.unshared:
        click.echo(f"incidentbook: {report.unshared}", err=True)
        return 2
    return 1 if report.has_trouble or errors else 0


def _events(session: Session, range_: str) -> tuple[Event, ...]:
    """What the commits of a range say; what is not committed is told to nobody."""
    from incidentbook.gitrepo import merge_base  # noqa: PLC0415
    from incidentbook.history import events, in_order  # noqa: PLC0415

    dots = "..." if "..." in range_ else ".."
    base, found, head = range_.partition(dots)
    if not found:
        raise click.UsageError(
            f"`{range_}` is no range of commits: BASE..HEAD tells what HEAD says and BASE did not."
        )
    base, head = base or "HEAD", head or "HEAD"
    start = merge_base(session.root, base, head) if dots == "..." else base
    return in_order(events(session.root, start, head), session.archive.taxonomy.zone)


def _telling(session: Session, *, digest: bool, again: bool, is_dry: bool) -> Telling:
    from incidentbook.gitrepo import remote_of  # noqa: PLC0415
    from incidentbook.notices.notify.ledger import Ledger  # noqa: PLC0415
    from incidentbook.notices.notify.telling import Telling  # noqa: PLC0415

    # a message is sent when it is sent, whatever clock the records are pinned to
    moment = session.pinned_now or session.wall_clock
    remote = None if is_dry else remote_of(session.root)
    return Telling(
        wording=_wording(session),
        ledger=Ledger(session.root, remote, uuid.uuid4().hex[:12], moment.isoformat()),
        moment=moment,
        timeout=session.archive.taxonomy.notifications.timeout.total_seconds(),
        digest=digest,
        again=again,
    )


def _wording(session: Session) -> Wording:
    from incidentbook.notices.notify.messages import Wording  # noqa: PLC0415
    from incidentbook.notices.notify.rendering import Templates  # noqa: PLC0415

    site = session.archive.taxonomy.settings.url
    return Wording(Templates(session.root), _addresses(session, site), site)


def _addresses(session: Session, site: str | None) -> Callable[[News, Channel], str | None]:
    """The page of a record on the site; where there is no site, its file on the forge, for colleagues."""
    from urllib.parse import quote  # noqa: PLC0415

    from incidentbook.commands.addresses import file_addresses  # noqa: PLC0415
    from incidentbook.publication.urls import path_of  # noqa: PLC0415
    from incidentbook.records import Audience  # noqa: PLC0415

    on_forge = file_addresses(session.root, "HEAD")

    def address(news: News, channel: Channel) -> str | None:
        # the site may be the public one, where the page of an internal record is not
        file = on_forge(news.path) if channel.audience is Audience.INTERNAL else None
        return file or (f"{site.rstrip('/')}/{quote(path_of(news.record))}" if site else None)

    return address
