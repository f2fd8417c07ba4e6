"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from shanglian.config.cli import SELDOM

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanglian.config.settings")
application = get_wsgi_application()
gc.freeze()  # what was loaded stays for good
gc.set_threshold(*SELDOM)
