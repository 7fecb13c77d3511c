"""Mutants: every rule of every gate is shown to fail. A gate that cannot fail is no gate."""

from expectations.mutants.makers import MAKERS
from expectations.mutants.result import MutantResult
from expectations.mutants.tables import past_of, self_test, spoilt_sql, try_suite

__all__ = ["MAKERS", "MutantResult", "past_of", "self_test", "spoilt_sql", "try_suite"]
