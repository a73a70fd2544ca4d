"""The sites that articles are published on."""

from django.contrib import admin

from content.articles.models import Domain


@admin.register(Domain)
class DomainAdmin(admin.ModelAdmin):
    list_display = ["host", "name", "active"]
    list_filter = ["active"]
    search_fields = ["host", "name"]
