#!/usr/bin/env bash
# Changes and reading fail once, in five ways: the page says what to do, what was typed stays, the work goes on.
exec node "$TOP/tests/web/lib/faults.mjs" status owner owner-away ticket list search folders whole older seen customer language counts outbox
