"""Regular expressions that students write, kept from taking Python's engine for ever."""

import re

NESTED = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]|\([^()]*\|[^()]*\)\s*[*+{]")


def safe(pattern: str) -> str:
    """Refuses what could take Python's engine for ever: a repetition of a repetition."""
    if len(pattern) > 500 or NESTED.search(pattern) or pattern.count("*") + pattern.count("+") > 6:
        raise re.error("too complex")
    return pattern
