#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the pip cases: no matching distribution after a run of downloads, and a C extension that does not compile.
. "$(dirname "$0")/../lib.sh"
rm -rf pipenv wheelcase; mkdir pipenv wheelcase
python3 -m venv pipenv/venv
printf 'requests==2.31.0\nclick>=8\njinja2\npyyaml\nattrs\nrich\nsetuptools==9999.0.1\n' > pipenv/requirements.txt
run buildkite tty no-matching-distribution pipenv 'venv/bin/pip install --no-cache-dir -r requirements.txt'
mkdir wheelcase/fastgeo
cat > wheelcase/fastgeo/setup.py <<'E'
from setuptools import Extension, setup

setup(name="fastgeo", version="0.4.1", ext_modules=[Extension("fastgeo", ["fastgeo.c"])])
E
cat > wheelcase/fastgeo/fastgeo.c <<'E'
#include <Python.h>
#include <geos_c.h>
static PyObject *area(PyObject *self, PyObject *args) { return PyFloat_FromDouble(0.0); }
E
python3 -m venv wheelcase/venv
run raw plain wheel-build-failure wheelcase 'venv/bin/pip install --no-cache-dir click attrs rich pyyaml ./fastgeo'
