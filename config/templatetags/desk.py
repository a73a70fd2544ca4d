"""For the admin's own pages."""

from django import template

from config import desk, job_page
from config.durations import duration
from config.job_page import JobPage
from config.monitor import page
from config.monitor.pictures import dollars
from config.monitor.queue_page import QueueNow, queue_now
from queues.models import Job

register = template.Library()
register.filter("duration", duration)
register.filter("dollars", dollars)


@register.simple_tag
def page_of_job(job: Job) -> JobPage:
    return job_page.job_page(job)


@register.simple_tag
def actions_of_job(job: Job) -> list[tuple[str, str, bool]]:
    return job_page.actions(job)


@register.simple_tag
def desk_overview(user) -> desk.Overview:
    return desk.overview(user)


@register.simple_tag
def queue_monitor(user) -> page.Monitor:
    return page.monitor(user)


@register.simple_tag
def page_of_queue(name: str, user) -> QueueNow:
    return queue_now(name, user)
