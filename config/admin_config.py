"""The admin as an app, with our site. It is an entry of INSTALLED_APPS, so it may import no model."""

from django.contrib.admin.apps import SimpleAdminConfig


class AdminConfig(SimpleAdminConfig):  # config/urls.py reads the admin modules: only the site needs them
    default_site = "config.admin_site.Desk"
