"""Gunicorn for one machine. Every value can be set on the command line instead."""

import multiprocessing
import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", min(multiprocessing.cpu_count(), 4)))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 20
keepalive = 5
# By default a client behind a local proxy could send SCRIPT_NAME and have every link rewritten.
forwarder_headers = ""
# Longer request lines are nobody's bookmark.
limit_request_line = 4094
# A worker starts anew now and then, not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
# The control socket would be opened in the home of whoever runs it.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = "warning"
