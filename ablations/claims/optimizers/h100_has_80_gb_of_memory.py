"""The memory of a product is a matter of print.

No run of a small network can tell it.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.landscapes import NOTES

CLAIM = Claim(
    statement="An Nvidia H100 has 80 GB of memory.",
    strength="always",
    rows=("A-OPT-16",),
    source=f"{NOTES}, terminologies, notes",
    reference="MLCommons (2023), MLPerf inference results 3.1, descriptions of systems",
    untestable="No such device is at hand that could be asked. Descriptions of systems"
    " in the MLPerf results of 2023 give 80 GB for the H100-SXM. The H100 NVL is sold"
    " with 94 GB, according to catalogs; the maker's own data sheet was not read.",
    answers={
        "": "Not tested: no such device is at hand. Published descriptions give the"
        " usual version 80 GB, and one version 94 GB."
    },
    how="Nothing was trained; published descriptions were read.",
)
