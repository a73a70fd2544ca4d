"""The ledger: what was asked, every attempt at it, and everything that happened. The truth about all jobs."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from queues import clock, statements
from queues.ids import uuid7
from queues.states import IN_LINE, OPEN, JobState, Outcome

KEEP = ("keep_completed", "keep_completed_count", "keep_failed", "keep_failed_count")
OVERRIDES = ("concurrency", "max_attempts", "timeout", "ageing", *KEEP)


class QueueQuerySet(models.QuerySet):
    def named(self, name: str) -> "Queue":
        """The row of queue `name`, or one without overrides: staff may never have opened it."""
        return next(iter(statements.find(Queue, name=name)), None) or Queue(name=name)

    def policy_of(self, name: str) -> dict:
        return self.named(name).policy


class Queue(models.Model):
    """Staff's overrides of one queue's entry in settings.QUEUES. NULL means the default; changes hold at once."""

    name = models.CharField(max_length=60, primary_key=True)
    paused = models.BooleanField(default=False)
    paused_by = models.CharField(max_length=150, blank=True)
    paused_reason = models.CharField(max_length=200, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    concurrency = models.PositiveIntegerField(null=True, blank=True, help_text="Jobs that may run at once.")
    rate_max = models.PositiveIntegerField(null=True, blank=True, help_text="Starts per window.")
    rate_window = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds.")
    max_attempts = models.PositiveIntegerField(null=True, blank=True)
    timeout = models.PositiveIntegerField(null=True, blank=True, help_text="Longest attempt, in seconds; 0 = no limit.")
    ageing = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds to a better priority; 0 = never.")
    keep_completed = models.PositiveIntegerField(null=True, blank=True, help_text="Hours, cancelled too; 0 = no limit.")
    keep_completed_count = models.PositiveIntegerField(null=True, blank=True, help_text="The newest; 0 = no limit.")
    keep_failed = models.PositiveIntegerField(null=True, blank=True, help_text="Hours; 0 = no limit.")
    keep_failed_count = models.PositiveIntegerField(null=True, blank=True, help_text="The newest; 0 = no limit.")
    turns = models.JSONField(default=dict, blank=True, editable=False, help_text="The turn being served, by priority.")

    objects = QueueQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def policy(self) -> dict:
        """The values in force: defaults, the queue's settings, then this row's overrides."""
        policy = settings.QUEUE_DEFAULTS | settings.QUEUES.get(self.name, {})
        for name in OVERRIDES:
            if getattr(self, name) is not None:
                policy[name] = getattr(self, name)
        if self.rate_max is not None and self.rate_window:
            policy["rate"] = (self.rate_max, self.rate_window)
        return policy

    def is_paused(self, now: datetime.datetime) -> bool:
        return self.paused and (self.paused_until is None or self.paused_until > now)


class JobQuerySet(models.QuerySet):
    def open(self) -> "JobQuerySet":
        return self.filter(state__in=OPEN)

    def for_subject(self, subject: models.Model) -> "JobQuerySet":
        """Jobs that were asked for about this object, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("-id")


class Job(models.Model):
    """One request to run one task. Changed only by queues' own functions, each one conditional UPDATE."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=100, help_text="The Celery task's name.")
    queue = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    priority = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1), MaxValueValidator(10)])
    turn = models.PositiveIntegerField(default=0, help_text="Owners take turns: lower goes first (queues/turns.py).")
    run_at = models.DateTimeField(db_default=Now())
    ages_at = models.DateTimeField(null=True, blank=True, help_text="When its priority improves by one.")
    # Counts deliveries; every change of a running job is conditional on it, so a late worker changes nothing.
    attempts_started = models.PositiveIntegerField(default=0)
    attempts_made = models.PositiveIntegerField(default=0, help_text="Attempts that count against max_attempts.")
    losses = models.PositiveIntegerField(default=0, help_text="Times its worker died.")
    dedupe_key = models.CharField(max_length=200, blank=True)
    args = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    handed_over = models.BooleanField(default=False, help_text="A parent that waits for its children to end.")
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=60, blank=True)
    error_kind = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    error_cause = models.CharField(max_length=200, blank=True, help_text="The message without its particulars.")
    cancel_requested = models.BooleanField(default=False)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"], condition=Q(state__in=OPEN) & ~Q(dedupe_key=""), name="one_open_job_per_key"
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(priority__range=(1, 10)), name="job_priority_1_to_10"),
        ]
        indexes = [
            # Each is one bounded range scan of the dispatcher, whatever the backlog.
            models.Index(
                fields=["queue", "priority", "turn", "run_at", "id"],
                condition=Q(state=JobState.WAITING),
                name="job_in_line",
            ),
            models.Index(
                fields=["queue", "owner", "priority", "turn"], condition=Q(state__in=IN_LINE), name="job_turns"
            ),
            models.Index(
                fields=["queue", "ages_at"],
                condition=Q(state=JobState.WAITING, ages_at__isnull=False),
                name="job_ageing",
            ),
            models.Index(fields=["run_at"], condition=Q(state=JobState.DELAYED), name="job_delayed"),
            models.Index(fields=["lease_until"], condition=Q(state=JobState.ACTIVE), name="job_leases"),
            models.Index(fields=["dispatched_at"], condition=Q(state=JobState.DISPATCHED), name="job_on_wire"),
            models.Index(fields=["id"], condition=Q(state__in=IN_LINE, cancel_requested=True), name="job_to_cancel"),
            models.Index(fields=["subject_type", "subject_id"], name="job_subject"),
            models.Index(fields=["kind", "-finished_at"], name="job_kind_finished"),
            models.Index(
                fields=["queue", "state", "finished_at"], condition=Q(finished_at__isnull=False), name="job_finished"
            ),
            models.Index(
                fields=["kind", "error_kind", "error_cause"], condition=Q(state=JobState.FAILED), name="job_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {str(self.id)[-8:]}"

    @property
    def public_state(self) -> str:
        """The state in the users' words."""
        return JobState.WAITING.value if self.state == JobState.DISPATCHED else str(self.state)


