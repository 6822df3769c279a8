# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""nostr-relay as PyPI has it, with no limits in the way.

  nostr-relay.py PORT DIRECTORY

Keeps its events in SQLite in DIRECTORY; runs until it is killed.
"""
import os
import sys

port, directory = sys.argv[1:3]
os.makedirs(directory, exist_ok=True)
os.chdir(directory)
with open("config.yaml", "w") as file:
    file.write(f"""
relay_name: peer
storage:
  sqlalchemy.url: sqlite+aiosqlite:///{directory}/nostr.sqlite3
  num_concurrent_reqs: 10
  num_concurrent_adds: 2
  validators: [nostr_relay.validators.is_signed]
verification: {{nip05_verification: disabled}}
gunicorn: {{bind: "127.0.0.1:{port}", workers: 1, loglevel: warning}}
purple: {{host: 127.0.0.1, port: {port}, workers: 1, disable_compression: true}}
authentication: {{enabled: false}}
subscription_limit: 32
max_limit: 100000000
""")
sys.argv = ["nostr-relay", "-c", "config.yaml", "serve", "--use-uvicorn"]
from nostr_relay.cli import main  # noqa: E402

main()
