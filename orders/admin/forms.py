"""What staff are asked for before something is done. Types only: the services say what is allowed."""

from django import forms

from aiproviders.catalogue import offered
from content.articles.services import Rel
from orders.models import Order, Priority
from orders.money import ZERO_DECIMAL, from_words
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
    amount = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    field_order = ["amount", "note"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        payment = balance.counting(self.order)
        left = balance.remaining(payment) if payment else 0
        places = 0 if self.order.currency in ZERO_DECIMAL else 2
        self.initial["amount"] = f"{left / 10**places:.{places}f}"
        self.fields["amount"].label = f"Amount in {self.order.currency.upper()}"

    def clean_amount(self) -> int:
        try:
            return from_words(self.cleaned_data["amount"], self.order.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
