"""For the admin's own pages."""

from django import template

from config import desk
from config.job_page import JobPage, job_page
from queues.models import Job

register = template.Library()


@register.simple_tag
def page_of_job(job: Job) -> JobPage:
    return job_page(job)


@register.simple_tag
def desk_overview(user) -> desk.Overview:
    return desk.overview(user)


@register.filter
def duration(seconds: float | None) -> str:
    """As people say it: "0.4 s", "41 s", "6 min 8 s", "2 h 5 min", "3 d 4 h"."""
    if seconds is None:
        return "–"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    seconds = round(seconds)
    for size, unit, part, smaller in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            return f"{seconds // size} {unit} {seconds % size // part} {smaller}"
    return f"{seconds} s"
