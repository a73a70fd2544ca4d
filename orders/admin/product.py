"""What is on offer, and how each offer does."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from orders import analytics
from orders.models import Product

PERIODS = (7, 30, 90, 366)  # days
DAYS = 30


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "kind", "price_text", "words", "delivery_hours", "active"]
    list_filter = ["active", "kind"]
    search_fields = ["name", "slug"]
    change_list_template = "admin/orders/products.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.analytics)
        return [path("analytics/", view, name="orders_product_analytics"), *super().get_urls()]

    def analytics(self, request: HttpRequest) -> HttpResponse:
        """How the products did, for one of a few periods."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else DAYS
        context = {"title": "How the products do", "opts": self.opts, "days": days, "periods": PERIODS}
        context |= self.admin_site.each_context(request) | {"rows": analytics.by_product(days)}
        return TemplateResponse(request, "admin/orders/analytics.html", context)
