"""The certificate as a PDF: letter, landscape, embedded fonts, a QR code to the live proof."""

import io
import unicodedata
from collections.abc import Container
from datetime import date, datetime
from functools import cache
from pathlib import Path

import segno
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.rendering.frozen import CertificateFacts

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "Hyperlegible", "Hyperlegible-Bold"
INK, SOFT, ACTION, RULE = HexColor("#13202b"), HexColor("#4b5b69"), HexColor("#0b5563"), HexColor("#d2dae0")
STOP = HexColor("#a3261b")
WIDTH, HEIGHT = landscape(letter)
MARGIN, AXIS = 54, 230
SMALLEST = 8
QR_SIZE = 118


@cache
def _register_fonts() -> None:
    pdfmetrics.registerFont(TTFont(REGULAR, str(FONTS / "atkinson-hyperlegible-next-regular.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(FONTS / "atkinson-hyperlegible-next-bold.ttf")))


def printable(text: str) -> str:
    """The text with letters the fonts lack replaced by their base letter, or a question mark: never by a gap."""
    _register_fonts()
    known: Container[int] = pdfmetrics.getFont(BOLD).face.charToGlyph  # type: ignore[attr-defined]
    return "".join(letter if ord(letter) in known else _base(letter, known) for letter in text)


def _base(letter: str, known: Container[int]) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if ord(base) in known else "?"


def render(
    facts: CertificateFacts, *, proof_url: str, language: str, revoked_at: datetime | None = None
) -> bytes:
    """The PDF's bytes. It never claims to be valid today: that is what the QR code asks."""
    _register_fonts()
    buffer = io.BytesIO()
    with translation.override(language):
        canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1, lang=language)
        canvas.setTitle(f"{facts.title_in(language)} – {facts.serial}")
        canvas.setAuthor(facts.issuer)
        canvas.setSubject(_("Certificate %(serial)s") % {"serial": facts.serial})
        _frame(canvas, facts)
        _statement(canvas, facts, language=language)
        _table(canvas, _rows(facts))
        _qr(canvas, proof_url)
        if revoked_at:
            _withdrawn(canvas, revoked_at)
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()


def _words(canvas: Canvas, text: str, place: tuple[float, float], *, size: float, bold: bool = False) -> None:
    canvas.setFont(BOLD if bold else REGULAR, size)
    canvas.drawString(*place, printable(text))


def _fitted(canvas: Canvas, text: str, place: tuple[float, float], *, size: float, width: float) -> None:
    """Bold words on one line, made smaller until they fit, and cut where even that does not help."""
    text = printable(text)
    while pdfmetrics.stringWidth(text, BOLD, size) > width and size > SMALLEST:
        size -= 1
    if pdfmetrics.stringWidth(text, BOLD, size) > width:
        while pdfmetrics.stringWidth(f"{text}…", BOLD, size) > width:
            text = text[:-1].rstrip()
        text = f"{text}…"
    _words(canvas, text, place, size=size, bold=True)


def _withdrawn(canvas: Canvas, revoked_at: datetime) -> None:
    words = _("Revoked on %(day)s. Not valid.") % {
        "day": date_format(timezone.localdate(revoked_at), _("j F Y"))
    }
    canvas.setFillColor(STOP)
    canvas.setFont(BOLD, 16)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 48, words)


def _frame(canvas: Canvas, facts: CertificateFacts) -> None:
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(3)
    canvas.line(MARGIN, HEIGHT - 62, WIDTH - MARGIN, HEIGHT - 62)
    canvas.setLineWidth(1)
    canvas.line(AXIS, HEIGHT - 56, AXIS, HEIGHT - 62)
    canvas.setFillColor(INK)
    _words(canvas, facts.issuer, (MARGIN, HEIGHT - 48), size=12, bold=True)
    canvas.setFillColor(SOFT)
    _words(canvas, _("Certificate"), (MARGIN, HEIGHT - 92), size=12)
    canvas.setFillColor(INK)
    _words(canvas, facts.serial, (MARGIN, HEIGHT - 110), size=14, bold=True)


def _statement(canvas: Canvas, facts: CertificateFacts, *, language: str) -> None:
    room = WIDTH - MARGIN - AXIS
    _fitted(canvas, facts.full_name, (AXIS, HEIGHT - 108), size=34, width=room)
    canvas.setFillColor(SOFT)
    _words(canvas, _("has passed the proctored exam for"), (AXIS, HEIGHT - 134), size=14)
    canvas.setFillColor(ACTION)
    _fitted(canvas, facts.title_in(language), (AXIS, HEIGHT - 166), size=24, width=room)


def _rows(facts: CertificateFacts) -> list[tuple[str, str]]:
    """What stands in the table, in the active language."""
    until = _day(facts.expires_on) if facts.expires_on else _("no expiry")
    exam = _("%(questions)s questions, pass mark %(mark)s %%") % {
        "questions": facts.questions,
        "mark": facts.pass_mark_percent.rstrip("0").rstrip(".")
        if "." in facts.pass_mark_percent
        else facts.pass_mark_percent,
    }
    how = (
        _("Proctored and recorded; reviewed by a person")
        if facts.is_reviewed
        else _("Proctored and recorded")
    )
    rows = [
        (_("Issued"), _day(facts.issued_on)),
        (_("Valid until"), until),
        (_("Course id"), facts.course_id),
        (_("Employee id"), facts.employee_id),
        (_("Organization"), facts.organization),
        (_("Exam"), exam),
        (_("How it was earned"), how),
    ]
    return [(name, value) for name, value in rows if value]


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), _("j F Y"))


def _table(canvas: Canvas, rows: list[tuple[str, str]]) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.75)
    for index, (name, value) in enumerate(rows):
        y = HEIGHT - 206 - index * 27
        canvas.setFillColor(SOFT)
        _words(canvas, name, (AXIS, y), size=11)
        canvas.setFillColor(INK)
        _fitted(canvas, value, (AXIS + 130, y), size=12, width=WIDTH - MARGIN - AXIS - 130)
        canvas.line(AXIS, y - 9, WIDTH - MARGIN, y - 9)


def _qr(canvas: Canvas, proof_url: str) -> None:
    """The code, drawn as squares, with its address in words and as a link."""
    matrix = segno.make(proof_url, error="m", micro=False).matrix
    side = QR_SIZE / (len(matrix) + 8)  # four modules of quiet zone on each side
    left, top = MARGIN - 4 * side, 34 + QR_SIZE - 4 * side
    canvas.setFillColor(INK)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                x, y = left + (column + 4) * side, top - (row + 5) * side
                canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColor(SOFT)
    _words(canvas, _("Check it now: scan, or open"), (AXIS, 66), size=10)
    canvas.setFillColor(ACTION)
    _words(canvas, proof_url, (AXIS, 50), size=10)
    canvas.linkURL(proof_url, (AXIS, 46, WIDTH - MARGIN, 62), relative=0)
    canvas.setFillColor(SOFT)
    _words(
        canvas,
        _("This paper does not say whether the certificate was withdrawn. The address does."),
        (AXIS, 34),
        size=9,
    )
