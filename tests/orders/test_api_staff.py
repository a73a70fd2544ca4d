"""Staff's decisions over HTTP: who may, and that each one calls its service."""

import io
import json
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client

from config.models import ApiToken
from orders import api_staff, reviews
from orders.models import Order, Refund
from queues.models import Job
from tests.orders.builders import make_paid_order
from tests.orders.stages import given_up, make_staff, published, scheduled, snapshot, submitted, written

pytestmark = pytest.mark.django_db
SOON = "2099-01-01T12:00:00Z"


@pytest.fixture
def staff() -> Client:
    return client_of(make_staff())


def client_of(user) -> Client:
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})


def act(client: Client, order_id, action: str, **body):
    return client.post(f"/api/v1/admin/orders/{order_id}/{action}", json.dumps(body), content_type="application/json")


def test_a_version_is_approved(staff):
    order = submitted()
    response = act(staff, order.pk, "approve", versionId=str(order.current_version_id), note="Good.")
    assert (response.status_code, response.json()["status"]) == (200, "COMPLETED")
    assert response.json()["articleUrl"]


def test_a_version_is_approved_for_later_put_off_and_taken_back(staff):
    order = submitted()
    version = str(order.current_version_id)
    assert act(staff, order.pk, "schedule", publishAt=SOON).json()["errors"][0]["pointer"] == "/versionId"
    assert act(staff, order.pk, "schedule", publishAt=SOON, versionId=version).json()["publishAt"] == SOON
    later = "2099-02-01T12:00:00Z"
    assert act(staff, order.pk, "schedule", publishAt=later).json()["publishAt"] == later
    assert act(staff, order.pk, "schedule", publishAt=None).json()["status"] == "ADMIN_REVIEW"


def test_the_past_is_no_time_to_publish(staff):
    order = scheduled()
    before = snapshot()
    response = act(staff, order.pk, "schedule", publishAt="2020-01-01T00:00:00Z")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/publishAt")
    assert snapshot() == before


def test_a_version_goes_back_to_the_customer_or_to_the_writer(staff):
    order = submitted()
    assert act(staff, order.pk, "reject", note="Too long.").json()["reviewNote"] == "Too long."
    response = act(staff, order.pk, "rework", note="Half as long, please.")
    assert (response.json()["status"], response.json()["revisionsUsed"]) == ("PROCESSING", 0)
    assert Job.objects.filter(kind="orders.revise_article").count() == 1


@pytest.mark.parametrize(
    ("action", "note"), [("reject", ""), ("reject", "\u200b"), ("rework", "short"), ("rework", "n" * 4001)]
)
def test_a_note_has_to_be_one(staff, action, note):
    order = submitted()
    before = snapshot()
    response = act(staff, order.pk, action, note=note)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/note")
    assert snapshot() == before


def test_a_failed_order_is_put_back_in_line(staff):
    order = given_up()
    assert act(staff, order.pk, "requeue").json()["status"] == "PROCESSING"
    assert act(staff, order.pk, "requeue").json()["code"] == "wrong_status"
    assert Refund.objects.get().status == "canceled"


def test_an_unknown_model_is_a_wrong_field(staff):
    response = act(staff, given_up().pk, "requeue", model="none/such")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/model")


def test_money_goes_back_in_parts_but_never_more_than_came(staff):
    order = written()
    assert act(staff, order.pk, "refund", amount=900, note="Late.").json()["refund"]["amount"] == 900
    response = act(staff, order.pk, "refund", amount=4001)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/amount")
    assert act(staff, order.pk, "refund").json()["refund"]["amount"] == 4000
    assert act(staff, order.pk, "refund").json()["code"] == "nothing_left"
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [900, 4000]


def test_a_note_of_a_refund_is_text_or_refused(staff):
    order = written()
    assert act(staff, order.pk, "refund", amount=700, note="a bell\u0007").status_code == 400
    assert act(staff, order.pk, "refund", amount=700, note="x" * 4001).status_code == 400
    assert not Refund.objects.exists()


