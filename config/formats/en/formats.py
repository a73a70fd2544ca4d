"""How the admin writes times: to the second, and in which zone."""

DATETIME_FORMAT = "j M Y H:i:s T"
DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i:s T"
