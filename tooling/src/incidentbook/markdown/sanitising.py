"""What of HTML may stay: nothing that runs, loads, covers the page or takes another element's name."""

from __future__ import annotations

from nh3 import Cleaner

_TAGS = frozenset(
    # words, for fifty quoted ones would hide what is missing
    "a abbr b blockquote br caption code col colgroup dd del details dfn div dl dt em "  # noqa: SIM905
    "h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong "
    "sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_ATTRIBUTES = {
    "a": {"href", "id", "name", "title", "aria-label"},
    "abbr": {"title"},
    "col": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked", "disabled"},
    "li": {"id"},
    "ol": {"start"},
    "pre": {"lang"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
_CLASSES = {
    "a": {"footnote-backref"},
    "input": {"task-list-item-checkbox"},
    "li": {"task-list-item"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "ul": {"contains-task-list"},
}
_CLEANER = Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
"""One for all: making it takes half as long as cleaning a page."""


def clean(html: str) -> str:
    """Return HTML without what may not stay, well-formed; in attributes `<` and `>` are entities."""
    return _CLEANER.clean(html)
