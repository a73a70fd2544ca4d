"""The customer's order form. What is allowed is decided in drafting.py, for the form and the API alike."""

import hashlib
import secrets

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from orders import choosing, drafting, selectors
from orders.models import Product
from orders.models.catalogue import ProductKind

MOST_AT_ONCE = 10
OWN = ("topic", "niche", "keyword", "target_url", "anchor_text", "notes")  # of each order
COMMON = ("email", "terms_accepted")  # of all that are ordered at once


class Catalogue:
    """What can be ordered now: `products`, and the articles (`offers`: address and title) that can get a link."""

    def __init__(self) -> None:
        offered = selectors.products()
        is_asked = any(product.kind == ProductKind.BACKLINK for product in offered)
        self.offers: list[tuple[str, str]] = choosing.offers() if is_asked else []
        self.products: list[Product] = [
            product for product in offered if self.offers or product.kind != ProductKind.BACKLINK
        ]


class Wanted(forms.Form):
    """What one order is about. `required` is for the browser's hints only: an empty field reaches validation.py like
    any other value."""

    product = forms.CharField(label="Product", required=False)
    topic = forms.CharField(
        label="Topic",
        help_text="What the article is about, in one line. For example: How small bakeries keep their sourdough alive.",
        widget=forms.TextInput({"required": True}),
        required=False,
    )
    article_id = forms.CharField(
        label="Article that gets your link",
        help_text="Its address on this site. Choose one from the list, or paste the address.",
        widget=forms.TextInput({"list": "articles", "autocomplete": "off", "placeholder": "https://"}),
        required=False,
    )
    niche = forms.CharField(label="Niche", help_text="The field it belongs to, such as baking.", required=False)
    keyword = forms.CharField(label="Keyword", help_text="What people search for, such as sourdough.", required=False)
    target_url = forms.CharField(
        label="Link address",
        help_text="The page that the article links to.",
        widget=forms.URLInput({"required": True, "inputmode": "url", "placeholder": "https://"}),
        required=False,
    )
    anchor_text = forms.CharField(
        label="Link text",
        help_text="Appears once, exactly like this.",
        widget=forms.TextInput({"required": True}),
        required=False,
    )
    notes = forms.CharField(
        label="Notes to the writer",
        help_text="Readers, tone, facts to mention. 4,000 characters at most.",
        widget=forms.Textarea({"rows": 5}),
        required=False,
    )

    def __init__(self, *args, catalogue: Catalogue, **kwargs):
        super().__init__(*args, **kwargs)
        self.products, self.offers = catalogue.products, catalogue.offers
        self.fields["product"].initial = self.products[0].slug if self.products else ""

    def clean_product(self) -> Product:
        slug = self.cleaned_data["product"]
        product = next((product for product in self.products if product.slug == slug), None)
        if product is None:
            raise ValidationError("Choose one of the products.")
        return product

    def clean(self) -> None:
        try:
            drafting.check(self.cleaned_data.get("product"), **self._given())
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, messages)

    def _given(self) -> dict:
        """What the product needs: what was written for one of the other kind is not sent along."""
        given = {name: self.cleaned_data.get(name, "") for name in (*OWN, *COMMON)}
        product = self.cleaned_data.get("product")
        if product and product.kind == ProductKind.BACKLINK:
            given |= {"topic": "", "article_id": choosing.chosen_article(self.cleaned_data.get("article_id", ""))}
        return given

    def wishes(self) -> dict:
        """The arguments for services.create_order()."""
        return {"product": self.cleaned_data["product"], **self._given()}

    @property
    def kinds(self) -> set[str]:
        """What kinds of products are on offer."""
        return {product.kind for product in self.products}


class Further(Wanted):
    """One more order in the same form; it counts when something was written into it."""

    def __init__(self, number: int, *args, **kwargs):
        super().__init__(*args, prefix=str(number), **kwargs)
        self.number = number
        for name in OWN:
            self.fields[name].widget.attrs.pop("required", None)

    @property
    def is_empty(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in (*OWN, "article_id"))


class OrderForm(Wanted):
    """One order, and up to MOST_AT_ONCE - 1 further ones in `further`."""

    email = forms.CharField(
        label="Your e-mail",
        help_text="We send the receipt and the link to your order here, nothing else.",
        widget=forms.EmailInput({"autocomplete": "email", "required": True}),
        required=False,
    )
    terms_accepted = forms.BooleanField(required=False)
    form_id = forms.CharField(widget=forms.HiddenInput, required=False)
    items = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, initial=None, **kwargs):
        catalogue = Catalogue()
        super().__init__(data, initial=initial, catalogue=catalogue, **kwargs)
        self.fields["form_id"].initial = secrets.token_hex(16)
        before = data if data is not None else initial or {}
        number = _number(before.get("items", ""))
        self.further = [
            Further(each, data, initial=_of_prefix(before, str(each)), catalogue=catalogue)
            for each in range(2, number + 2)
        ]
        self.fields["items"].initial = number

    @classmethod
    def with_one_more(cls, data) -> "OrderForm":
        """The same form, with what was written so far and not checked yet, and a place for one more order."""
        items = min(_number(data.get("items", "")) + 1, MOST_AT_ONCE - 1)
        return cls(initial=data.dict() | {"items": str(items)})

    def is_valid(self) -> bool:
        return super().is_valid() and all(each.is_valid() for each in self._written())

    def all_wishes(self) -> list[dict]:
        """The arguments for services.create_orders()."""
        common = {name: self.cleaned_data[name] for name in COMMON}
        return [self.wishes(), *(each.wishes() | common for each in self._written())]

    def idempotency_key(self) -> str:
        """The same for a form that is sent twice, another one when anything in it was changed in between."""
        if not self.cleaned_data["form_id"]:
            return ""
        parts = [self.cleaned_data["form_id"]]
        parts += [repr(value) for wishes in self.all_wishes() for value in wishes.values()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _written(self) -> list[Further]:
        return [each for each in self.further if not each.is_empty]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Where in the form something is wrong, what the place is called, and what to do."""
        found = []
        for form in [self, *(self._written() if self.is_bound else [])]:
            place = f" of order {form.number}" if isinstance(form, Further) else ""
            for field in form.visible_fields():
                label = "Terms" if field.name == "terms_accepted" else field.label
                found += [(field.id_for_label, f"{label}{place}", error) for error in list(field.errors)[:1]]
        return found

    @property
    def may_have_more(self) -> bool:
        return len(self.further) < MOST_AT_ONCE - 1

    @property
    def days(self) -> int:
        """In which a paid order may be withdrawn from."""
        return settings.WITHDRAWAL_DAYS


def _number(text: str) -> int:
    """How many further orders the form has."""
    return min(int(text), MOST_AT_ONCE - 1) if text.isascii() and text.isdecimal() and len(text) < 3 else 0


def _of_prefix(values, prefix: str) -> dict:
    """What was written into one further order; its product is that of the first until another one is chosen."""
    found = {name: values.get(f"{prefix}-{name}") for name in ("product", "article_id", *OWN)}
    written = {name: value for name, value in found.items() if value is not None}
    return {name: values[name] for name in ("product",) if name in values} | written


class LostLinkForm(forms.Form):
    """Who has lost the link to an order."""

    email = forms.EmailField(
        error_messages={
            "required": "Say which e-mail you ordered with.",
            "invalid": "This is not a complete e-mail address.",
        }
    )
