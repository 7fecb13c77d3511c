"""The types of flow parameters, which make the forms of Prefect's pages, and for how long a flow may run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sources.contract import contracts
from sources.inbox import REGION

Feed = Annotated[str, Field(json_schema_extra={"enum": sorted(contracts())})]
Region = Annotated[str, Field(pattern=f"^{REGION.pattern}$")]
Period = Annotated[str, Field(pattern=r"^\d{4}(Q[1-4]|-\d{2}(-\d{2})?)?$")]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]

LONGEST_S = 12 * 3600  # a run that is not over by then hangs
