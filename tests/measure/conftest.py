import sys
from pathlib import Path

# The fictional corpus is shared by the tests of measure and publish and by the coverage benchmark.
sys.path.insert(0, str(Path(__file__).parent))
