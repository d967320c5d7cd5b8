"""Command lines with long and short options that may come after the words and more than once, as getopt_long reads."""

from collections.abc import Collection, Mapping

from workloads.runtime.errors import Usage
from workloads.runtime.tool import Call


class Options:
    """The options that were given, by letter, each with all its values in order."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def __contains__(self, letter: str) -> bool:
        return letter in self.found

    def add(self, letter: str, value: str) -> None:
        self.found.setdefault(letter, []).append(value)

    def last(self, letter: str, default: str = "") -> str:
        return self.found[letter][-1] if letter in self.found else default

    def all(self, letter: str) -> list[str]:
        return self.found.get(letter, [])


def read(call: Call, long: Mapping[str, str], takes: Collection[str], letters: str = "") -> tuple[Options, list[str]]:
    """The options and the words. Raises Usage.

    `takes`: those that have a value. `letters`: the flags that exist ("" allows any).
    """
    options, words, rest = Options(), list[str](), list(call.args)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return options, [*words, *rest]
        if word.startswith("--"):
            _long(word, rest, long, takes, options)
        elif word.startswith("-") and len(word) > 1:
            _short(word[1:], rest, takes, letters, options)
        else:
            words.append(word)
    return options, words


def _long(word: str, rest: list[str], long: Mapping[str, str], takes: Collection[str], options: Options) -> None:
    name, equals, value = word[2:].partition("=")
    letter = long.get(name)
    if letter is None:
        raise Usage(f"unrecognized option '--{name}'")
    if letter in takes and not equals:
        if not rest:
            raise Usage(f"option '--{name}' requires an argument")
        value = rest.pop(0)
    options.add(letter, value)


def _short(text: str, rest: list[str], takes: Collection[str], letters: str, options: Options) -> None:
    for at, letter in enumerate(text):
        if letter in takes:
            value = text[at + 1 :]
            if not value and not rest:
                raise Usage(f"option requires an argument -- '{letter}'")
            options.add(letter, value or rest.pop(0))
            return
        if letters and letter not in letters:
            raise Usage(f"unrecognized option: {letter}")
        options.add(letter, "")
