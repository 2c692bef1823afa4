"""HTML that a tool sends, made fit for our pages (Deep Linking 2.0, 3.1 and 3.4)."""

import nh3

# Text, its structure, tables and pictures: nothing that runs, loads a page, posts, or styles ours.
TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "div", "dl", "dt", "em"}
    | {"figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p"}
    | {"pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"}
    | {"thead", "tr", "u", "ul"}
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


ADDRESSES = frozenset({"href", "src"})


def cleaned(html: str) -> str:
    """What may be shown of it: no script, style, frame, form or event handler; addresses are whole, and https.

    A relative one would be ours, asked for as the reader. Links open in windows that do not know ours.
    """
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"https"},
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "img": {"referrerpolicy": "no-referrer"}},
    ).strip()


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    is_ours = attribute in ADDRESSES and not value.strip().lower().startswith("https://")
    return None if is_ours else value
