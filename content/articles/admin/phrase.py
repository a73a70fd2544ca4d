"""The words that the house does not want."""

from django.contrib import admin

from content.articles.models import UnwantedPhrase


@admin.register(UnwantedPhrase)
class UnwantedPhraseAdmin(admin.ModelAdmin):
    search_fields = ["words"]
