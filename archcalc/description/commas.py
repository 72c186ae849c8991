"""What numbers with commas mean: thousands, a decimal comma, or a list."""

from __future__ import annotations

import re

_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+([^0-9,].*)?\Z")
_DECIMAL = re.compile(r"(?P<whole>[-+]?[0-9]+),(?P<rest>[0-9]+([^0-9,].*)?)\Z")
_NUMBER = re.compile(r"[-+]?[0-9][0-9.]*\Z")


def comma_meaning(text: str, has_thousands: bool = False) -> tuple[str | list[str], str] | None:
    """The number or the list that is meant, and the way out; None if the text is not of numbers and commas.

    Where figures are printed, `has_thousands`, commas between thousands stay, and another comma is a decimal one. Else
    1,024 is a number, 3,224,224 a shape.
    """
    is_list = text.startswith("(") and text.endswith(")")
    parts = [part.strip() for part in text.strip("()").split(",")]
    compact = ",".join(parts)
    if len(parts) < 2:
        return None
    if not is_list and ", " not in text and (has_thousands or len(parts) == 2) and _THOUSANDS.match(compact):
        number = compact if has_thousands else "".join(parts)
        return number, f"put quotes around {number}" if has_thousands else f"write {number}"
    if not is_list and (match := _DECIMAL.match(compact)) and (has_thousands or not int(match["whole"])):
        number = f"{match['whole']}.{match['rest']}"
        return number, f"write {number}, with a point"
    if all(map(_NUMBER.match, parts)):
        return parts, f"write the list [{', '.join(parts)}]"
    return None
