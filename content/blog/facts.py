"""What a catalogue says about a title, as labelled lines: for the prompt and for readers."""

from content.blog.catalogues import Title


def facts_of(title: Title) -> list[tuple[str, str]]:
    """Label and value of all that the catalogue knows, in the order in which people read it."""
    lines = [
        ("Title", title.title),
        ("Original title", title.original_title if title.original_title != title.title else ""),
        ("Kind", "TV series" if title.media_type == "tv" else "film"),
        ("Year", str(title.year or "")),
        ("Released", spoken_date(title) if title.release_date else ""),
        ("Genres", ", ".join(title.genres)),
        ("Directed by" if title.media_type == "movie" else "Created by", ", ".join(title.directors)),
        ("Written by", ", ".join(title.writers)),
        ("Cast", ", ".join(title.cast)),
        ("Running time", f"{title.runtime} minutes" if title.runtime else ""),
        ("Seasons", str(title.seasons or "")),
        ("Episodes", str(title.episodes or "")),
        ("Countries", ", ".join(title.countries)),
        ("Language", title.language),
        ("Companies", ", ".join(title.companies)),
        ("Rating", rating(title)),
        ("Awards", title.awards),
        ("Plot", title.overview),
    ]
    return [(label, value) for label, value in lines if value]


def rating(title: Title) -> str:
    """ "8.2 of 10 (388 critics' reviews ...)", or empty."""
    if title.rating is None:
        return ""
    by = f" ({title.votes} {title.rated_by})" if title.votes and title.rated_by else ""
    return f"{title.rating:.1f} of 10{by}"


def spoken_date(title: Title) -> str:
    """ "23 October 2012"."""
    return f"{title.release_date.day} {title.release_date:%B %Y}"
