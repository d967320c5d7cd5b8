"""Tools that the shell runs in its own process."""

from collections.abc import Callable, Mapping

from workloads.runtime.tool import Call
from workloads.runtime.tools import condition, echo, simple

INLINE: Mapping[str, Callable[[Call], int | None]] = {
    "[": condition.test,
    "[[": condition.test,
    "echo": echo.echo,
    "false": simple.false,
    "printf": echo.printf,
    "pwd": simple.pwd,
    "test": condition.test,
    "true": simple.true,
}
