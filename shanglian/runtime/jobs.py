"""Jobs whose worker was killed go back into the queue. Doing a job twice does no harm."""

import logging
from datetime import UTC, datetime

from django.db import connection
from procrastinate import sql
from procrastinate.contrib.django import app

log = logging.getLogger(__name__)
HEARTBEAT = 3  # seconds between two signs of life of a worker
STALLED = 12  # seconds without one, after which its jobs are taken from it


def requeue_stalled_jobs() -> int:
    """Put every job held by a worker without a sign of life back into the queue; how many there were."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute(
            sql.queries["select_stalled_jobs_by_heartbeat"],
            {"queue": None, "task_name": None, "seconds_since_heartbeat": STALLED},
        )
        columns = [column[0] for column in cursor.description]
        stalled = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    for job in stalled:
        log.warning("job %s (%s) lost its worker and is queued again", job["id"], job["task_name"])
        app.job_manager.retry_job_by_id(job["id"], retry_at=datetime.now(UTC))
    return len(stalled)
