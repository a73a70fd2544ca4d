"""What staff write of a story."""

from django import forms

from content.stories.models import LONGEST_TAG, MOST_TAGS, Story


class StoryForm(forms.ModelForm):
    impact_tags = forms.CharField(required=False, max_length=500, help_text="Separated by commas.")

    class Meta:
        model = Story
        fields = ["title", "content", "sector_tag"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["impact_tags"].initial = ", ".join(tag.name for tag in self.instance.tags.all())

    def clean_impact_tags(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["impact_tags"].split(",") if name.strip()]
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(f"At most {MOST_TAGS} tags.")
        if any(len(name) > LONGEST_TAG for name in names):
            raise forms.ValidationError(f"A tag has at most {LONGEST_TAG} characters.")
        return names
