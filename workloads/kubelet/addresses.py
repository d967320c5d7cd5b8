"""Addresses given out from a range: to machines the lowest free one, to pods one after the other (host-local IPAM)."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network


class Addresses:
    """What is in use of one range. Derived from the objects that hold the addresses, so it can be rebuilt."""

    def __init__(self) -> None:
        self._used: dict[int, int] = {}  # address -> how many hold it
        self._lowest = 0  # all below, from the range's first, are in use

    def take(self, address: str) -> None:
        number = _number(address)
        self._used[number] = self._used.get(number, 0) + 1

    def give_back(self, address: str) -> None:
        number = _number(address)
        left = self._used.get(number, 0) - 1
        if left > 0:
            self._used[number] = left
        else:
            self._used.pop(number, None)
            self._lowest = min(self._lowest, number)

    def next_free(self, after: str, first: str, last: str) -> str | None:
        """The first one behind `after` that nobody holds, and from the beginning again; None when the range is full.

        So an address that was given back rests until all others have had their turn.
        """
        low, high = _number(first), _number(last)
        begin = _number(after) + 1 if after and low <= _number(after) < high else low
        for number in (*range(begin, high + 1), *range(low, begin)):
            if number not in self._used:
                return _text(number)
        return None

    def lowest_free(self, first: str, last: str) -> str | None:
        """The lowest address that nobody holds, or None when the range is full. It is not taken by asking."""
        number, end = max(self._lowest, _number(first)), _number(last)
        while number in self._used:
            number += 1
        self._lowest = number
        return _text(number) if number <= end else None


@lru_cache(maxsize=4096)
def of_pods(cidr: str) -> tuple[str, str]:
    """The first and last address for pods in a node's podCIDR: without network, gateway and broadcast address."""
    network = IPv4Network(cidr, strict=False)
    if network.num_addresses < 4:  # none is left
        return str(network[-1]), str(network[0])
    return str(network[2]), str(network[-2])


@lru_cache(maxsize=65536)
def _number(address: str) -> int:
    return int(IPv4Address(address))


@lru_cache(maxsize=65536)
def _text(number: int) -> str:
    return str(IPv4Address(number))
