#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the django case (needs django on PATH): manage.py test -v2 with migration noise and one failing view test.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf portal; mkdir portal; cd portal
django-admin startproject portal . && python manage.py startapp tickets
sed -i "s/^INSTALLED_APPS = \[/&\n    'tickets',/" portal/settings.py
cat > tickets/views.py <<'E'
from django.http import JsonResponse


def status(request, number):
    return JsonResponse({"number": number, "state": "open"}, status=200 if number < 100 else 500)
E
cat > portal/urls.py <<'E'
from django.urls import path
from tickets.views import status

urlpatterns = [path("tickets/<int:number>/", status)]
E
{ echo 'from django.test import TestCase


class TicketTests(TestCase):
    def test_unknown_ticket_is_not_found(self):
        response = self.client.get("/tickets/999/")
        self.assertEqual(response.status_code, 404)
'; for i in $(seq 1 99); do printf '    def test_ticket_%d(self):\n        self.assertEqual(self.client.get("/tickets/%d/").status_code, 200)\n\n' $i $i; done; } > tickets/tests.py
cd ..
run buildkite plain view-status portal 'python manage.py test -v 2'
