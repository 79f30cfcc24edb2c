#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the sphinx case (needs sphinx on PATH): a docs build with -W in which one page links to a missing label.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf manual; mkdir manual
echo "project = 'manual'" > manual/conf.py
{ printf 'Manual\n======\n\n.. toctree::\n\n'; for i in $(seq 1 80); do echo "   page$i"; done; } > manual/index.rst
for i in $(seq 1 80); do printf 'Page %d\n=======\n\nText of page %d.\n' $i $i > manual/page$i.rst; done
printf '\nSee :ref:`backup-window` for the times.\n\n.. code-block:: pyhton\n\n   x = 1\n' >> manual/page44.rst
run raw tty warnings-as-errors manual 'sphinx-build -W --keep-going -b html . _build'
