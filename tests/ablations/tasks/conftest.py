"""Tasks whose rows come with a package are tested where the package is installed."""

from importlib.util import find_spec

import pytest

from ablations.tasks.real import FILES


@pytest.fixture
def _with_rows(request):
    """Skip a test of the task `name` if the package with its rows is missing."""
    package, _ = FILES.get(request.node.callspec.params["name"], ("numpy", ""))
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed.")
