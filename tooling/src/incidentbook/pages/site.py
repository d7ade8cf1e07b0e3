"""What every page may ask: names, addresses, rendered texts, the one template environment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, partial
from hashlib import blake2b
from html import escape
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from incidentbook.archive import RecordEntry
from incidentbook.cache import Cache
from incidentbook.clocks import ReviewDuty, review_duties
from incidentbook.markdown import Rendered, Rewriting, render
from incidentbook.metrics import Availability, Ledger, ServiceDay, days_of, last_days, weights_of
from incidentbook.pages import times, words
from incidentbook.pages.bytecode import Bytecode
from incidentbook.pages.page import Asked, Content, SearchEntry, TocItem
from incidentbook.publication import Published, urls
from incidentbook.publication.attachments import attachments
from incidentbook.publication.standing import Standing, end_of, standing_of, start_of
from incidentbook.records import Action, ActionState, Article, ArticleStatus, Audience, Handover, Incident
from incidentbook.similarity import Surroundings, kept_surroundings
from incidentbook.taxonomy.settings import Entry

DAYS = 90
"""How many days "lately" is on every page: the bars, availability, the headline figures."""


class Site:
    """Published records at one moment, with what is looked up again and again kept at hand."""

    def __init__(self, published: Published, now: datetime, store: Cache | None = None) -> None:
        self.published = published
        self.taxonomy = published.taxonomy
        self.now = now
        self.zone = published.taxonomy.zone
        self.today = now.astimezone(self.zone).date()
        self._cache = store or Cache.open(None)
        self.urls = urls.Urls.of(published, ((source, one.path) for source, one in attachments(published)))

        self._days: dict[str, tuple[ServiceDay, ...]] = {}
        self._asked: dict[tuple[str, str], str | None] = {}
        """What the texts of the page that is being made asked for."""

    @property
    def internal(self) -> bool:
        """Whether the reader is one of us."""
        return self.published.audience is not Audience.PUBLIC

    @property
    def name(self) -> str:
        """Whose site it is."""
        return self.taxonomy.settings.name

    @cached_property
    def ledger(self) -> Ledger:
        """Its records as figures count them: each measured once, for all pages."""
        return Ledger(self.published, self.now)

    @cached_property
    def duties(self) -> tuple[ReviewDuty, ...]:
        """Every review that must be written, or was: each incident is judged once, for all pages."""
        return review_duties(self.published, self.now)

    @cached_property
    def recently(self) -> Availability:
        """How much of the last days the page and each service were available."""
        return self.ledger.availability(last_days(self.taxonomy, self.now, DAYS))

    def days_of(self, service: str) -> tuple[ServiceDay, ...]:
        """The last days of a service, oldest first."""
        if service not in self._days:
            self._days[service] = days_of(self.ledger.downtime, self.published, service, DAYS)
        return self._days[service]

    @cached_property
    def standing(self) -> Standing:
        """How each service and the whole are doing now."""
        return standing_of(self.published, self.now)

    @cached_property
    def surroundings(self) -> Surroundings:
        """What is most like each incident: other incidents, known errors, articles."""
        return kept_surroundings(self.published, self._cache, self.published.audience.value)

    @cached_property
    def in_utc(self) -> bool:
        """Whether the site's own times are in UTC, so that nobody need be told them in UTC as well."""
        return times.is_utc(self.taxonomy.settings.zone)

    @cached_property
    def zone_note(self) -> Markup:
        """What a page says of its times, at its end."""
        source = "{% import '_parts.html' as parts with context %}{{ parts.zone_note() }}"
        return Markup(self.environment.from_string(source).render())  # noqa: S704 -- a template's own

    @cached_property
    def environment(self) -> Environment:
        """Templates with autoescape: whatever a record says is text until `render` made it safe."""
        environment = Environment(
            loader=PackageLoader("incidentbook.pages"),
            bytecode_cache=Bytecode(self._cache),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            {
                "time": partial(times.time_tag, zone=self.zone),
                "plain": partial(times.time_tag, zone=self.zone, style="plain"),
                "day": partial(times.time_tag, zone=self.zone, style="day"),
                "date": times.day_tag,
                "weekday": times.weekday_tag,
                "duration": times.duration_words,
                "seconds": times.seconds_words,
                "month": times.month_words,
                "label": words.label,
                "tone": words.tone,
                "till": partial(times.end_tag, zone=self.zone),
                "chip": chip,
                "with_code": words.with_code,
                "person": self.person,
                "team": self.team,
                "address": lambda text, words=None: address(text, words or text),
                "resolution_code": lambda key: _name(self.taxonomy.resolution_code(key), key),
            }
        )
        environment.globals.update(
            {
                "site": self,
                "now": self.now,
                "record_link": self.record_link,
                "overdue": self.overdue,
                "start_of": start_of,
                "end_of": end_of,
            }
        )
        return environment

    def load_templates(self) -> None:
        """Have all templates at hand: processes that start from here need not compile them each."""
        for name in self.environment.list_templates():
            self.environment.get_template(name)

    def key(self, *entries: RecordEntry[Any], facts: Iterable[object] = (), by_time: bool = False) -> str:
        """Name what a page is made of: these records as they are, other facts, and the moment if `by_time`.

        Links and mentions in the records' texts need not be named: the build asks again where they lead.
        """
        made_of = [f"{entry.id} {entry.content_hash}" for entry in entries]
        made_of.extend(map(repr, facts))
        if by_time:
            made_of.append(self.now.isoformat())
        return blake2b("\n".join(made_of).encode(), digest_size=16).hexdigest()

    def content(self, html: str, toc: Iterable[TocItem], search: Iterable[SearchEntry] = ()) -> Content:
        """The inside of a page of safe HTML, with what its texts asked for since the last one."""
        asked, self._asked = self._asked, {}
        followed = tuple(Asked(source, address, answer) for (source, address), answer in asked.items())
        return Content(html, tuple(toc), tuple(search), followed)

    def fill(
        self,
        template: str,
        path: str,
        toc: Iterable[TocItem],
        search: Iterable[SearchEntry] = (),
        **values: Any,
    ) -> Content:
        """Render the inside of a page."""
        html = self.environment.get_template(template).render(up=urls.up(path), path=path, **values)
        return self.content(html, toc, search)

    def markdown(self, text: str, entry: RecordEntry[Any], path: str, **options: Any) -> Rendered:
        """Render a text of a record for the page at `path`, its links to records led to their pages."""
        prefix = urls.up(path)

        def link(address: str) -> str | None:
            target = self._asked[entry.path, address] = self.urls.resolve(address, entry.path)
            return None if target is None else prefix + target

        def mention(id_: str) -> str | None:
            target = self._asked["", id_] = self.urls.by_id.get(id_)
            return None if target is None or target == path else prefix + target

        return render(text, Rewriting(link=link, mention=mention, **options))

    def message(self, text: str, entry: RecordEntry[Any], path: str, prefix: str = "") -> Markup:
        """Render a short text, such as an update."""
        html = self.markdown(text, entry, path, top_level=4, prefix=prefix).html
        return Markup(html)  # noqa: S704 -- sanitised by `render`

    @cached_property
    def counted(self) -> str:
        """What availability counts, for readers of the bars."""
        return words.counted(weights_of(self.taxonomy), maintenance=self.taxonomy.measures.maintenance)

    def service_id(self, key: str) -> str:
        """The key under which the catalogue lists a service that a record may name by an alias."""
        service = self.taxonomy.service(key)
        return service.id if service else key

    def service_name(self, key: str) -> str:
        """What people call a service; its key where the catalogue does not know it."""
        service = self.taxonomy.service(key)
        return service.name if service else key

    def person(self, handle: str) -> str:
        """What people call somebody."""
        person = self.taxonomy.person(handle)
        return (person.name if person else None) or handle

    def whom(self, text: str) -> str:
        """What people call somebody or a team, where the text names one; else the text."""
        return self.person(text) if self.taxonomy.person(text) else self.team(text)

    def team(self, key: str) -> str:
        """What people call a team."""
        team = self.taxonomy.team(key)
        return team.name if team else key

    def category(self, path: str) -> str:
        """A category in words: Application / Deployment."""
        found = self.taxonomy.category(path)
        if found is None:
            return path
        category, below = found
        return f"{category.name} / {below.name}" if below else category.name

    def title(self, entry: RecordEntry[Any]) -> str:
        """The title of any record: a review's own or its lead incident's, of a handover whose it is."""
        title = getattr(entry.record, "title", None)
        if title:
            return str(title)
        if isinstance(entry.record, Handover):
            return self._shift(entry.record)
        lead = self.published.get(entry.name.lead_incident or "")
        return str(lead.record.title) if lead is not None and lead.readable else entry.id

    def _shift(self, note: Handover) -> str:
        """What a handover without a title is called: its team and its time."""
        whose = self.team(note.team) if note.team else "All teams"
        return f"{whose}, {note.at.astimezone(self.zone):%Y-%m-%d %H:%M}" if note.at else whose

    def record_link(self, id_: str, prefix: str) -> Markup:
        """A link to a record by ID and title; where it has no page only its ID, and nothing to the public."""
        target, entry = self.page(id_), self.readable(id_)
        if target is None or entry is None:
            return Markup('<span class="ib-id">{}</span>').format(id_) if self.internal else Markup("")
        shown_id = entry.name.lead_incident or id_
        words = "" if entry.kind == "article" else f'<span class="ib-id">{escape(shown_id)}</span> '
        html = f'<a href="{escape(prefix + target)}">{words}{escape(self.title(entry))}</a>'
        return Markup(html)  # noqa: S704 -- escaped above

    def overdue(self, action: Action) -> bool:
        """Whether an open action's day has passed."""
        return action.state is ActionState.OPEN and action.due is not None and action.due < self.today

    def past_review(self, article: Article) -> bool:
        """Whether somebody should have tried it again by now; the public does not know by when."""
        is_kept = article.status is not ArticleStatus.RETIRED
        return is_kept and article.review_by is not None and article.review_by < self.today

    def team_link(self, key: str, prefix: str) -> Markup:
        """A link to a team's page; only words where the catalogue does not know it."""
        team = self.taxonomy.team(key)
        if team is None:
            return Markup("{}").format(key)
        return Markup('<a href="{}{}">{}</a>').format(prefix, urls.team_path(team.id), team.name)

    def category_link(self, path: str, prefix: str) -> Markup:
        """A link to the page of a category; only words where the catalogue does not know it."""
        found = self.taxonomy.category(path)
        if found is None:
            return Markup("{}").format(path)
        own = f"{found[0].id}/{found[1].id}" if found[1] else found[0].id
        return Markup('<a href="{}{}">{}</a>').format(prefix, urls.category_path(own), self.category(path))

    def page(self, id_: str) -> str | None:
        """The path of a record's page; None where the reader may not see it, or it does not exist."""
        return self.urls.by_id.get(id_)

    def service_pairs(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """The keys and names of services, each once."""
        return [(key, self.service_name(key)) for key in dict.fromkeys(map(self.service_id, keys))]

    def impact_pairs(self, incident: Incident) -> list[tuple[str, str]]:
        """The services that an incident touches and the catalogue knows, each once."""
        found = (self.taxonomy.service(impact.service) for impact in incident.services)
        return list({service.id: (service.id, service.name) for service in found if service}.values())

    def readable(self, id_: str | None) -> RecordEntry[Any] | None:
        """A record by ID, if there is one to be shown."""
        entry = self.published.get(id_) if id_ else None
        return entry if entry is not None and entry.readable else None


def _name(found: Entry | None, key: str) -> str:
    return found.name if found else key


def chip(state: str, text: str | None = None, tone: str | None = None) -> Markup:
    """A state as a sign, a word and a colour: never the colour alone."""
    shown = tone or words.tone(state)
    html = f'<span class="ib-chip ib-chip--{escape(shown)}">{escape(text or words.label(state))}</span>'
    return Markup(html)  # noqa: S704 -- escaped above


def address(target: str, words: str) -> Markup:
    """A link where the target is http, https or mailto; else only the words."""
    try:
        scheme = urlsplit(target.strip()).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https", "mailto"}:
        return Markup("{}").format(words)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(target.strip(), words)