def test_another_priority(staff):
    order = make_paid_order()
    assert act(staff, order.pk, "priority", priority="rush").status_code == 200
    assert Job.objects.get(pk=order.current_job).priority == 1
    assert act(staff, order.pk, "priority", priority="first").status_code == 400


def test_a_refusal_names_what_staff_can_do_instead(staff):
    order = submitted()
    response = act(staff, order.pk, "requeue")
    assert response.json()["allowed"] == [
        "approve", "cancel", "change-priority", "claim", "fail-finally", "reject", "rework", "schedule", "unclaim"
    ]  # fmt: skip


def test_a_review_is_claimed_released_and_taken_over(staff):
    order = submitted()
    reviews.claim(order_id=order.pk, staff=make_staff("ann"))
    before = snapshot()
    for action, body in {
        "claim": {},
        "unclaim": {},
        "reject": {"note": "No."},
        "fail-finally": {"note": "No."},
    }.items():
        assert act(staff, order.pk, action, **body).json()["code"] == "review_claimed"
    assert snapshot() == before
    assert act(staff, order.pk, "claim", takeOver="perhaps").status_code == 400
    assert act(staff, order.pk, "claim", takeOver=True).json()["canRecall"] is False
    assert order.reviews.get().claimed_by == make_staff()
    assert act(staff, order.pk, "unclaim").json()["canRecall"] is True
    assert order.reviews.get().claimed_by is None


def test_an_order_is_given_up_or_cancelled_and_its_money_goes_back(staff):
    failed, cancelled = submitted(), written()
    assert act(staff, failed.pk, "fail-finally", note="").status_code == 400
    assert act(staff, failed.pk, "fail-finally", note="Nobody can write this.").json()["status"] == "FAILED"
    assert act(staff, cancelled.pk, "cancel").json()["status"] == "CANCELLED"
    assert cancelled.events.get(action="cancel").actor_kind == "staff"
    assert [refund.amount for refund in Refund.objects.all()] == [failed.amount, cancelled.amount]


def test_what_is_scheduled_is_published_now_and_once(staff):
    order = scheduled()
    assert act(staff, order.pk, "publish").json()["status"] == "COMPLETED"
    before = snapshot()
    assert act(staff, order.pk, "publish").json()["code"] == "wrong_status"
    assert snapshot() == before
    assert order.events.get(action="publish").actor_kind == "staff"


@pytest.mark.parametrize("action", ["fail-finally", "cancel"])
def test_sending_all_money_back_needs_both_rights_and_keeps_to_the_limit(action, django_user_model, settings):
    order, rights = submitted(), Permission.objects.filter(codename__in=["review_order", "refund_order"])
    for number, (allowed, limit) in enumerate([([rights.get(codename="review_order")], 0), (rights, order.amount - 1)]):
        user = django_user_model.objects.create_user(f"junior{number}", is_staff=True)
        user.user_permissions.set(allowed)
        settings.REFUND_LIMIT = limit
        before = snapshot()
        assert act(client_of(user), order.pk, action, note="No.").status_code == 403
        assert client_of(user).post(f"/api/v1/purchase/{order.pk}/cancel").status_code == 403
        assert snapshot() == before
    settings.REFUND_LIMIT = order.amount
    assert act(client_of(user), order.pk, action, note="No.").status_code == 200


