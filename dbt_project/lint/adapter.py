"""What the linter sees of dbt's `adapter`: a dispatched macro becomes a plain function call of the same name."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro of that name: it renders `name(arguments)`."""

    def call(*arguments: object) -> str:
        return f"{macro_name}({', '.join(map(_shown, arguments))})"

    return call


def _shown(argument: object) -> str:
    """Arguments are SQL, except separators, which the macros put into quotes."""
    text = str(argument)
    return text if any(char.isalnum() for char in text) else f"'{text}'"
