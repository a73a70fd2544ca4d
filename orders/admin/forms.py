"""What staff are asked for before something is done. Types only: the services say what is allowed."""

from django import forms

from aiproviders.catalogue import offered
from content.articles.services import Rel
from orders import refunding
from orders.models import Order, Payment, Priority, Refund
from orders.money import ZERO_DECIMAL, format_money, from_words
from orders.notes import LONGEST
from orders.payments import balance

LONGEST_TYPED = 20_000  # what is too long for a service shall be told so by it


class OrderForm(forms.Form):
    """Asks for nothing but the press of the button. Names of fields are those of the services' arguments."""

    def __init__(self, *args, order: Order, **options):
        super().__init__(*args, label_suffix="", **options)
        self.order = order


class NoteForm(OrderForm):
    note = forms.CharField(
        label="Note",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TYPED,
        strip=False,
        help_text=f"At most {LONGEST} characters.",
    )


class RemarkForm(OrderForm):
    note = forms.CharField(
        label="Note, if there is something to say",
        widget=forms.Textarea({"rows": 3}),
        required=False,
        max_length=LONGEST,
    )


class ApproveForm(RemarkForm):
    version_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["version_id"] = self.order.current_version_id


class MomentForm(OrderForm):
    publish_at = forms.DateTimeField(
        label="Goes live at (UTC)",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["publish_at"] = self.order.publish_at


class ScheduleForm(ApproveForm, MomentForm):
    field_order = ["publish_at", "note"]


class AddressForm(OrderForm):
    email = forms.CharField(
        label="E-mail of the customer", max_length=LONGEST_TYPED, widget=forms.EmailInput({"autocomplete": "off"})
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["email"] = self.order.email


class RequeueForm(OrderForm):
    model = forms.ChoiceField(label="Written by", required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        models = [(row.name, row.label or row.name) for row in offered()]
        self.fields["model"].choices = [("", "The usual model"), *models]


class PriorityForm(OrderForm):
    priority = forms.ChoiceField(choices=Priority.choices)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["priority"] = self.order.priority


class RelForm(OrderForm):
    rel = forms.ChoiceField(
        label="Marked as",
        choices=Rel.choices,
        required=False,
        help_text="Search engines ask for “sponsored” on links that are paid for.",
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        version = self.order.current_version
        self.initial["rel"] = version.backlink.get("rel", Rel.SPONSORED) if version else Rel.SPONSORED


class RefundForm(NoteForm):
    payment_id = forms.ChoiceField(label="Of the payment")
    amount = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    field_order = ["payment_id", "amount", "note"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.payments = refunding.refundable(self.order)
        self.fields["payment_id"].choices = [(str(row.pk), _left_of(row)) for row in self.payments]
        if self.payments:
            first = self.payments[0]
            places = 0 if first.currency in ZERO_DECIMAL else 2
            self.initial["amount"] = f"{balance.remaining(first) / 10**places:.{places}f}"
        currencies = {row.currency.upper() for row in self.payments} or {self.order.currency.upper()}
        self.fields["amount"].label = f"Amount in {' or '.join(sorted(currencies))}"

    def clean_amount(self) -> int:
        chosen = self.cleaned_data.get("payment_id")
        currency = next((row.currency for row in self.payments if str(row.pk) == chosen), self.order.currency)
        try:
            return from_words(self.cleaned_data["amount"], currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


def _left_of(payment: Payment) -> str:
    left = format_money(balance.remaining(payment), payment.currency)
    return f"{payment.get_status_display()}, {payment.provider}, {payment.created_at:%d %b %H:%M}: {left} left"


class OneRefundForm(NoteForm):
    """About one of the refunds that a subclass names."""

    refund_id = forms.ChoiceField(label="Refund")
    field_order = ["refund_id", "note"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["refund_id"].choices = [
            (str(row.pk), f"{row.amount_text}: {row.get_reason_display()} ({row.get_status_display().lower()})")
            for row in self.refunds()
        ]

    def refunds(self) -> list[Refund]:
        raise NotImplementedError


class CallOffForm(OneRefundForm):
    def refunds(self) -> list[Refund]:
        return refunding.can_be_called_off(self.order)


class PaidByHandForm(OneRefundForm):
    def refunds(self) -> list[Refund]:
        return refunding.can_be_paid_by_hand(self.order)