def test_staff_without_rights_are_strangers_to_orders_and_with_the_right_to_look_they_only_look(django_user_model):
    order = submitted()
    stranger = django_user_model.objects.create_user("stranger", is_staff=True)
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_order"))
    before = snapshot()
    expected = {stranger: (404, 404, 0), viewer: (200, 403, 1)}
    for user, (looking, changing, listed) in expected.items():
        client = client_of(user)
        assert client.get(f"/api/v1/purchase/status/{order.pk}").status_code == looking
        assert len(client.get("/api/v1/purchase").json()["results"]) == listed
        for name in ("cancel", "recall"):
            assert client.post(f"/api/v1/purchase/{order.pk}/{name}").status_code == changing
        for name, body in {
            "request-revision": {"revisionNotes": "Please make it much shorter."},
            "submit-for-review": {"versionId": str(order.current_version_id)},
        }.items():
            asked = json.dumps(body | {"orderId": str(order.pk)})
            response = client.post(f"/api/v1/purchase/{name}", asked, content_type="application/json")
            assert response.status_code == changing
    assert snapshot() == before


ACTIONS = list(api_staff.ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_clients_and_strangers_decide_nothing_even_about_their_own_orders(action, django_user_model):
    order, user = submitted(), django_user_model.objects.create_user("client")
    Order.objects.filter(pk=order.pk).update(owner=user)
    before = snapshot()
    body = {
        "versionId": str(order.current_version_id),
        "note": "A long enough note.",
        "priority": "vip",
        "publishAt": None,
    }
    assert act(client_of(user), order.pk, action, **body).status_code == 403
    assert act(Client(), order.pk, action, **body).status_code == 401
    assert snapshot() == before


def test_staff_need_the_right_for_what_they_do(django_user_model):
    user = django_user_model.objects.create_user("junior", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="review_order"))
    order = submitted()
    assert act(client_of(user), order.pk, "refund", amount=100).status_code == 403
    assert act(client_of(user), order.pk, "reject", note="Too long.").status_code == 200
    assert Refund.objects.count() == 0


def by_command(*args: str) -> Client:
    """A client with the token that `manage.py token` prints."""
    out = io.StringIO()
    call_command("token", *args, stdout=out)
    return Client(headers={"Authorization": f"Bearer {out.getvalue().strip()}"})


def test_a_token_made_with_the_right_that_the_refusal_names_does_what_was_refused():
    order = submitted()
    wanted = {"reject": "review", "refund": "refund", "fail-finally": "refund"}
    by_command("junior", "--staff")
    for action, right in wanted.items():
        junior = by_command("junior", *(["--rights", "review"] if action == "fail-finally" else []))
        before = snapshot()
        response = act(junior, order.pk, action, note="Too long.")
        assert response.status_code == 403 and f"`manage.py token NAME --rights {right}`" in response.json()["detail"]
        assert f"orders.{right}_order" in response.json()["detail"] and snapshot() == before
    client = by_command("junior", "--rights", "refund")
    assert act(client, order.pk, "fail-finally", note="Nobody can write this.").json()["status"] == "FAILED"


def test_customers_are_told_only_that_it_is_for_staff():
    response = act(by_command("ada"), submitted().pk, "reject", note="Too long.")
    assert (response.status_code, response.json()["detail"]) == (403, "This is for staff.")


def test_staff_who_only_look_are_told_which_right_changes_an_order():
    response = by_command("viewer", "--rights", "view").post(f"/api/v1/purchase/{submitted().pk}/recall")
    assert response.status_code == 403 and "--rights review" in response.json()["detail"]


def test_data_is_erased_by_who_may_and_when_the_order_is_over(staff, django_user_model):
    junior = django_user_model.objects.create_user("junior", is_staff=True)
    junior.user_permissions.add(Permission.objects.get(codename="review_order"))
    running, over = submitted(), published()
    before = snapshot()
    assert act(client_of(junior), over.pk, "erase").status_code == 403
    assert act(staff, running.pk, "erase").status_code == 409
    assert snapshot() == before
    assert act(staff, over.pk, "erase").json()["topic"] == ""
    over.refresh_from_db()
    assert over.is_erased and over.events.get(action="erased").actor_kind == "staff"


@pytest.mark.parametrize("order_id", [uuid.uuid4(), "not-an-id"])
def test_an_unknown_order_is_not_found(staff, order_id):
    assert act(staff, order_id, "reject", note="Too long.").status_code == 404
