"""Addresses of the AI settings; each works with and without a slash at its end."""

from django.urls import re_path

from config.ai_settings import api, page

KEY = r"^admin/settings/ai/keys/(?P<provider>[\w.-]+)"

app_name = "ai_settings"
urlpatterns = [
    re_path(r"^api/user/ai-settings/?$", api.AISettingsView.as_view(), name="api"),
    re_path(r"^api/user/ai-settings/keys/(?P<provider>[\w.-]+)/check/?$", api.CheckKey.as_view(), name="api-check"),
    re_path(r"^admin/settings/ai/?$", page.settings_page, name="page"),
    re_path(rf"{KEY}/?$", page.save_key, name="key"),
    re_path(rf"{KEY}/check/?$", page.check_key, name="check"),
    re_path(rf"{KEY}/remove/?$", page.remove_key, name="remove"),
]
