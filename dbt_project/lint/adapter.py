"""What the linter sees of dbt's `adapter`: a dispatched macro becomes a plain function call of the same name."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro of that name: it renders `name(arguments)`."""

    def call(*arguments: object) -> str:
        return f"{macro_name}({', '.join(str(argument) for argument in arguments)})"

    return call
