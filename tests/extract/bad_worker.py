"""A worker that does what the file's text says: the misbehaviour that real parsers show on strange files."""

import json
import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        order = Path(request["path"]).read_text(encoding="utf-8")
        if order == "hang":
            time.sleep(60)
        elif order == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif order == "exit":
            sys.exit(3)
        elif order == "eat":
            hoard = []
            while True:
                hoard.append(bytearray(b"x" * 2**24))
                time.sleep(0.01)
        print(json.dumps({"status": "ok", "rows": [], "reason": order}), flush=True)


if __name__ == "__main__":
    main()
