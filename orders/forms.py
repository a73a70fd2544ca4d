"""The customer's order form. What is allowed is decided in drafting.py, for the form and the API alike."""

import hashlib
import secrets

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from orders import choosing, drafting, selectors
from orders.models import Product
from orders.models.catalogue import ProductKind


class OrderForm(forms.Form):
    """`required` is for the browser's hints only: an empty field reaches validation.py like any other value."""

    product = forms.CharField(required=False)
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
    email = forms.CharField(
        label="Your e-mail",
        help_text="We send the receipt and the link to your order here, nothing else.",
        widget=forms.EmailInput({"autocomplete": "email", "required": True}),
        required=False,
    )
    terms_accepted = forms.BooleanField(required=False)
    form_id = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = selectors.products()
        is_asked = any(product.kind == ProductKind.BACKLINK for product in offered)
        self.offers: list[tuple[str, str]] = choosing.offers() if is_asked else []
        self.products: list[Product] = [
            product for product in offered if self.offers or product.kind != ProductKind.BACKLINK
        ]
        self.fields["form_id"].initial = secrets.token_hex(16)
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
                if name not in self.errors:
                    self.add_error(name, messages)

    def _given(self) -> dict:
        """What the product needs: what was written for one of the other kind is not sent along."""
        given, product = {name: self.cleaned_data.get(name, "") for name in WISHES}, self.cleaned_data.get("product")
        if product and product.kind == ProductKind.BACKLINK:
            given |= {"topic": "", "article_id": choosing.chosen_article(self.cleaned_data.get("article_id", ""))}
        return given

    def wishes(self) -> dict:
        """The arguments for services.create_order()."""
        return {"product": self.cleaned_data["product"], **self._given()}

    def idempotency_key(self) -> str:
        """The same for a form that is sent twice, another one when anything in it was changed in between."""
        if not self.cleaned_data["form_id"]:
            return ""
        parts = [self.cleaned_data["form_id"], *(repr(value) for value in self.wishes().values())]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def kinds(self) -> set[str]:
        """What kinds of products are on offer."""
        return {product.kind for product in self.products}

    @property
    def days(self) -> int:
        """In which a paid order may be withdrawn from."""
        return settings.WITHDRAWAL_DAYS


class LostLinkForm(forms.Form):
    """Who has lost the link to an order."""

    email = forms.EmailField(
        error_messages={
            "required": "Say which e-mail you ordered with.",
            "invalid": "This is not a complete e-mail address.",
        }
    )


WISHES = ("email", "topic", "niche", "keyword", "target_url", "anchor_text", "notes", "terms_accepted")
