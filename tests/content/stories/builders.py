"""Stories for tests, made the way the product makes them."""

from content.stories import services
from content.stories.models import Story

SEED = {
    "title": "New AI Model Raises Privacy Concerns",
    "content": "A new AI model has been released...",
    "sectorTag": "AI Ethics",
    "impactTags": ["privacy", "concern"],
}
GOOD = {
    "hypeScore": 7.2,
    "ethicsScore": 4.8,
    "realityCheck": "Claims need verification from independent sources",
    "eli5Summary": "A new AI system was announced. Nobody outside has tried it yet.",
}


def make_story(owner=None, **fields) -> Story:
    """A story whose enhancement waits in line."""
    given = {"title": SEED["title"], "content": SEED["content"], "sector_tag": "AI Ethics", "impact_tags": ["privacy"]}
    return services.create_story(owner=owner, **given | fields)[0]


def enhanced(story: Story, **fields) -> Story:
    """The story as it is after its enhancement."""
    from django.utils import timezone

    values = {
        "enhanced_hype_score": 7.2,
        "enhanced_ethics_score": 4.8,
        "reality_check": GOOD["realityCheck"],
        "eli5_summary": GOOD["eli5Summary"],
        "enhanced_by": "openai/gpt-test",
        "enhanced_at": timezone.now(),
    }
    Story.objects.filter(pk=story.pk).update(**values | fields)
    story.refresh_from_db()
    return story
