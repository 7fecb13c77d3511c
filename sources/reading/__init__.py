"""Reading deliveries: any format and spelling the bureaus use, into typed rows, or a report of all that is wrong."""

from sources.reading.model import MAX_PROBLEMS, Problem, Reading, ScopeInfo
from sources.reading.named import Named, NoSuchRow, named
from sources.reading.sandbox import read_file

__all__ = ["MAX_PROBLEMS", "Named", "NoSuchRow", "Problem", "Reading", "ScopeInfo", "named", "read_file"]