class Attempt(models.Model):
    """One delivery of a job to a worker. Its id is the Celery task id, so TaskResult rows join to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    queue = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=120, blank=True)
    dispatched_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_attempt_per_number")]
        indexes = [
            models.Index(fields=["queue"], condition=Q(finished_at=None), name="attempt_open"),
            models.Index(fields=["queue", "started_at"], name="attempt_starts"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.job_id}"


class JobEvent(models.Model):
    """Append-only history of a job: state changes, log lines, progress. Pages and streams read it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(db_default=Now())
    level = models.CharField(max_length=10, default="info")
    message = models.TextField()
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message


class Step(models.Model):
    """The stored result of a finished part of a job: a retry need not do it, or pay for it, again."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=100)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="one_result_per_step")]

    def __str__(self) -> str:
        return f"{self.name} of {self.job_id}"


class Worker(models.Model):
    """A worker process and its last heartbeat."""

    name = models.CharField(max_length=120, primary_key=True)
    pid = models.PositiveIntegerField()
    slots = models.PositiveIntegerField()
    queues = models.JSONField(default=list)
    busy = models.PositiveIntegerField(default=0)
    rss = models.PositiveBigIntegerField(default=0, help_text="Resident memory in bytes.")
    stopping = models.BooleanField(default=False)
    last_seen = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Dispatcher(models.Model):
    """The single row whose lock makes one process at a time the dispatcher."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ticked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "dispatcher"


class QueueHour(models.Model):
    """What one queue did in one hour. Written once the hour is over, kept when its jobs are pruned."""

    queue = models.CharField(max_length=60)
    hour = models.DateTimeField(help_text="Its beginning.")
    started = models.PositiveIntegerField(help_text="Attempts that started.")
    completed = models.PositiveIntegerField()
    failed = models.PositiveIntegerField(help_text="Jobs that became dead letters and still were when it was counted.")
    cancelled = models.PositiveIntegerField()
    # Seconds, of the jobs completed; wait is from the moment they might start. NULL when there were none.
    wait_p50 = models.FloatField(null=True)
    wait_p95 = models.FloatField(null=True)
    run_p50 = models.FloatField(null=True)
    run_p95 = models.FloatField(null=True)
    cost = models.DecimalField(
        max_digits=16, decimal_places=8, null=True, help_text="US dollars, of jobs that ended. NULL: nobody keeps it."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "hour"], name="one_row_per_queue_and_hour")]

    def __str__(self) -> str:
        return f"{self.queue} {self.hour:%d %b %H:00}"


class RecurringJob(models.Model):
    """The last slot of an entry of settings.RECURRING_JOBS that became a job: whoever moves it on asks for the next."""

    name = models.CharField(max_length=100, primary_key=True)
    slot = models.DateTimeField(help_text="The moment it was last due.")

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Something that one process does for all, and not again before `until`."""

    name = models.CharField(max_length=400, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str, lasts: datetime.timedelta) -> bool:
        """Whether the duty is ours for this time; of all processes that ask, one gets True."""
        now = clock.now()
        if cls.objects.filter(pk=name, until__lte=now).update(until=now + lasts):
            return True
        return cls.objects.get_or_create(pk=name, defaults={"until": now + lasts})[1]
