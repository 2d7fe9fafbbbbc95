"""Lines that belong to a web page or a letter and not to a story: buttons, credits, bylines.

What is recognised here is dropped from the draft and reported, never lost in silence; so a
pattern must match the whole line, and must not match what a newsroom could write.
"""

from __future__ import annotations

import re

_NETWORKS = r"(?:facebook|twitter|x|telegram|whatsapp|linkedin|instagram|vk|viber|e-?mail|reddit|youtube)"
_LINES = (
    r"(?:viewing|showing) results? .{1,40}",
    r"page \d+ (?:of|/) \d+",
    r"(?:continue reading|read more|read also|see also|more on this topic|related (?:articles|posts|stories))\W?.{0,120}",
    r"(?:читать далее|читайте также|подробнее|по теме|смотрите также)\W?.{0,120}",
    r"(?:толығырақ|тағы оқыңыз|кененирээк|дагы окуңуз|batafsil|shuningdek oʻqing|yana oʻqing)\W?.{0,120}",
    r"(?:share|поделиться|бөлісу|бөлүшүү|ulashish)(?: this)?(?: article| story| post)?\W?(?:(?: on| в)? ?(?:"
    + _NETWORKS
    + r"\W*)+)?",
    r"(?:" + _NETWORKS + r"\W+){1,8}" + _NETWORKS + r"?|(?:copy link|print|save|tweet|скопировать ссылку)",
    r"(?:tags?|topics?|categor(?:y|ies)|filed under|теги?|рубрика|метки)\s*:.{1,150}",
    r"(?:previous|next|older|newer|назад|вперёд|далее)(?: (?:article|post|page|story|posts))?\W{0,3}",
    r"\d+ (?:min|мин)\w*\.? (?:read|чтения)",
    r"(?:advertisement|sponsored(?: content)?|реклама|жарнама|reklama)",
    r"(?:sign up|subscribe|подпис(?:аться|ывайтесь))(?: (?:for|to|here|now|на|в|our)\b.{0,100})?\W?",
    r"(?:comments?|комментари\w+)\s*(?:\(?\d+\)?)?|\d+ comments?|leave a (?:comment|reply)",
    r"(?:log in|sign in|back to top|skip to content|menu|search|меню|поиск|войти)",
    r"(?:©|\(c\)|copyright\b).{0,120}|all rights reserved\W?",
    r"(?:photo|image|picture|фото|сурет|сүрөт|surat|foto)(?: by| credit)?\s*:.{1,120}",
    r"(?:views?|просмотр\w*)\s*:?\s*[\d ,.]+|[\d ,.]+ (?:views|просмотр\w*)",
)
_FURNITURE = re.compile("|".join(f"(?:{line})" for line in _LINES), re.IGNORECASE)
_MAIL_HEADER = re.compile(
    r"(?:From|To|Cc|Bcc|Subject|Date|Sent|Reply-To|Message-ID|От|Кому|Копия|Тема|Дата|Отправлено)\s*:\s+.+"
)
_RULE = re.compile(r"(?:[-–—_=*~#]\s?){3,}|\W?\s*\*{1,3}")

_NAME = r"[^\W\d_a-zа-яёәғқңөұүһі][\w’'.-]*"
_BYLINE = re.compile(
    rf"(?:[Bb][Yy]|[Ww]ritten by|[Tt]ext(?: by)?:?|[Аа]втор\w?:|[Тт]екст:|[Mm]uallif:)\s+"
    rf"({_NAME}(?:\s{_NAME}){{1,3}}(?:(?:,| and| и| va)\s{_NAME}(?:\s{_NAME}){{1,3}})*)"
    rf"(?:\s+(?:in|в)\s{_NAME})?\.?"
)
_BETWEEN_NAMES = re.compile(r",| and | и | va ")
_NO_NAME = re.compile(r"\b(?:The|A|An|All|Land|Sea|Numbers)\b")


def is_furniture(text: str) -> bool:
    """Whether a whole line is a page's button, counter, label or credit."""
    return bool(_FURNITURE.fullmatch(text))


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written: `-----`, `* * *`."""
    return bool(_RULE.fullmatch(text)) and not any(sign.isalnum() for sign in text)


def is_mail_header(text: str) -> bool:
    """Whether a line stands at the head of a forwarded letter."""
    return bool(_MAIL_HEADER.fullmatch(text))


def authors(text: str) -> tuple[str, ...]:
    """The names in a byline; none if the line is not one."""
    found = _BYLINE.fullmatch(text)
    if not found or _NO_NAME.search(found[1]):
        return ()
    return tuple(name.strip() for name in _BETWEEN_NAMES.split(found[1]))
