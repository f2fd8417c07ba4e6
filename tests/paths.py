"""Where the reference data lies when it is present; tests that need it skip visibly when it is not."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="reference data (../shared) is not present")
POLICIES = ROOT / "shanglian" / "policies"
