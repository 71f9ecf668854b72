#!/usr/bin/env bash
# No mail runs a script, navigates or reaches the page: more than 400 vectors by class in Chromium, each wall alone (the
# cleaner without a sandbox, the sandbox without the cleaner), and a browser without walls that shows they bite.
exec node "$TOP/tests/walls/html.mjs"
