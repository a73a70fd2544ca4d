"""Webhooks of a client, in the names of the wire."""

from rest_framework import serializers

from orders.client_webhooks.endpoints import LONGEST
from orders.client_webhooks.events import TYPES
from orders.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint


class WebhookSerializer(serializers.ModelSerializer):
    createdAt = serializers.DateTimeField(source="created_at")
    disabledAt = serializers.DateTimeField(source="disabled_at", allow_null=True, help_text="Nothing is sent since.")
    disabledBecause = serializers.CharField(source="disabled_because")

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "createdAt", "disabledAt", "disabledBecause"]


class RegisterWebhookSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=LONGEST, help_text="https, on the public internet.")


class RegisteredWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="Signs what is sent there. Shown this once.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class RotatedSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="Shown this once.")
    previousValidUntil = serializers.DateTimeField(help_text="Until then the previous secret signs as well.")


class WebhookDeliverySerializer(serializers.ModelSerializer):
    type = serializers.ChoiceField(sorted(set(TYPES.values())))
    status = serializers.ChoiceField(DeliveryStatus.values)
    orderId = serializers.UUIDField(source="event.order_id")
    answer = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last answer.")
    error = serializers.CharField(help_text="What was wrong with the last try.")
    createdAt = serializers.DateTimeField(source="created_at")
    triedAt = serializers.DateTimeField(source="tried_at", allow_null=True)
    deliveredAt = serializers.DateTimeField(source="delivered_at", allow_null=True)

    class Meta:
        model = WebhookDelivery
        fields = ["id", "type", "status", "orderId", "attempts", "answer", "error"]
        fields += ["createdAt", "triedAt", "deliveredAt"]


class ResentSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["queued"])
    message = serializers.CharField()
    jobId = serializers.UUIDField()
